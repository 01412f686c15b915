package hu.mtmt.besorol.operator.observe;

import static java.util.Comparator.comparing;

import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.JobResult;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why a pod failed, or what keeps it from running.
 *
 * @param reason one word: a {@code FailureKind}, or a reason of Kubernetes
 * @param message what is wrong and what to do
 * @param pod its name
 * @param exitCode of its process, or null if it never ran or was not seen to end
 */
public record PodFailure(String reason, String message, String pod, Integer exitCode) {
  /**
   * Reasons for which a container waits that do not pass by themselves, by what the user reads. The
   * kubelet goes to and fro between two reasons for one image, so they count as one.
   */
  private static final Map<String, String> WAITING =
      Map.of(
          "ImagePullBackOff", "ImagePullBackOff",
          "ErrImagePull", "ImagePullBackOff",
          "ErrImageNeverPull", "ErrImageNeverPull",
          "InvalidImageName", "InvalidImageName",
          "CreateContainerConfigError", "CreateContainerConfigError",
          "CreateContainerError", "CreateContainerError",
          "CrashLoopBackOff", "CrashLoopBackOff");

  private static final String UNSCHEDULABLE = "Unschedulable";

  private static final String VOLUME_UNAVAILABLE = "VolumeUnavailable";

  /** Volumes are mounted and a network is set up within seconds. */
  private static final Duration PREPARED = Duration.ofMinutes(2);

  private static final int KILLED = 137;

  /** The reason of a container that took more memory than its limit. */
  public static final String OOM_KILLED = "OOMKilled";

  /**
   * When they ended is by the clocks of their nodes, so it only decides where all else is equal.
   */
  static final Comparator<Pod> NEWEST_FIRST =
      comparing((Pod p) -> p.getMetadata().getCreationTimestamp())
          .thenComparing(PodFailure::endTime)
          .thenComparing((Pod p) -> p.getMetadata().getName())
          .reversed();

  /** The newest failure among those pods. */
  public static Optional<PodFailure> newest(Collection<Pod> pods) {
    return newestFirst(pods).findFirst();
  }

  /** The failures of those pods, the newest first. */
  public static Stream<PodFailure> newestFirst(Collection<Pod> pods) {
    return pods.stream()
        .filter(p -> "Failed".equals(phase(p)))
        .sorted(NEWEST_FIRST)
        .map(PodFailure::ofFailed);
  }

  /** What keeps one of those pods, none of which runs, from running, as far as they tell it. */
  public static Optional<PodFailure> obstacle(Collection<Pod> pods) {
    return obstacle(pods, Instant.MIN);
  }

  /**
   * What keeps one of those pods, none of which runs, from running.
   *
   * @param now the time: what takes long may be stuck
   */
  public static Optional<PodFailure> obstacle(Collection<Pod> pods, Instant now) {
    return pods.stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .filter(p -> "Pending".equals(phase(p)) || "Running".equals(phase(p)))
        .sorted(comparing(p -> p.getMetadata().getName()))
        .flatMap(
            p -> waiting(p).or(() -> unschedulable(p)).or(() -> withoutVolumes(p, now)).stream())
        .findFirst();
  }

  /** Whether that is a reason of an {@link #obstacle}, which passes, and not of a failure. */
  public static boolean isObstacle(String reason) {
    return UNSCHEDULABLE.equals(reason)
        || Refusal.REASON.equals(reason)
        || VOLUME_UNAVAILABLE.equals(reason)
        || WAITING.containsValue(reason);
  }

  private static PodFailure ofFailed(Pod pod) {
    var name = pod.getMetadata().getName();
    var ended = terminated(pod);
    var exitCode = ended.map(ContainerStateTerminated::getExitCode).orElse(null);
    var told = reported(pod).map(JobResult::failure).filter(f -> f != null);
    if (told.filter(f -> f.kind() != FailureKind.INTERRUPTED).isPresent()) {
      return new PodFailure(told.get().kind().written(), told.get().message(), name, exitCode);
    }
    if (Disruption.isOverItsDisk(pod)) {
      return new PodFailure(
          Attempt.DISK_EXHAUSTED,
          "Pod %s was ended because it had more on its node's disk than its limit of %s: use a flavor with more disk."
              .formatted(name, limit(pod, "ephemeral-storage")),
          name,
          exitCode);
    }
    return Disruption.of(pod)
        .map(d -> new PodFailure(d.reason(), d.message(), name, exitCode))
        .or(() -> told.map(f -> new PodFailure(f.kind().written(), f.message(), name, exitCode)))
        .or(() -> ended.map(e -> ofTerminated(pod, name, e)))
        .orElseGet(
            () ->
                new PodFailure(
                    "PodFailed", "Pod %s was ended by the cluster.".formatted(name), name, null));
  }

