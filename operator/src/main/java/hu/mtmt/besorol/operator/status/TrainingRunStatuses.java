package hu.mtmt.besorol.operator.status;

import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.api.TrainingRunStatus.LastFailure;
import hu.mtmt.besorol.api.TrainingRunStatus.PrecisionRecall;
import hu.mtmt.besorol.api.TrainingRunStatus.Result;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.operator.observe.PodFailure;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Outlook;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The status of a run: a pure function of what it was and of what is seen. */
public final class TrainingRunStatuses {
  private static final TrainingRunStatus EMPTY =
      new TrainingRunStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null);

  /** Less is no difference of clocks. */
  private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

  private TrainingRunStatuses() {}

  /** Whether the run has ended: nothing will be done for it any more. */
  public static boolean hasEnded(TrainingRun run) {
    var conditions = previous(run).conditions();
    return ConditionSet.isTrue(conditions, Type.COMPLETE)
        || ConditionSet.isTrue(conditions, Type.FAILED);
  }

  /** When the end of a run was seen. */
  public static Optional<Instant> endSeen(TrainingRunStatus status) {
    return Stream.of(Type.COMPLETE, Type.FAILED)
        .flatMap(type -> ConditionSet.find(status.conditions(), type).stream())
        .filter(c -> "True".equals(c.getStatus()))
        .map(c -> Instant.parse(c.getLastTransitionTime()))
        .findFirst();
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
   * @param outlook where it is placed
   * @param objection why its data may not be read, if so
   * @param nameTaken what stands in the way of creating its Job, if something does
   * @param now the time of what changes
   */
  public static TrainingRunStatus next(
      TrainingRun run,
      RunObservation seen,
      Outlook outlook,
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
          previous.footprint(),
          previous.attempts(),
          previous.queue(),
          previous.progress(),
          previous.result(),
          previous.lastFailure(),
          recordedBy(previous, seen));
    }
    var queue = QueueStatuses.next(run, seen, outlook, now);
    var heldBack = QueueStatuses.heldBack(queue, seen, now);
    var state = RunState.of(run, seen, outlook, objection, nameTaken, heldBack, now);
    var ended = state.kind() == RunState.Kind.COMPLETE || state.kind() == RunState.Kind.FAILED;
    return new TrainingRunStatus(
        generation,
        conditions(state, previous.conditions(), generation, now),
        seen.job().map(j -> j.getMetadata().getName()).orElse(previous.jobName()),
        startTime(seen, previous, now),
        ended ? Optional.ofNullable(state.time()).orElseGet(() -> seconds(now)) : null,
        PlacementStatuses.next(run, outlook, previous, seen, heldBack),
        seen.footprint().orElse(previous.footprint()),
        attempts(outlook, previous),
        queue,
        ProgressStatuses.next(state.kind(), seen, previous),
        state.result() == null ? null : result(state.result()),
        lastFailure(state, seen, previous, now),
        previous.recordedBy());
  }

  /** The status after something unexpected was thrown. */
  public static TrainingRunStatus afterError(TrainingRun run, String message, Instant now) {
    var previous = previous(run);
    var generation = run.getMetadata().getGeneration();
    return new TrainingRunStatus(
        generation,
        hasEnded(run) // what came out stays true
            ? previous.conditions()
            : new ConditionSet(previous.conditions(), generation, now)
                .set(Type.READY, false, Reason.RECONCILE_ERROR, message)
                .set(Type.RECONCILING, true, Reason.RECONCILE_ERROR, message)
                .list(),
        previous.jobName(),
        previous.startTime(),
        previous.completionTime(),
        previous.placement(),
        previous.footprint(),
        previous.attempts(),
        previous.queue(),
        previous.progress(),
        previous.result(),
        previous.lastFailure(),
        previous.recordedBy());
  }

  private static List<Condition> conditions(
      RunState state, List<Condition> previous, Long generation, Instant now) {
    var set = new ConditionSet(previous, generation, now);
    set.set(Type.READY, state.kind() == RunState.Kind.COMPLETE, state.reason(), state.message());
    switch (state.kind()) {
      case COMPLETE -> set.set(Type.COMPLETE, true, state.reason(), state.message());
      case FAILED ->
          set.set(Type.FAILED, true, state.reason(), state.message())
              .set(Type.STALLED, true, state.reason(), state.message());
      case STALLED -> set.set(Type.STALLED, true, state.reason(), state.message());
      case SUSPENDED -> set.set(Type.SUSPENDED, true, state.reason(), state.message());
      case PROGRESSING -> set.set(Type.RECONCILING, true, state.reason(), state.message());
    }
    return set.list();
  }

  /**
   * Another Job of the run starts later than the run. The clock of the Job controller may be
   * another: no run starts before its Job was made, or in the future.
   */
  private static String startTime(RunObservation seen, TrainingRunStatus previous, Instant now) {
    if (previous.startTime() != null && !previous.attempts().isEmpty()) {
      return previous.startTime();
    }
    var told = seen.job().map(j -> j.getStatus()).map(s -> s.getStartTime()).map(Instant::parse);
    if (told.isEmpty()) {
      return previous.startTime();
    }
    var made = Instant.parse(seen.job().get().getMetadata().getCreationTimestamp());
    if (told.get().isAfter(now.plus(CLOCKS_APART))) {
      return previous.startTime() == null ? seconds(now) : previous.startTime();
    }
    return seconds(told.get().isBefore(made) ? made : told.get());
  }

  private static List<Attempt> attempts(Outlook outlook, TrainingRunStatus previous) {
    return outlook
        .givenUp()
        .map(a -> Stream.concat(previous.attempts().stream(), Stream.of(a)).toList())
        .orElse(previous.attempts());
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

  private static LastFailure lastFailure(
      RunState state, RunObservation seen, TrainingRunStatus previous, Instant now) {
    if (Reason.DEADLINE_EXCEEDED.written().equals(state.reason())) {
      return new LastFailure(state.reason(), state.message(), null, null);
    }
    return (seen.isTraining() ? Optional.<PodFailure>empty() : seen.obstacle(now))
        .or(() -> seen.isLedToTheEnd() ? Optional.empty() : PodFailure.newest(seen.pods()))
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

  static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
