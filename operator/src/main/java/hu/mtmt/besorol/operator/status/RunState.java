package hu.mtmt.besorol.operator.status;

import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.operator.observe.Gang;
import hu.mtmt.besorol.operator.observe.JobState;
import hu.mtmt.besorol.operator.observe.Kueue;
import hu.mtmt.besorol.operator.observe.PodFailure;
import hu.mtmt.besorol.operator.observe.PodResult;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Flavor;
import hu.mtmt.besorol.operator.placement.Outlook;
import hu.mtmt.besorol.operator.queue.Verdict;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Optional;

/**
 * What a run is doing, or how it ended.
 *
 * @param reason why, in one word
 * @param message the same in a sentence
 * @param time when it ended, if its Job knows
 * @param result what came out
 */
record RunState(Kind kind, String reason, String message, String time, TrainingResult result) {

  /** What follows from it for the conditions. */
  enum Kind {
    PROGRESSING,
    SUSPENDED,
    STALLED,
    COMPLETE,
    FAILED
  }

  private static RunState of(Kind kind, Reason reason, String message) {
    return new RunState(kind, reason.written(), message, null, null);
  }

  /** What the run is doing, as its surroundings are seen. */
  static RunState of(
      TrainingRun run,
      RunObservation seen,
      Outlook outlook,
      Optional<String> objection,
      Optional<String> nameTaken,
      Optional<String> heldBack,
      Instant now) {
    if (outlook.givenUp().isPresent()
        || seen.job().filter(j -> Outlook.isGivenUp(run, j)).isPresent()) {
      return RunState.of(Kind.PROGRESSING, Reason.MOVING, moving(run, seen, outlook));
    }
    return switch (seen.jobState()) {
      case JobState.Complete complete -> ended(complete, seen);
      case JobState.Failed failed -> failed(run, failed, seen);
      case JobState.Absent _ when seen.modelDeleted(run) -> modelDeleted(run);
      case JobState.Active _ when seen.modelDeleted(run) -> modelDeleted(run);
      case JobState.Absent _ -> waiting(run, seen, outlook, objection, nameTaken, heldBack);
      case JobState.Active active -> active(active, run, seen, outlook, heldBack, now);
    };
  }

  private static RunState ended(JobState.Complete complete, RunObservation seen) {
    return switch (seen.result()) {
      case PodResult.Found<TrainingResult>(var result) ->
          new RunState(
              Kind.COMPLETE,
              Reason.COMPLETE.written(),
              "Version %s is in the store.".formatted(result.version()),
              complete.time(),
              result);
      case PodResult.Missing<TrainingResult>(var message) ->
          new RunState(
              Kind.FAILED,
              Reason.RESULT_MISSING.written(),
              message + " Create another run: the same plan gives the same version.",
              complete.time(),
              null);
    };
  }

  private static RunState failed(TrainingRun run, JobState.Failed failed, RunObservation seen) {
    var failure = PodFailure.newest(seen.pods());
    var told = failure.map(f -> f.message() + " ").orElse("");
    return switch (failed.reason() == null ? "" : failed.reason()) {
      case "DeadlineExceeded" ->
          new RunState(
              Kind.FAILED,
              Reason.DEADLINE_EXCEEDED.written(),
              "The run was not complete after %d seconds: create another with a larger spec.activeDeadlineSeconds or on a faster flavor."
                  .formatted(run.getSpec().activeDeadlineSeconds()),
              failed.time(),
              null);
      case "PodFailurePolicy" ->
          new RunState(
              Kind.FAILED,
              failure.map(PodFailure::reason).orElse("PodFailurePolicy"),
              failure
                  .map(PodFailure::message)
                  .orElseGet(() -> failed.message() + ": a retry would end the same way."),
              failed.time(),
              null);
      default ->
          new RunState(
              Kind.FAILED,
              Reason.RETRIES_EXHAUSTED.written(),
              "%sThe run was tried %s in vain: create another run once the cause is removed."
                  .formatted(told, times(run.getSpec().backoffLimit() + 1)),
              failed.time(),
              null);
    };
  }

  private static String times(int n) {
    return n == 1 ? "once" : n + " times";
  }

  private static RunState modelDeleted(TrainingRun run) {
    return RunState.of(
        Kind.FAILED,
        Reason.MODEL_DELETED,
        "ClassifierModel %s was deleted while the run trained for it."
            .formatted(run.getSpec().modelRef().name()));
  }

