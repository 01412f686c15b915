package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.observe.JobState;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Flavor;
import hu.mtmt.besorol.operator.placement.Placement;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What is to be done for a run: a pure function of what is seen. */
final class RunSteps {
  private RunSteps() {}

  /** One thing to do. */
  sealed interface Step {
    /** Nothing. */
    record None() implements Step {}

    /** Create the Job. */
    record Create(ClassifierModel model, Flavor flavor) implements Step {}

    /** Suspend or resume the Job. */
    record Suspend(Job job, boolean suspend) implements Step {}

    /** Delete the Job and its pods. */
    record DeleteJob(Job job) implements Step {}

    /** Delete the run, which ended long enough ago. */
    record DeleteRun() implements Step {}
  }

  /** The next thing to do. */
  static Step next(
      TrainingRun run,
      RunObservation seen,
      Placement placement,
      Optional<String> objection,
      Instant now) {
    if (TrainingRunStatuses.hasEnded(run)) {
      return afterEnd(run, seen, now);
    }
    return switch (seen.jobState()) {
      case JobState.Complete _, JobState.Failed _ -> new Step.None();
      case JobState.Absent _ when seen.modelDeleted(run) -> new Step.None();
      case JobState.Active _ when seen.modelDeleted(run) ->
          new Step.DeleteJob(seen.job().orElseThrow());
      case JobState.Active(var suspended) when suspended != run.getSpec().suspend() ->
          new Step.Suspend(seen.job().orElseThrow(), run.getSpec().suspend());
      case JobState.Active _ -> new Step.None();
      case JobState.Absent _ ->
          seen.model().isPresent() && objection.isEmpty() && placement.flavor().isPresent()
              ? new Step.Create(seen.model().get(), placement.flavor().get())
              : new Step.None();
    };
  }

  private static Step afterEnd(TrainingRun run, RunObservation seen, Instant now) {
    var deletedModel =
        TrainingRunStatuses.reason(run).filter(Reason.MODEL_DELETED.written()::equals).isPresent();
    if (deletedModel && seen.jobState() instanceof JobState.Active) {
      return new Step.DeleteJob(seen.job().orElseThrow());
    }
    return untilDeletion(run, seen, now).filter(d -> !d.isPositive()).isPresent()
        ? new Step.DeleteRun()
        : new Step.None();
  }

  /**
   * How long an ended run still stays, or empty if it stays for ever. A version must have been
   * recorded by the model first, unless there is no model.
   */
  static Optional<Duration> untilDeletion(TrainingRun run, RunObservation seen, Instant now) {
    var ttl = run.getSpec().ttlSecondsAfterFinished();
    var status = TrainingRunStatuses.previous(run);
    var recorded = status.result() == null || status.recordedBy() != null || seen.model().isEmpty();
    if (ttl == null || status.completionTime() == null || !recorded) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.between(now, Instant.parse(status.completionTime()).plusSeconds(ttl)));
  }
}
