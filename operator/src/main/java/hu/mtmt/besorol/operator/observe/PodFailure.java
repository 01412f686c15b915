package hu.mtmt.besorol.operator.observe;

import static java.util.Comparator.comparing;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.JobResult;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
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

  /** The newest failure among those pods. */
  public static Optional<PodFailure> newest(Collection<Pod> pods) {
    return pods.stream()
        .filter(p -> "Failed".equals(phase(p)))
        .max(comparing(PodFailure::endTime).thenComparing(p -> p.getMetadata().getName()))
        .map(PodFailure::ofFailed);
  }

  /** What keeps one of those pods, none of which runs, from running. */
  public static Optional<PodFailure> obstacle(Collection<Pod> pods) {
    return pods.stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .filter(p -> "Pending".equals(phase(p)) || "Running".equals(phase(p)))
        .sorted(comparing(p -> p.getMetadata().getName()))
        .flatMap(p -> Stream.concat(waiting(p).stream(), unschedulable(p).stream()))
        .findFirst();
  }

  /** Whether that is a reason of an {@link #obstacle}, which passes, and not of a failure. */
  public static boolean isObstacle(String reason) {
    return UNSCHEDULABLE.equals(reason) || WAITING.containsValue(reason);
  }

  private static PodFailure ofFailed(Pod pod) {
    var name = pod.getMetadata().getName();
    var ended = terminated(pod);
    if (ended.isEmpty()) {
      var reason = pod.getStatus().getReason();
      return new PodFailure(
          reason == null ? "PodFailed" : reason,
          "Pod %s was ended by the cluster%s."
              .formatted(
                  name,
                  pod.getStatus().getMessage() == null
                      ? ""
                      : ": " + withoutFullStop(pod.getStatus().getMessage())),
          name,
          null);
    }
    return ofTerminated(pod, name, ended.get());
  }

  private static PodFailure ofTerminated(Pod pod, String name, ContainerStateTerminated ended) {
    var exitCode = ended.getExitCode();
    var told = reported(ended, name);
    if (told.isPresent() && told.get().failure() != null) {
      var failure = told.get().failure();
      return new PodFailure(failure.kind().written(), failure.message(), name, exitCode);
    }
    if ("OOMKilled".equals(ended.getReason())) {
      return new PodFailure(
          "OOMKilled",
          "Pod %s was killed because it needed more memory than its limit of %s: use a flavor with more memory."
              .formatted(name, memoryLimit(pod)),
          name,
          exitCode);
    }
    if (pod.getStatus().getReason() != null) {
      return new PodFailure(
          pod.getStatus().getReason(),
          "Pod %s was ended by the cluster: %s."
              .formatted(
                  name,
                  withoutFullStop(
                      Optional.ofNullable(pod.getStatus().getMessage())
                          .orElse(pod.getStatus().getReason()))),
          name,
          exitCode);
    }
    return new PodFailure(
        ended.getReason() == null ? "Error" : ended.getReason(),
        "Pod %s ended with exit code %d and did not say why: kubectl logs %s may tell."
            .formatted(name, exitCode, name),
        name,
        exitCode);
  }

  private static Optional<JobResult> reported(ContainerStateTerminated ended, String pod) {
    if (ended.getMessage() == null || ended.getMessage().isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ContractJson.read(
              ended.getMessage().getBytes(StandardCharsets.UTF_8),
              JobResult.class,
              "the termination message of pod " + pod));
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

  private static Optional<PodFailure> unschedulable(Pod pod) {
    var conditions =
        pod.getStatus() == null ? List.<PodCondition>of() : pod.getStatus().getConditions();
    return conditions.stream()
        .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
        .filter(c -> UNSCHEDULABLE.equals(c.getReason()))
        .findFirst()
        .map(
            c ->
                new PodFailure(
                    UNSCHEDULABLE,
                    "Pod %s finds no node: %s. It waits until one is free."
                        .formatted(
                            pod.getMetadata().getName(),
                            withoutFullStop(Optional.ofNullable(c.getMessage()).orElse("none"))),
                    pod.getMetadata().getName(),
                    null));
  }

  private static String memoryLimit(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .map(c -> c.getResources() == null ? null : c.getResources().getLimits())
        .filter(l -> l != null && l.containsKey("memory"))
        .map(l -> l.get("memory"))
        .map(Quantity::toString)
        .findFirst()
        .orElse("the node's memory");
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

  static String phase(Pod pod) {
    return pod.getStatus() == null ? null : pod.getStatus().getPhase();
  }

  private static String withoutFullStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
