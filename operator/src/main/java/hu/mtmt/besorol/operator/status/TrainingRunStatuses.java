package hu.mtmt.besorol.operator.status;

import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.JudgementStatus.Figure;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.LastFailure;
import hu.mtmt.besorol.api.TrainingRunStatus.PlacementStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.PrecisionRecall;
import hu.mtmt.besorol.api.TrainingRunStatus.ProgressStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.RejectedFlavor;
import hu.mtmt.besorol.api.TrainingRunStatus.Result;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.evaluation.gates.Gates;
import hu.mtmt.besorol.operator.observe.JobState;
import hu.mtmt.besorol.operator.observe.PodFailure;
import hu.mtmt.besorol.operator.observe.PodResult;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Placement;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The status of a run: a pure function of what it was and of what is seen. */
public final class TrainingRunStatuses {
  private static final TrainingRunStatus EMPTY =
      new TrainingRunStatus(null, null, null, null, null, null, null, null, null, null);

  private TrainingRunStatuses() {}

  /** Whether the run has ended: nothing will be done for it any more. */
  public static boolean hasEnded(TrainingRun run) {
    var conditions = previous(run).conditions();
    return ConditionSet.isTrue(conditions, Type.COMPLETE)
        || ConditionSet.isTrue(conditions, Type.FAILED);
  }

  /** Why the run is Ready or not, as its status says. */
  public static Optional<String> reason(TrainingRun run) {
    return ConditionSet.find(previous(run).conditions(), Type.READY).map(Condition::getReason);
  }

  /** The status so far; empty if there is none. */
  public static TrainingRunStatus previous(TrainingRun run) {
    return run.getStatus() == null ? EMPTY : run.getStatus();
  }

  /**
   * The status that follows.
   *
   * @param seen the run's surroundings
   * @param placement where it is, or would be, placed
   * @param objection why its data may not be read, if so
   * @param nameTaken what stands in the way of creating its Job, if something does
   * @param now the time of what changes
   */
  public static TrainingRunStatus next(
      TrainingRun run,
      RunObservation seen,
      Placement placement,
      Optional<String> objection,
      Optional<String> nameTaken,
      Instant now) {
    var previous = previous(run);
    var generation = run.getMetadata().getGeneration();
    if (hasEnded(run)) {
      return new TrainingRunStatus(
          generation,
          previous.conditions(),
          previous.jobName(),
          previous.startTime(),
          previous.completionTime(),
          previous.placement(),
          previous.progress(),
          previous.result(),
          previous.lastFailure(),
          recordedBy(previous, seen));
    }
    var state = state(run, seen, placement, objection, nameTaken);
    var ended = state.kind == Kind.COMPLETE || state.kind == Kind.FAILED;
    return new TrainingRunStatus(
        generation,
        conditions(state, previous.conditions(), generation, now),
        seen.job().map(j -> j.getMetadata().getName()).orElse(previous.jobName()),
        startTime(seen).orElse(previous.startTime()),
        ended ? Optional.ofNullable(state.time).orElseGet(() -> seconds(now)) : null,
        placement(placement, previous, seen),
        progress(state.kind, seen, previous),
        state.result == null ? null : result(state.result),
        lastFailure(seen, previous),
        previous.recordedBy());
  }

  /** The status after something unexpected was thrown. */
  public static TrainingRunStatus afterError(TrainingRun run, String message, Instant now) {
    var previous = previous(run);
    var generation = run.getMetadata().getGeneration();
    return new TrainingRunStatus(
        generation,
        new ConditionSet(previous.conditions(), generation, now)
            .set(Type.READY, false, Reason.RECONCILE_ERROR, message)
            .set(Type.RECONCILING, true, Reason.RECONCILE_ERROR, message)
            .list(),
        previous.jobName(),
        previous.startTime(),
        previous.completionTime(),
        previous.placement(),
        previous.progress(),
        previous.result(),
        previous.lastFailure(),
        previous.recordedBy());
  }

  private enum Kind {
    PROGRESSING,
    SUSPENDED,
    STALLED,
    COMPLETE,
    FAILED
  }

  private record State(
      Kind kind, String reason, String message, String time, TrainingResult result) {
    static State of(Kind kind, Reason reason, String message) {
      return new State(kind, reason.written(), message, null, null);
    }
  }

