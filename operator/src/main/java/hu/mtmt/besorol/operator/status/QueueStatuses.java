package hu.mtmt.besorol.operator.status;

import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.QueueStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.TakenBack;
import hu.mtmt.besorol.operator.observe.Gang;
import hu.mtmt.besorol.operator.observe.Kueue;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Outlook;
import hu.mtmt.besorol.operator.queue.Holder;
import hu.mtmt.besorol.operator.queue.RunId;
import hu.mtmt.besorol.operator.queue.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a run's status says of its waiting for machines. */
final class QueueStatuses {
  private static final int NAMED = 3;

  /** However often the pods of a run were taken back: after so long it tries again. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private static final int DOUBLINGS = 20;

  /** Of more holders one ends all the time: that is no news to those who wait. */
  private static final int MANY = 10;

  private static final int EXACT = 10;

  /** Minutes are told in steps: another minute alone is no news. */
  private static final int STEP_MINUTES = 5;

  private QueueStatuses() {}

  /** How the run waits, in numbers. */
  static QueueStatus next(TrainingRun run, RunObservation seen, Outlook outlook, Instant now) {
    var status = TrainingRunStatuses.previous(run);
    var before =
        Optional.ofNullable(status.queue()).orElse(new QueueStatus(null, null, null, null, null));
    var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    var incomplete = outlook.gang().filter(g -> !g.time().isAfter(now));
    if (incomplete.isPresent()) {
      return new QueueStatus(
          time,
          null,
          before.preemptions(),
          before.lostMinutes(),
          takenBack(run, before, incomplete.get(), now));
    }
    var takenBack = seen.isTraining() ? null : before.takenBack();
    return switch (outlook.verdict().orElse(null)) {
      case Verdict.Wait _ ->
          new QueueStatus(
              before.sinceTime() != null && before.admittedTime() == null
                  ? before.sinceTime()
                  : isFirst(seen, status) ? run.getMetadata().getCreationTimestamp() : time,
              null,
              before.preemptions(),
              before.lostMinutes(),
              takenBack);
      case Verdict.Leave _ ->
          new QueueStatus(
              time,
              null,
              sum(before.preemptions(), 1),
              sum(before.lostMinutes(), lostMinutes(seen, status, now)),
              takenBack);
      case Verdict.Admit _ when status.queue() != null ->
          new QueueStatus(
              before.sinceTime(), time, before.preemptions(), before.lostMinutes(), takenBack);
      case null, default ->
          status.queue() == null
              ? null
              : run.getSpec().suspend() && before.admittedTime() == null
                  ? new QueueStatus(
                      null, null, before.preemptions(), before.lostMinutes(), takenBack)
                  : new QueueStatus(
                      before.sinceTime(),
                      before.admittedTime(),
                      before.preemptions(),
                      before.lostMinutes(),
                      takenBack);
    };
  }

  /** It waits as long as it tried, and twice as long each time. */
  private static TakenBack takenBack(
      TrainingRun run, QueueStatus before, Outlook.Incomplete gang, Instant now) {
    int times = before.takenBack() == null ? 1 : before.takenBack().times() + 1;
    var wait =
        Duration.ofSeconds(run.getSpec().placement().gangSeconds())
            .multipliedBy(1L << Math.min(times - 1, DOUBLINGS));
    return new TakenBack(
        times,
        gang.flavor(),
        gang.started(),
        gang.reason(),
        now.plus(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT)
            .plusSeconds(1)
            .truncatedTo(ChronoUnit.SECONDS)
            .toString());
  }

  /** Why a run with that status does not take its turn yet, or what Kueue says, in a sentence. */
  static Optional<String> heldBack(QueueStatus queue, RunObservation seen, Instant now) {
    if (seen.kueue() instanceof Kueue.Waiting(var reason)) {
      return Optional.of(reason);
    }
    return Optional.ofNullable(queue)
        .flatMap(q -> Outlook.heldBack(q, now))
        .map(
            until ->
                "%s It takes its turn again from %s."
                    .formatted(queue.takenBack().reason(), PlacementStatuses.minute(until)));
  }

