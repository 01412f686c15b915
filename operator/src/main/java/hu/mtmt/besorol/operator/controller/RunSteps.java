package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.observe.Gang;
import hu.mtmt.besorol.operator.observe.JobState;
import hu.mtmt.besorol.operator.observe.Kueue;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Outlook;
import hu.mtmt.besorol.operator.placement.Placement;
import hu.mtmt.besorol.operator.queue.Verdict;
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
    record Create(ClassifierModel model, Placement placement) implements Step {}

    /** Suspend or resume the Job. */
    record Suspend(Job job, boolean suspend) implements Step {}

    /** Delete the Job and its pods; these first if Kueue decides about it. */
    record DeleteJob(Job job) implements Step {}

    /** Delete the run, which ended long enough ago. */
    record DeleteRun() implements Step {}
  }

  /** The next thing to do. */
  static Step next(
      TrainingRun run,
      RunObservation seen,
      Outlook outlook,
      Optional<String> objection,
      Instant now) {
    if (TrainingRunStatuses.hasEnded(run)) {
      return afterEnd(run, seen, now);
    }
    if (seen.job().filter(Job::isMarkedForDeletion).isPresent()) {
      return new Step.None();
    }
    if (seen.job().filter(j -> Outlook.isGivenUp(run, j)).isPresent()) {
      return remove(seen);
    }
    return switch (seen.jobState()) {
      case JobState.Complete _, JobState.Failed _ -> new Step.None();
      case JobState.Absent _ when seen.modelDeleted(run) -> new Step.None();
      case JobState.Active _ when seen.modelDeleted(run) ->
          new Step.DeleteJob(seen.job().orElseThrow());
      case JobState.Active(var suspended) -> active(run, seen, suspended, outlook, now);
      case JobState.Absent _ ->
          seen.model().isPresent()
                  && objection.isEmpty()
                  && outlook.placement().flavor().isPresent()
                  && isDue(run, seen, outlook)
              ? new Step.Create(seen.model().get(), outlook.placement())
              : new Step.None();
    };
  }

  /** A Job that is resumed on other machines than before is made anew. */
  private static Step active(
      TrainingRun run, RunObservation seen, boolean suspended, Outlook outlook, Instant now) {
    var job = seen.job().orElseThrow();
    if (Kueue.decidesAbout(job)) {
      // Kueue resumes what it has admitted, so a suspended run has no Job.
      return run.getSpec().suspend() ? new Step.DeleteJob(job) : new Step.None();
    }
    if (!suspended) {
      return run.getSpec().suspend()
              || outlook.verdict().orElse(null) instanceof Verdict.Leave
              || Outlook.heldBack(run, now).isPresent()
          ? new Step.Suspend(job, true)
          : new Step.None();
    }
    if (run.getSpec().suspend()
        || !(outlook.verdict().orElse(null) instanceof Verdict.Admit(var flavor, var nodes))) {
      return new Step.None();
    }
    return flavor.equals(job.getMetadata().getAnnotations().get(Labels.FLAVOR))
            && nodes == Gang.nodes(job)
        ? new Step.Suspend(job, false)
        : new Step.DeleteJob(job);
  }

  private static boolean isDue(TrainingRun run, RunObservation seen, Outlook outlook) {
    return run.getSpec().placement().queueName() == null
        ? run.getSpec().suspend() || outlook.verdict().orElse(null) instanceof Verdict.Admit
        : !run.getSpec().suspend() && !(seen.kueue() instanceof Kueue.Unavailable);
  }

  /** Two pods never write the same checkpoints: what still runs is stopped first. */
  private static Step remove(RunObservation seen) {
    var job = seen.job().orElseThrow();
    if (Kueue.decidesAbout(job)) {
      return new Step.DeleteJob(job);
    }
    if (seen.jobState() instanceof JobState.Active(var suspended) && !suspended) {
      return new Step.Suspend(job, true);
    }
    return seen.runningPod().isEmpty() ? new Step.DeleteJob(job) : new Step.None();
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
    // status.completionTime is by the clock of the Job controller
    return TrainingRunStatuses.endSeen(status)
        .filter(_ -> ttl != null && recorded)
        .map(end -> Duration.between(now, end.plusSeconds(ttl)));
  }
}