  private static PodFailure ofTerminated(Pod pod, String name, ContainerStateTerminated ended) {
    var reason = ended.getReason() == null ? "Error" : ended.getReason();
    var exitCode = ended.getExitCode();
    return switch (reason) {
      case OOM_KILLED ->
          new PodFailure(
              OOM_KILLED,
              "Pod %s was killed because it needed more memory than its limit of %s: use a flavor with more memory."
                  .formatted(name, limit(pod, "memory")),
              name,
              exitCode);
      case "StartError", "ContainerCannotRun" ->
          new PodFailure(
              reason,
              "The program of pod %s cannot be started (%s): the image is not one of Besorol's for this kind of machine; correct the operator's besorol.images."
                  .formatted(name, withoutFullStop(ended.getMessage())),
              name,
              exitCode);
      default ->
          exitCode == KILLED
              ? new PodFailure(
                  "Killed",
                  "Pod %s was killed (signal 9), and not for its memory: it did not stop in time when it was asked to, or something on the node killed it."
                      .formatted(name),
                  name,
                  exitCode)
              : new PodFailure(
                  reason,
                  "Pod %s ended with exit code %d and did not say why: kubectl logs %s may tell."
                      .formatted(name, exitCode, name),
                  name,
                  exitCode);
    };
  }