  private static boolean isFirst(RunObservation seen, TrainingRunStatus status) {
    return seen.job().isEmpty() && status.attempts().isEmpty() && status.startTime() == null;
  }

  private static int sum(Integer before, int more) {
    return (before == null ? 0 : before) + more;
  }

  /** Work since the newest checkpoint is done again, on all machines or GPUs that it had. */
  private static int lostMinutes(RunObservation seen, TrainingRunStatus status, Instant now) {
    if (seen.runningPod().isEmpty()) {
      return 0;
    }
    var safe =
        seen.job()
            .map(j -> RunObservation.safe(j, Optional.ofNullable(status.progress()), now))
            .orElse(now);
    var seconds = Math.max(0, Duration.between(safe, now).toSeconds());
    var gpus = seen.job().map(RunObservation::gpus).orElse(0);
    var nodes = seen.job().map(Gang::nodes).orElse(1);
    return Math.toIntExact(Math.ceilDiv(seconds, 60) * nodes * Math.max(1, gpus));
  }

  /** What the run waits for, in a sentence. */
  static String sentence(TrainingRun run, Verdict.Wait wait) {
    var id = new RunId(run.getMetadata().getNamespace(), run.getMetadata().getName());
    var before = before(wait.before());
    if (wait.missing() == 0) {
      return "Waiting for its turn on %s:%s".formatted(wait.flavor(), before);
    }
    return "Waiting for %d of %d %s%s: %s%s.%s"
        .formatted(
            wait.missing(),
            wait.limit(),
            wait.flavor(),
            wait.ofQuota() ? " in the quota of namespace " + id.namespace() : "",
            holders(id, wait.holders()),
            remaining(wait.holders()),
            before);
  }

  /**
   * How many runs are before it: from {@value #EXACT} on in steps, as one less would be a write for
   * every run that waits.
   */
  private static String before(int runs) {
    if (runs <= EXACT) {
      return switch (runs) {
        case 0 -> "";
        case 1 -> " 1 run is before it.";
        default -> " %d runs are before it.".formatted(runs);
      };
    }
    int power = (int) Math.pow(10, (int) Math.log10(runs - 1));
    int first = (runs - 1) / power;
    int step = first >= 5 ? 5 : first >= 2 ? 2 : 1;
    return " More than %d runs are before it.".formatted(step * power);
  }

  private static String holders(RunId asking, List<Holder> holders) {
    if (holders.size() > MANY) {
      return "many runs hold them";
    }
    var own =
        holders.stream()
            .filter(h -> h.id().namespace().equals(asking.namespace()))
            .map(h -> h.id().name())
            .sorted()
            .limit(NAMED)
            .toList();
    var others = holders.size() - own.size();
    var parts =
        own.isEmpty()
            ? others + (others == 1 ? " other run" : " other runs")
            : (own.size() == 1 ? "run " : "runs ")
                + String.join(", ", own)
                + (others == 0
                    ? ""
                    : others == 1 ? " and another" : " and %d others".formatted(others));
    return parts + (holders.size() == 1 ? " holds it" : " hold them");
  }

  private static String remaining(List<Holder> holders) {
    return holders.size() > MANY
        ? ""
        : holders.stream()
            .flatMap(h -> h.remainingSeconds().stream())
            .min(Comparator.naturalOrder())
            .map(s -> Math.ceilDiv(s, 60 * STEP_MINUTES) * STEP_MINUTES)
            .map(", about %d min left"::formatted)
            .orElse("");
  }

  /** For whom the run makes room, in a sentence. */
  static String sentence(TrainingRun run, Verdict.Leave leave) {
    var other =
        leave.other().namespace().equals(run.getMetadata().getNamespace())
            ? "run " + leave.other().name()
            : "a run of another namespace";
    return "It makes room for %s of priority %d, and goes on from its newest checkpoint later."
        .formatted(other, leave.priority());
  }
}
