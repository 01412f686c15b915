package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPodsBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to be done next for a Job, decided as Kubernetes' own controller decides it (batch/v1,
 * not indexed): a function of the Job, its pods and the time.
 *
 * <p>An ended pod is counted exactly once, also if this process dies between any two writes: it
 * keeps the finalizer {@value #TRACKING} until its uid is in {@code
 * status.uncountedTerminatedPods}, and the uid stays there until the finalizer is gone.
 *
 * @param status the status to be written first
 * @param release ended pods that are counted, or need not be: they lose the finalizer
 * @param delete pods that must end
 * @param create how many pods are missing
 * @param remove whether the Job itself has outlived its time
 * @param again when to look again although nothing changed
 */
record JobStep(
    JobStatus status,
    List<Pod> release,
    List<Pod> delete,
    int create,
    boolean remove,
    Optional<Duration> again) {

  static final String TRACKING = "batch.kubernetes.io/job-tracking";

  /** Pause before a failed pod is replaced: doubled with every failure. */
  record RetryDelays(Duration first, Duration longest) {
    Duration after(int failures) {
      var delay = first.multipliedBy(1L << Math.clamp(failures - 1, 0, 20));
      return delay.compareTo(longest) < 0 ? delay : longest;
    }
  }

  static JobStep next(Job job, List<Pod> pods, Instant now, RetryDelays delays) {
    return new Decision(job, pods, now, delays).next();
  }

  /** Whether it is complete or has failed, for good. */
  static boolean finished(Job job) {
    return finishTime(job).isPresent();
  }

  private static Optional<Instant> finishTime(Job job) {
    return job.getStatus() == null
        ? Optional.empty()
        : job.getStatus().getConditions().stream()
            .filter(c -> c.getType().equals("Complete") || c.getType().equals("Failed"))
            .filter(c -> c.getStatus().equals("True"))
            .map(c -> Instant.parse(c.getLastTransitionTime()))
            .findFirst();
  }

  /** One decision in the making. */
  private static final class Decision {
    private final JobSpec spec;
    private final Job job;
    private final List<Pod> pods;
    private final Instant now;
    private final RetryDelays delays;
    private final JobStatus status;
    private final List<Pod> active;
    private final int terminating;
    private final List<Pod> release = new ArrayList<>();

    Decision(Job job, List<Pod> pods, Instant now, RetryDelays delays) {
      this.job = job;
      this.spec = job.getSpec();
      this.pods = pods;
      this.now = now;
      this.delays = delays;
      this.status =
          job.getStatus() == null ? new JobStatus() : new JobStatusBuilder(job.getStatus()).build();
      this.active = pods.stream().filter(Pods::active).toList();
      this.terminating =
          (int) pods.stream().filter(p -> Pods.terminating(p) && !Pods.ended(p)).count();
    }

    JobStep next() {
      if (finished(job)) {
        return afterTheEnd();
      }
      count();
      suspendOrResume();
      failIfNeeded();
      succeedIfNeeded();
      if (has("FailureTarget") || has("SuccessCriteriaMet")) {
        finishIfAllPodsEnded();
        return step(active, 0, Optional.empty());
      }
      return suspended() ? step(active, 0, Optional.empty()) : fill();
    }

    private JobStep afterTheEnd() {
      pods.stream().filter(p -> Pods.ended(p) && tracked(p)).forEach(release::add);
      if (spec.getTtlSecondsAfterFinished() == null) {
        return step(List.of(), 0, Optional.empty());
      }
      var left =
          Duration.between(
              now, finishTime(job).orElseThrow().plusSeconds(spec.getTtlSecondsAfterFinished()));
      return left.isPositive()
          ? step(List.of(), 0, Optional.of(left))
          : new JobStep(status, release, List.of(), 0, true, Optional.empty());
    }

    private JobStep step(List<Pod> delete, int create, Optional<Duration> again) {
      return new JobStep(status, release, delete, create, false, again);
    }

    /** Pods that ended: first noted as uncounted, then released, then counted. */
    private void count() {
      var byUid =
          pods.stream()
              .collect(Collectors.toMap(p -> p.getMetadata().getUid(), Function.identity()));
      var failed = new HashSet<String>();
      var succeeded = new HashSet<String>();
      if (status.getUncountedTerminatedPods() != null) {
        failed.addAll(status.getUncountedTerminatedPods().getFailed());
        succeeded.addAll(status.getUncountedTerminatedPods().getSucceeded());
      }
      status.setFailed(plus(status.getFailed(), countReleased(failed, byUid)));
      status.setSucceeded(plus(status.getSucceeded(), countReleased(succeeded, byUid)));
      for (var pod : pods) {
        if (!Pods.ended(pod) || !tracked(pod)) {
          continue;
        }
        release.add(pod);
        if (Pods.succeeded(pod)) {
          succeeded.add(pod.getMetadata().getUid());
        } else if (!has("FailureTarget")) {
          noteFailure(pod, failed);
        } else {
          failed.add(pod.getMetadata().getUid());
        }
      }
      status.setUncountedTerminatedPods(
          new UncountedTerminatedPodsBuilder()
              .withFailed(failed.stream().sorted().toList())
              .withSucceeded(succeeded.stream().sorted().toList())
              .build());
      status.setActive(active.isEmpty() ? null : active.size());
      status.setReady((int) active.stream().filter(Pods::ready).count());
      status.setTerminating(terminating);
    }

    /** Removes the uids whose pods are released, and tells how many they were. */
    private static int countReleased(Set<String> uids, Map<String, Pod> byUid) {
      var before = uids.size();
      uids.removeIf(uid -> !byUid.containsKey(uid) || !tracked(byUid.get(uid)));
      return before - uids.size();
    }

    private void noteFailure(Pod pod, Set<String> failed) {
      var rules =
          spec.getPodFailurePolicy() == null
              ? List.<PodFailurePolicyRule>of()
              : spec.getPodFailurePolicy().getRules();
      for (int i = 0; i < rules.size(); i++) {
        var match = matches(rules.get(i), pod);
        if (match.isEmpty()) {
          continue;
        }
        switch (rules.get(i).getAction()) {
          case "Ignore" -> {}
          case "FailJob" -> {
            failed.add(pod.getMetadata().getUid());
            set(
                "FailureTarget",
                "PodFailurePolicy",
                "%s matching FailJob rule at index %d".formatted(match.get(), i));
          }
          default -> failed.add(pod.getMetadata().getUid());
        }
        return;
      }
      failed.add(pod.getMetadata().getUid());
    }

    /** What of the pod matches the rule, in words. */
    private static Optional<String> matches(PodFailurePolicyRule rule, Pod pod) {
      var name = ObjectKey.of(pod);
      if (rule.getOnExitCodes() != null) {
        return pod.getStatus().getContainerStatuses().stream()
            .filter(
                c ->
                    rule.getOnExitCodes().getContainerName() == null
                        || rule.getOnExitCodes().getContainerName().equals(c.getName()))
            .filter(c -> terminated(c).isPresent())
            .filter(c -> matches(rule.getOnExitCodes(), terminated(c).get().getExitCode()))
            .findFirst()
            .map(
                c ->
                    "Container %s for pod %s failed with exit code %d"
                        .formatted(c.getName(), name, terminated(c).get().getExitCode()));
      }
      return pod.getStatus().getConditions().stream()
          .filter(
              c ->
                  rule.getOnPodConditions().stream()
                      .anyMatch(
                          wanted ->
                              wanted.getType().equals(c.getType())
                                  && Objects.requireNonNullElse(wanted.getStatus(), "True")
                                      .equals(c.getStatus())))
          .findFirst()
          .map(c -> "Pod %s has condition %s".formatted(name, c.getType()));
    }

    private static boolean matches(PodFailurePolicyOnExitCodesRequirement wanted, int exitCode) {
      return exitCode != 0
          && wanted.getValues().contains(exitCode) == wanted.getOperator().equals("In");
    }

    private void suspendOrResume() {
      if (suspended()) {
        if (!has("Suspended")) {
          set("Suspended", "JobSuspended", "Job suspended");
        }
      } else if (has("Suspended")) {
        set("Suspended", "False", "JobResumed", "Job resumed");
        status.setStartTime(now.toString());
      } else if (status.getStartTime() == null) {
        status.setStartTime(now.toString());
      }
    }

    private void failIfNeeded() {
      if (has("FailureTarget") || has("SuccessCriteriaMet")) {
        return;
      }
      if (failures() > Objects.requireNonNullElse(spec.getBackoffLimit(), 6)) {
        set("FailureTarget", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
      } else if (timeLeft().filter(d -> !d.isPositive()).isPresent()) {
        set("FailureTarget", "DeadlineExceeded", "Job was active longer than specified deadline");
      }
    }

    private void succeedIfNeeded() {
      if (!has("FailureTarget") && !has("SuccessCriteriaMet") && missing() <= 0) {
        set(
            "SuccessCriteriaMet",
            "CompletionsReached",
            "Reached expected number of succeeded pods");
      }
    }

    private void finishIfAllPodsEnded() {
      var uncounted = status.getUncountedTerminatedPods();
      if (active.isEmpty()
          && terminating == 0
          && uncounted.getFailed().isEmpty()
          && uncounted.getSucceeded().isEmpty()) {
        if (has("FailureTarget")) {
          var why = condition("FailureTarget").orElseThrow();
          set("Failed", why.getReason(), why.getMessage());
        } else {
          var why = condition("SuccessCriteriaMet").orElseThrow();
          set("Complete", why.getReason(), why.getMessage());
          status.setCompletionTime(now.toString());
        }
      }
    }

    /** Pods that are missing are created, once the pause after a failure is over. */
    private JobStep fill() {
      var wanted = Math.min(Objects.requireNonNullElse(spec.getParallelism(), 1), missing());
      if (active.size() > wanted) {
        return step(active.subList(wanted, active.size()), 0, timeLeft());
      }
      var waitsForEnd =
          spec.getPodFailurePolicy() != null || "Failed".equals(spec.getPodReplacementPolicy());
      var create = wanted - active.size() - (waitsForEnd ? terminating : 0);
      var pause = pause();
      if (create > 0 && pause.isPositive()) {
        return step(
            List.of(),
            0,
            Stream.concat(Stream.of(pause), timeLeft().stream()).min(Duration::compareTo));
      }
      return step(List.of(), Math.max(create, 0), timeLeft());
    }

    private Duration pause() {
      return pods.stream()
          .filter(Pods::failed)
          .flatMap(p -> p.getStatus().getContainerStatuses().stream())
          .flatMap(c -> terminated(c).stream())
          .map(ContainerStateTerminated::getFinishedAt)
          .filter(Objects::nonNull)
          .map(Instant::parse)
          .max(Instant::compareTo)
          .map(last -> Duration.between(now, last.plus(delays.after(failures()))))
          .orElse(Duration.ZERO);
    }

    private boolean suspended() {
      return Boolean.TRUE.equals(spec.getSuspend());
    }

    private Optional<Duration> timeLeft() {
      return spec.getActiveDeadlineSeconds() == null || suspended()
          ? Optional.empty()
          : Optional.ofNullable(status.getStartTime())
              .map(Instant::parse)
              .map(s -> Duration.between(now, s.plusSeconds(spec.getActiveDeadlineSeconds())));
    }

    private int failures() {
      return plus(status.getFailed(), status.getUncountedTerminatedPods().getFailed().size());
    }

    /** How many pods have yet to succeed. */
    private int missing() {
      return Objects.requireNonNullElse(spec.getCompletions(), 1)
          - plus(status.getSucceeded(), status.getUncountedTerminatedPods().getSucceeded().size());
    }

    private Optional<JobCondition> condition(String type) {
      return status.getConditions().stream().filter(c -> c.getType().equals(type)).findFirst();
    }

    private boolean has(String type) {
      return condition(type).filter(c -> c.getStatus().equals("True")).isPresent();
    }

    private void set(String type, String reason, String message) {
      set(type, "True", reason, message);
    }

    private void set(String type, String value, String reason, String message) {
      var condition =
          new JobConditionBuilder()
              .withType(type)
              .withStatus(value)
              .withReason(reason)
              .withMessage(message)
              .withLastProbeTime(now.toString())
              .withLastTransitionTime(now.toString())
              .build();
      var others = status.getConditions().stream().filter(c -> !c.getType().equals(type));
      status.setConditions(
          Stream.concat(others, Stream.of(condition)).collect(Collectors.toList()));
    }

    private static boolean tracked(Pod pod) {
      return pod.getMetadata().getFinalizers().contains(TRACKING);
    }

    private static Optional<ContainerStateTerminated> terminated(ContainerStatus container) {
      return Optional.ofNullable(container.getState()).map(s -> s.getTerminated());
    }

    private static int plus(Integer count, int more) {
      return Objects.requireNonNullElse(count, 0) + more;
    }
  }
}