  /** What that pod told at its end, if it is a document of ours. */
  static Optional<JobResult> reported(Pod pod) {
    var message = terminated(pod).map(ContainerStateTerminated::getMessage).orElse("");
    if (message.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ContractJson.read(
              message.getBytes(StandardCharsets.UTF_8),
              JobResult.class,
              "the termination message of pod " + pod.getMetadata().getName()));
    } catch (BesorolException e) {
      return Optional.empty(); // not ours: the exit code says what can be said
    }
  }

  private static Optional<PodFailure> waiting(Pod pod) {
    return containers(pod)
        .filter(c -> c.getState() != null && c.getState().getWaiting() != null)
        .filter(c -> WAITING.containsKey(c.getState().getWaiting().getReason()))
        .findFirst()
        .map(
            c -> {
              var reason = WAITING.get(c.getState().getWaiting().getReason());
              return new PodFailure(
                  reason, waitingMessage(pod, c, reason), pod.getMetadata().getName(), null);
            });
  }

  private static String waitingMessage(Pod pod, ContainerStatus container, String reason) {
    var name = pod.getMetadata().getName();
    return switch (reason) {
      case "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName" ->
          "Pod %s cannot get the image %s: correct the operator's besorol.images, or make the image available to the node."
              .formatted(name, container.getImage());
      case "CrashLoopBackOff" ->
          "Pod %s ends again and again%s: kubectl logs --previous %s tells why."
              .formatted(name, lastExit(container), name);
      default ->
          "Pod %s cannot be started (%s): kubectl describe pod %s tells why."
              .formatted(name, reason, name);
    };
  }

  private static String lastExit(ContainerStatus container) {
    var last = container.getLastState() == null ? null : container.getLastState().getTerminated();
    return last == null ? "" : " with exit code " + last.getExitCode();
  }

  /**
   * Since when one of those pods finds no node; empty if one runs, or if it is a volume that is
   * missing: that is missing on other nodes, too. It finds none since it was made, which the API
   * server tells; the scheduler's clock may be another.
   */
  public static Optional<Instant> unschedulableSince(Collection<Pod> pods) {
    if (pods.stream().anyMatch(p -> "Running".equals(phase(p)))) {
      return Optional.empty();
    }
    return pods.stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .filter(p -> notScheduled(p).filter(c -> !isAboutVolumes(c)).isPresent())
        .map(PodFailure::created)
        .min(Comparator.naturalOrder());
  }

  private static Optional<PodCondition> notScheduled(Pod pod) {
    return condition(pod, "PodScheduled")
        .filter(c -> "False".equals(c.getStatus()) && UNSCHEDULABLE.equals(c.getReason()));
  }

  private static boolean isAboutVolumes(PodCondition condition) {
    return told(condition).toLowerCase(Locale.ROOT).contains("persistentvolume");
  }

  private static String told(PodCondition condition) {
    return Optional.ofNullable(condition.getMessage())
        .map(PodFailure::withoutFullStop)
        .orElse("none");
  }

  private static Optional<PodFailure> unschedulable(Pod pod) {
    var name = pod.getMetadata().getName();
    return notScheduled(pod)
        .map(
            c ->
                isAboutVolumes(c)
                    ? new PodFailure(
                        VOLUME_UNAVAILABLE,
                        "Pod %s finds no volume: %s. Create the PersistentVolumeClaim that run or model name, or have its volume provided; the pod waits."
                            .formatted(name, told(c)),
                        name,
                        null)
                    : new PodFailure(
                        UNSCHEDULABLE,
                        "Pod %s finds no node: %s. It waits until one is free."
                            .formatted(name, told(c)),
                        name,
                        null));
  }

  private static Optional<PodFailure> withoutVolumes(Pod pod, Instant now) {
    var name = pod.getMetadata().getName();
    return preparedBy(pod)
        .filter(t -> !now.isBefore(t))
        .map(
            t ->
                new PodFailure(
                    VOLUME_UNAVAILABLE,
                    "Pod %s is on node %s, and its volumes are not mounted there (or its network is not set up): kubectl describe pod %s tells which. It waits."
                        .formatted(name, pod.getSpec().getNodeName(), name),
                    name,
                    null));
  }

  /** When a pod that is on a node and not prepared there counts as stuck. */
  private static Optional<Instant> preparedBy(Pod pod) {
    var prepared =
        condition(pod, "PodReadyToStartContainers")
            .filter(c -> "True".equals(c.getStatus()))
            .isPresent();
    var creating =
        containers(pod)
            .anyMatch(
                c ->
                    c.getState() != null
                        && c.getState().getWaiting() != null
                        && "ContainerCreating".equals(c.getState().getWaiting().getReason()));
    return condition(pod, "PodScheduled")
        .filter(c -> creating && !prepared && "True".equals(c.getStatus()))
        .map(PodCondition::getLastTransitionTime)
        // The scheduler's clock may be behind.
        .map(t -> later(Instant.parse(t), created(pod)).plus(PREPARED));
  }

  /** When the first of those pods will count as stuck, if nothing changes: no event tells. */
  public static Optional<Instant> nextLook(Collection<Pod> pods, Instant now) {
    return pods.stream()
        .flatMap(p -> preparedBy(p).stream())
        .filter(t -> t.isAfter(now))
        .min(Comparator.naturalOrder());
  }

  private static Instant created(Pod pod) {
    return Instant.parse(pod.getMetadata().getCreationTimestamp());
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  static Optional<PodCondition> condition(Pod pod, String type) {
    var conditions =
        pod.getStatus() == null ? List.<PodCondition>of() : pod.getStatus().getConditions();
    return conditions.stream().filter(c -> type.equals(c.getType())).findFirst();
  }

  private static String limit(Pod pod, String resource) {
    return pod.getSpec().getContainers().stream()
        .map(c -> c.getResources() == null ? null : c.getResources().getLimits())
        .filter(l -> l != null && l.containsKey(resource))
        .map(l -> l.get(resource))
        .map(Quantity::toString)
        .findFirst()
        .orElse("the node's " + resource);
  }

  private static String endTime(Pod pod) {
    return terminated(pod)
        .map(ContainerStateTerminated::getFinishedAt)
        .orElse(pod.getMetadata().getCreationTimestamp());
  }

  /** How the pod's container ended. */
  static Optional<ContainerStateTerminated> terminated(Pod pod) {
    return containers(pod)
        .filter(c -> c.getState() != null)
        .map(c -> c.getState().getTerminated())
        .filter(t -> t != null)
        .findFirst();
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    return pod.getStatus() == null
        ? Stream.empty()
        : pod.getStatus().getContainerStatuses().stream();
  }

  /** The phase of a pod; null if it has none yet. */
  public static String phase(Pod pod) {
    return pod.getStatus() == null ? null : pod.getStatus().getPhase();
  }

  static String withoutFullStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
