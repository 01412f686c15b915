package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.TrainingResult;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the surroundings of a run.
 *
 * @param model the model that it names
 * @param job its Job
 * @param pods the Job's pods
 * @param progress the newest that its running pod told
 */
public record RunObservation(
    Optional<ClassifierModel> model,
    Optional<Job> job,
    List<Pod> pods,
    Optional<Progress> progress) {

  public RunObservation {
    pods = List.copyOf(pods);
  }

  /** How far the Job is. */
  public JobState jobState() {
    return JobState.of(job);
  }

  /** What came out. */
  public PodResult<TrainingResult> result() {
    return PodResult.of(pods, TrainingResult.class);
  }

  /** Whether the run had a Job at any time. */
  public boolean started(TrainingRun run) {
    return job.isPresent() || run.getStatus() != null && run.getStatus().jobName() != null;
  }

  /** Whether the model for which the run was started is gone, even if another has its name. */
  public boolean modelDeleted(TrainingRun run) {
    if (!started(run)) {
      return false;
    }
    if (model.isEmpty() || model.get().isMarkedForDeletion()) {
      return true;
    }
    return job.map(j -> j.getMetadata().getAnnotations().get(Labels.MODEL_UID))
        .filter(uid -> !uid.equals(model.get().getMetadata().getUid()))
        .isPresent();
  }

  /** Whether {@code owner} controls that object: a namesake of a deleted one does not count. */
  public static boolean controls(HasMetadata owner, HasMetadata owned) {
    return owned.getMetadata().getOwnerReferences().stream()
        .anyMatch(
            r ->
                Boolean.TRUE.equals(r.getController())
                    && r.getUid().equals(owner.getMetadata().getUid()));
  }
}
