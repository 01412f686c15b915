package hu.mtmt.besorol.operator.placement;

import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.api.TrainingRunStatus.QueueStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.TakenBack;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.operator.observe.Gang;
import hu.mtmt.besorol.operator.observe.JobState;
import hu.mtmt.besorol.operator.observe.Kueue;
import hu.mtmt.besorol.operator.observe.PodFailure;
import hu.mtmt.besorol.operator.observe.Refusal;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.queue.Verdict;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a run is placed, and whether it leaves the machine that it is on.
 *
 * @param placement where it is placed if it has no Job
 * @param givenUp the Job that it gives up now, mostly for another flavor
 * @param fallback what follows if no node is found
 * @param gang what follows if not all pods that train together start
 * @param verdict what the queue has decided about it
 */
public record Outlook(
    Placement placement,
    Optional<Attempt> givenUp,
    Optional<Fallback> fallback,
    Optional<Incomplete> gang,
    Optional<Verdict> verdict) {

  /**
   * What follows if no node is found.
   *
   * @param flavor the next one
   * @param time when it is its turn
   */
  public record Fallback(String flavor, Instant time) {}

  /**
   * Pods that train together and have not all started.
   *
   * @param flavor that they are on
   * @param started how many have
   * @param reason why they are taken back, in a sentence
   * @param time when
   */
  public record Incomplete(String flavor, int started, String reason, Instant time) {}

  /**
   * The outlook of a run.
   *
   * @param history what is known of runs
   * @param flavors those that there are
   */
  public static Outlook of(
      TrainingRun run, RunObservation seen, History history, Flavors flavors, Instant now) {
    var attempts = attempts(run);
    var own =
        seen.footprint()
            .or(() -> Optional.ofNullable(run.getStatus()).map(TrainingRunStatus::footprint));
    var placing = new Placing(run, own, history, flavors);
    var job = seen.job().filter(j -> !isGivenUp(run, j));
    var failed = job.flatMap(j -> tooSmall(run, j, seen, now)).filter(placing::fits);
    if (failed.isPresent()) {
      return leaving(placing, failed.get());
    }
    var lost = job.flatMap(j -> lost(run, j, seen, now));
    if (lost.isPresent()) {
      return leaving(placing, lost.get());
    }
    var fallback = job.flatMap(j -> fallback(run, j, seen, placing, now));
    if (fallback.isPresent() && !fallback.get().time().isAfter(now)) {
      return leaving(placing, noNode(job.orElseThrow(), now));
    }
    return new Outlook(
        placing.with(attempts),
        Optional.empty(),
        fallback,
        fallback.isPresent() ? Optional.empty() : incomplete(run, seen, now),
        Optional.empty());
  }

  private static Outlook leaving(Placing placing, Attempt left) {
    return new Outlook(
        placing.after(left),
        Optional.of(left),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The outlook with what the queue has decided. */
  public Outlook with(Optional<Verdict> decided) {
    var placed =
        decided.orElse(null) instanceof Verdict.Admit(var flavor, var nodes)
            ? placement.on(flavor, nodes)
            : placement;
    return new Outlook(placed, givenUp, fallback, gang, decided);
  }

  /** Where a run is placed as long as it has no Job. */
  public static Placement placement(TrainingRun run, History history, Flavors flavors) {
    var own = Optional.ofNullable(run.getStatus()).map(TrainingRunStatus::footprint);
    return new Placing(run, own, history, flavors).with(attempts(run));
  }

  /** Whether that Job of the run was given up: it is to be removed. */
  public static boolean isGivenUp(TrainingRun run, Job job) {
    return attempts(run).stream().anyMatch(a -> a.jobUid().equals(job.getMetadata().getUid()));
  }

  private static List<Attempt> attempts(TrainingRun run) {
    return run.getStatus() == null ? List.of() : run.getStatus().attempts();
  }

  private record Placing(
      TrainingRun run, Optional<Footprint> own, History history, Flavors flavors) {

    Placement with(List<Attempt> attempts) {
      var spec = run.getSpec();
      var forecast = Forecast.of(run, own, attempts, history, flavors);
      return Placer.place(
          Demand.of(
              run.getMetadata().getNamespace(),
              spec.algorithm().type(),
              spec.possibleNodes(),
              found(run),
              forecast),
          forecast,
          spec.placement().flavors(),
          waitedFor(attempts),
          flavors);
    }

    Placement after(Attempt last) {
      var attempts = new ArrayList<>(attempts(run));
      attempts.add(last);
      return with(attempts);
    }

    boolean fits(Attempt last) {
      return after(last).flavor().isPresent();
    }
  }

  private static Map<String, Integer> found(TrainingRun run) {
    return takenBack(run).stream().collect(Collectors.toMap(TakenBack::flavor, TakenBack::started));
  }

  private static Optional<TakenBack> takenBack(TrainingRun run) {
    return Optional.ofNullable(run.getStatus())
        .map(TrainingRunStatus::queue)
        .map(QueueStatus::takenBack);
  }

  /** Whether the pods of the run are taken back now, as they have not all started. */
  public boolean isTakenBack(Instant now) {
    return gang.filter(g -> !g.time().isAfter(now)).isPresent();
  }

  /** Until when a run whose pods were taken back does not take its turn; empty if it may. */
  public static Optional<Instant> heldBack(TrainingRun run, Instant now) {
    return Optional.ofNullable(run.getStatus())
        .map(TrainingRunStatus::queue)
        .flatMap(q -> heldBack(q, now));
  }

  /** Until when a run with that status does not take its turn; empty if it may. */
  public static Optional<Instant> heldBack(QueueStatus queue, Instant now) {
    return Optional.ofNullable(queue.takenBack())
        .map(t -> Instant.parse(t.retryTime()))
        .filter(t -> t.isAfter(now));
  }

  private static Optional<Incomplete> incomplete(
      TrainingRun run, RunObservation seen, Instant now) {
    if (!(seen.jobState() instanceof JobState.Active(var suspended))
        || suspended
        || Kueue.decidesAbout(seen.job().orElseThrow())
        || heldBack(run, now).isPresent()) {
      return Optional.empty();
    }
    int seconds = run.getSpec().placement().gangSeconds();
    return seen.gang()
        .filter(Gang::isOfMany)
        .flatMap(
            g ->
                Stream.concat(
                        g.waitingSince().stream(), seen.refusal().map(Refusal::since).stream())
                    .min(Comparator.naturalOrder())
                    .map(
                        since ->
                            new Incomplete(
                                flavor(seen.job().orElseThrow()),
                                g.started(),
                                g.incomplete(seconds, seen.obstacle(now)),
                                since.plusSeconds(seconds))));
  }

  private static Set<String> waitedFor(List<Attempt> attempts) {
    return attempts.stream()
        .filter(Attempt::foundNoNode)
        .map(Attempt::flavor)
        .collect(Collectors.toSet());
  }

  /** Retries on other machines count as retries: together they are bounded. */
  private static Optional<Attempt> tooSmall(
      TrainingRun run, Job job, RunObservation seen, Instant now) {
    if (seen.jobState() instanceof JobState.Complete) {
      return Optional.empty();
    }
    int failures = Math.max(1, seen.failedPods());
    return PodFailure.newestFirst(seen.pods())
        .filter(f -> isOfTheMachine(f.reason()))
        .findFirst()
        .filter(f -> mayBeRetried(run, failures))
        .map(f -> attempt(job, f.reason(), failures, now));
  }

  /**
   * A pod that was evicted or preempted while it ended goes as soon as it has. The same plan gives
   * the same version, so it is trained again, where an ended run has nothing to lose any more.
   */
  private static Optional<Attempt> lost(
      TrainingRun run, Job job, RunObservation seen, Instant now) {
    boolean ended = run.getStatus() != null && run.getStatus().completionTime() != null;
    return !ended && seen.hasLostItsResult() && mayBeRetried(run, 1)
        ? Optional.of(attempt(job, Attempt.RESULT_MISSING, 1, now))
        : Optional.empty();
  }

  private static boolean mayBeRetried(TrainingRun run, int failures) {
    int before = attempts(run).stream().mapToInt(Attempt::failures).sum();
    return before + failures <= run.getSpec().backoffLimit();
  }

  private static boolean isOfTheMachine(String reason) {
    return PodFailure.OOM_KILLED.equals(reason)
        || Attempt.DISK_EXHAUSTED.equals(reason)
        || FailureKind.DEVICE_MEMORY_EXHAUSTED.written().equals(reason);
  }

  private static Optional<Fallback> fallback(
      TrainingRun run, Job job, RunObservation seen, Placing placing, Instant now) {
    if (!(seen.jobState() instanceof JobState.Active(var suspended))
        || suspended
        || Kueue.decidesAbout(job)) {
      return Optional.empty();
    }
    return PodFailure.unschedulableSince(seen.pods())
        .flatMap(
            since ->
                placing
                    .after(noNode(job, now))
                    .flavor()
                    .map(Flavor::name)
                    .filter(next -> !next.equals(flavor(job)))
                    .map(
                        next ->
                            new Fallback(
                                next,
                                since.plusSeconds(run.getSpec().placement().fallbackSeconds()))));
  }

  private static Attempt noNode(Job job, Instant now) {
    return attempt(job, Attempt.NO_NODE, 0, now);
  }

  private static Attempt attempt(Job job, String reason, int failures, Instant now) {
    return new Attempt(
        job.getMetadata().getUid(),
        flavor(job),
        RunObservation.memoryMebibytes(job),
        reason,
        failures,
        now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static String flavor(Job job) {
    return job.getMetadata().getAnnotations().get(Labels.FLAVOR);
  }
}