  private static RunState waiting(
      TrainingRun run,
      RunObservation seen,
      Outlook outlook,
      Optional<String> objection,
      Optional<String> nameTaken,
      Optional<String> heldBack) {
    if (seen.model().isEmpty()) {
      return RunState.of(
          Kind.PROGRESSING,
          Reason.MODEL_NOT_FOUND,
          "There is no ClassifierModel %s in this namespace: the run begins when there is."
              .formatted(run.getSpec().modelRef().name()));
    }
    if (objection.isPresent()) {
      return RunState.of(Kind.STALLED, Reason.SOURCE_NOT_ALLOWED, objection.get());
    }
    if (run.getSpec().suspend() && run.getSpec().placement().queueName() != null) {
      return suspended();
    }
    if (seen.kueue() instanceof Kueue.Unavailable(var problem)) {
      return RunState.of(Kind.STALLED, Reason.QUEUE_NOT_FOUND, problem);
    }
    return heldBack
        .map(m -> RunState.of(Kind.PROGRESSING, Reason.QUEUED, m))
        .or(() -> withoutMachines(run, outlook))
        .or(() -> nameTaken.map(m -> RunState.of(Kind.STALLED, Reason.NAME_TAKEN, m)))
        .orElseGet(
            () -> RunState.of(Kind.PROGRESSING, Reason.PENDING, "The Job is being created."));
  }

  private static Optional<RunState> withoutMachines(TrainingRun run, Outlook outlook) {
    if (outlook.verdict().orElse(null) instanceof Verdict.Wait wait) {
      return Optional.of(
          RunState.of(Kind.PROGRESSING, Reason.QUEUED, QueueStatuses.sentence(run, wait)));
    }
    return outlook.placement().flavor().isEmpty()
        ? Optional.of(
            RunState.of(Kind.STALLED, Reason.NO_FLAVOR_FITS, outlook.placement().reason()))
        : Optional.empty();
  }

  private static RunState active(
      JobState.Active active,
      TrainingRun run,
      RunObservation seen,
      Outlook outlook,
      Optional<String> heldBack,
      Instant now) {
    if (seen.job().filter(Job::isMarkedForDeletion).isPresent()) {
      return RunState.of(Kind.PROGRESSING, Reason.PENDING, "Its pods are being stopped.");
    }
    if (active.suspended() && run.getSpec().suspend()) {
      return suspended();
    }
    if (heldBack.isPresent()) {
      return RunState.of(Kind.PROGRESSING, Reason.QUEUED, heldBack.get());
    }
    if (outlook.verdict().orElse(null) instanceof Verdict.Leave leave) {
      return RunState.of(Kind.PROGRESSING, Reason.QUEUED, QueueStatuses.sentence(run, leave));
    }
    if (active.suspended()) {
      return withoutMachines(run, outlook)
          .orElseGet(
              () ->
                  RunState.of(
                      Kind.PROGRESSING, Reason.QUEUED, "Its pods are being stopped or resumed."));
    }
    if (seen.isTraining()) {
      return RunState.of(Kind.PROGRESSING, Reason.TRAINING, "The run is training.");
    }
    return RunState.of(
        Kind.PROGRESSING,
        Reason.PENDING,
        seen.obstacle(now).map(PodFailure::message).orElseGet(() -> starting(seen)));
  }

  private static RunState suspended() {
    return RunState.of(
        Kind.SUSPENDED,
        Reason.SUSPENDED,
        "The run is suspended: it continues from its newest checkpoint once spec.suspend is"
            + " false.");
  }

  private static String starting(RunObservation seen) {
    return seen.gang()
        .filter(Gang::isOfMany)
        .map(
            g ->
                "%d of %d pods have started: they train once all have."
                    .formatted(g.started(), g.size()))
        .orElse("The pod is being started.");
  }

  private static String moving(TrainingRun run, RunObservation seen, Outlook outlook) {
    var left =
        outlook
            .givenUp()
            .orElseGet(
                () ->
                    TrainingRunStatuses.previous(run).attempts().stream()
                        .filter(
                            a -> a.jobUid().equals(seen.job().orElseThrow().getMetadata().getUid()))
                        .findFirst()
                        .orElseThrow());
    if (left.lostItsResult()) {
      return "The pod that succeeded was gone before its result was read: the run trains again, to"
          + " the same version.";
    }
    return "The run leaves %s (%s, %d MiB) for %s."
        .formatted(
            left.flavor(),
            left.reason(),
            left.memoryMiB(),
            outlook.placement().flavor().map(Flavor::name).orElse("another flavor"));
  }
}
