package hu.mtmt.besorol.operator.observe;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.List;
import java.util.Optional;

/**
 * How far a Job is. Only its conditions say that it has ended: the count of failed pods does not,
 * as retries may follow.
 */
public sealed interface JobState {
  /** There is no Job. */
  record Absent() implements JobState {}

  /** It has not ended. */
  record Active(boolean suspended) implements JobState {}

  /** It has ended well. */
  record Complete(String time) implements JobState {}

  /**
   * It has ended badly.
   *
   * @param reason of Kubernetes: BackoffLimitExceeded, DeadlineExceeded, PodFailurePolicy, …
   * @param message of Kubernetes
   * @param time when
   */
  record Failed(String reason, String message, String time) implements JobState {}

  /** The state of that Job. */
  static JobState of(Optional<Job> job) {
    return job.map(JobState::of).orElseGet(Absent::new);
  }

  private static JobState of(Job job) {
    var complete = condition(job, "Complete");
    if (complete.isPresent()) {
      var time = job.getStatus().getCompletionTime();
      return new Complete(time == null ? complete.get().getLastTransitionTime() : time);
    }
    var failed = condition(job, "Failed");
    if (failed.isPresent()) {
      var c = failed.get();
      return new Failed(c.getReason(), c.getMessage(), c.getLastTransitionTime());
    }
    return new Active(Boolean.TRUE.equals(job.getSpec().getSuspend()));
  }

  private static Optional<JobCondition> condition(Job job, String type) {
    var conditions =
        job.getStatus() == null ? List.<JobCondition>of() : job.getStatus().getConditions();
    return conditions.stream()
        .filter(c -> type.equals(c.getType()) && "True".equals(c.getStatus()))
        .findFirst();
  }
}