  private static State state(
      TrainingRun run,
      RunObservation seen,
      Placement placement,
      Optional<String> objection,
      Optional<String> nameTaken) {
    return switch (seen.jobState()) {
      case JobState.Complete complete -> ended(complete, seen);
      case JobState.Failed failed -> failed(run, failed, seen);
      case JobState.Absent _ when seen.modelDeleted(run) -> modelDeleted(run);
      case JobState.Active _ when seen.modelDeleted(run) -> modelDeleted(run);
      case JobState.Absent _ -> waiting(run, seen, placement, objection, nameTaken);
      case JobState.Active active -> active(active, seen);
    };
  }

  private static State ended(JobState.Complete complete, RunObservation seen) {
    return switch (seen.result()) {
      case PodResult.Found<TrainingResult>(var result) ->
          new State(
              Kind.COMPLETE,
              Reason.COMPLETE.written(),
              "Version %s is in the store.".formatted(result.version()),
              complete.time(),
              result);
      case PodResult.Missing<TrainingResult>(var message) ->
          new State(
              Kind.FAILED,
              Reason.RESULT_MISSING.written(),
              message + " Create another run: the same plan gives the same version.",
              complete.time(),
              null);
    };
  }

  private static State failed(TrainingRun run, JobState.Failed failed, RunObservation seen) {
    var failure = PodFailure.newest(seen.pods());
    var told = failure.map(f -> f.message() + " ").orElse("");
    return switch (failed.reason() == null ? "" : failed.reason()) {
      case "DeadlineExceeded" ->
          new State(
              Kind.FAILED,
              Reason.DEADLINE_EXCEEDED.written(),
              "The run was not complete after %d seconds: create another with a larger spec.activeDeadlineSeconds or on a faster flavor."
                  .formatted(run.getSpec().activeDeadlineSeconds()),
              failed.time(),
              null);
      case "PodFailurePolicy" ->
          new State(
              Kind.FAILED,
              failure.map(PodFailure::reason).orElse("PodFailurePolicy"),
              failure
                  .map(PodFailure::message)
                  .orElseGet(() -> failed.message() + ": a retry would end the same way."),
              failed.time(),
              null);
      default ->
          new State(
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

  private static State modelDeleted(TrainingRun run) {
    return State.of(
        Kind.FAILED,
        Reason.MODEL_DELETED,
        "ClassifierModel %s was deleted while the run trained for it."
            .formatted(run.getSpec().modelRef().name()));
  }

  private static State waiting(
      TrainingRun run,
      RunObservation seen,
      Placement placement,
      Optional<String> objection,
      Optional<String> nameTaken) {
    if (seen.model().isEmpty()) {
      return State.of(
          Kind.PROGRESSING,
          Reason.MODEL_NOT_FOUND,
          "There is no ClassifierModel %s in this namespace: the run begins when there is."
              .formatted(run.getSpec().modelRef().name()));
    }
    if (objection.isPresent()) {
      return State.of(Kind.STALLED, Reason.SOURCE_NOT_ALLOWED, objection.get());
    }
    if (placement.flavor().isEmpty()) {
      return State.of(Kind.STALLED, Reason.NO_FLAVOR_FITS, placement.reason());
    }
    return nameTaken
        .map(message -> State.of(Kind.STALLED, Reason.NAME_TAKEN, message))
        .orElseGet(() -> State.of(Kind.PROGRESSING, Reason.PENDING, "The Job is being created."));
  }

  private static State active(JobState.Active active, RunObservation seen) {
    if (active.suspended()) {
      return State.of(
          Kind.SUSPENDED,
          Reason.SUSPENDED,
          "The run is suspended: it continues from its newest checkpoint once spec.suspend is"
              + " false.");
    }
    if (runningPod(seen).isPresent()) {
      return State.of(Kind.PROGRESSING, Reason.TRAINING, "The run is training.");
    }
    return State.of(
        Kind.PROGRESSING,
        Reason.PENDING,
        PodFailure.obstacle(seen.pods())
            .map(PodFailure::message)
            .orElse("The pod is being started."));
  }

  private static Optional<Pod> runningPod(RunObservation seen) {
    return seen.pods().stream()
        .filter(p -> p.getStatus() != null && "Running".equals(p.getStatus().getPhase()))
        .findFirst();
  }

  private static List<Condition> conditions(
      State state, List<Condition> previous, Long generation, Instant now) {
    var set = new ConditionSet(previous, generation, now);
    set.set(Type.READY, state.kind == Kind.COMPLETE, state.reason, state.message);
    switch (state.kind) {
      case COMPLETE -> set.set(Type.COMPLETE, true, state.reason, state.message);
      case FAILED ->
          set.set(Type.FAILED, true, state.reason, state.message)
              .set(Type.STALLED, true, state.reason, state.message);
      case STALLED -> set.set(Type.STALLED, true, state.reason, state.message);
      case SUSPENDED -> set.set(Type.SUSPENDED, true, state.reason, state.message);
      case PROGRESSING -> set.set(Type.RECONCILING, true, state.reason, state.message);
    }
    return set.list();
  }

  private static Optional<String> startTime(RunObservation seen) {
    return seen.job().map(j -> j.getStatus()).map(s -> s.getStartTime());
  }

  /** What was decided when the Job was created stays, whatever becomes of the flavors. */
  private static PlacementStatus placement(
      Placement placement, TrainingRunStatus previous, RunObservation seen) {
    var placed = seen.job().map(j -> j.getMetadata().getAnnotations().get(Labels.FLAVOR));
    var told = previous.placement();
    if (placed.isPresent() && told != null && placed.get().equals(told.flavor())) {
      return told;
    }
    if (seen.model().isEmpty() && placed.isEmpty()) {
      return told;
    }
    return new PlacementStatus(
        placed.orElseGet(() -> placement.flavor().map(f -> f.name()).orElse(null)),
        placement.reason(),
        placement.rejected().stream()
            .map(r -> new RejectedFlavor(r.flavor(), r.reason()))
            .toList());
  }

  private static ProgressStatus progress(
      Kind kind, RunObservation seen, TrainingRunStatus previous) {
    var told = seen.progress().map(TrainingRunStatuses::progress).orElse(previous.progress());
    if (kind == Kind.COMPLETE) {
      return new ProgressStatus(
          Progress.Stage.DONE,
          100,
          told == null ? null : told.epoch(),
          told == null ? null : told.loss(),
          null,
          told == null ? null : told.metrics(),
          told == null ? null : told.lastUpdatedTime());
    }
    // Another time alone is no progress: it would be a write for nothing.
    return previous.progress() != null && sameButTime(told, previous.progress())
        ? previous.progress()
        : told;
  }

  private static boolean sameButTime(ProgressStatus a, ProgressStatus b) {
    return withoutTime(a).equals(withoutTime(b));
  }

  private static ProgressStatus withoutTime(ProgressStatus p) {
    return new ProgressStatus(
        p.stage(), p.percent(), p.epoch(), p.loss(), p.remainingSeconds(), p.metrics(), null);
  }

  private static ProgressStatus progress(Progress p) {
    return new ProgressStatus(
        p.stage(),
        p.percent(),
        p.epoch(),
        p.loss() == null ? null : String.format(Locale.ROOT, "%.4g", p.loss()),
        p.remainingSeconds(),
        p.metrics().entrySet().stream()
            .map(e -> new Figure(e.getKey(), Gates.print(e.getKey(), e.getValue())))
            .toList(),
        p.lastUpdatedTime() == null ? null : seconds(p.lastUpdatedTime()));
  }

  private static Result result(TrainingResult result) {
    var judgement = Judgements.toStatus(result.judgement());
    return new Result(
        result.version().value(),
        new PrecisionRecall(
            Judgements.print(judgement, Metric.STRICT_PRECISION),
            Judgements.print(judgement, Metric.STRICT_RECALL),
            Judgements.print(judgement, Metric.STRICT_F1)),
        new PrecisionRecall(
            Judgements.print(judgement, Metric.LENIENT_PRECISION),
            Judgements.print(judgement, Metric.STRICT_RECALL),
            Judgements.print(judgement, Metric.LENIENT_F1)),
        judgement,
        result.documents(),
        result.trainSeconds());
  }

  private static LastFailure lastFailure(RunObservation seen, TrainingRunStatus previous) {
    var running = runningPod(seen).isPresent();
    return (running ? Optional.<PodFailure>empty() : PodFailure.obstacle(seen.pods()))
        .or(() -> PodFailure.newest(seen.pods()))
        .map(f -> new LastFailure(f.reason(), f.message(), f.pod(), f.exitCode()))
        .or(
            () ->
                Optional.ofNullable(previous.lastFailure())
                    .filter(f -> !PodFailure.isObstacle(f.reason())))
        .orElse(null);
  }

  private static String recordedBy(TrainingRunStatus previous, RunObservation seen) {
    if (previous.result() == null) {
      return null;
    }
    return seen.model()
        .filter(
            m ->
                m.getStatus() != null
                    && m.getStatus().versions().stream()
                        .anyMatch(v -> v.version().equals(previous.result().version())))
        .map(m -> m.getMetadata().getUid())
        .orElse(previous.recordedBy());
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
