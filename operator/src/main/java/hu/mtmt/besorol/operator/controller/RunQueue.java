package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunSpec.Nodes;
import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.api.TrainingRunStatus.QueueStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.TakenBack;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.operator.observe.Gang;
import hu.mtmt.besorol.operator.observe.JobState;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Flavors;
import hu.mtmt.besorol.operator.placement.History;
import hu.mtmt.besorol.operator.placement.Outlook;
import hu.mtmt.besorol.operator.placement.Placement;
import hu.mtmt.besorol.operator.queue.Holder;
import hu.mtmt.besorol.operator.queue.Limits;
import hu.mtmt.besorol.operator.queue.Queue;
import hu.mtmt.besorol.operator.queue.RunId;
import hu.mtmt.besorol.operator.queue.Verdict;
import hu.mtmt.besorol.operator.queue.Waiting;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Asks the {@link Queue} about runs, with what the caches know. Who has machines is in the Jobs, so
 * it is known again after a restart; machines that were given to a run whose Job is not there yet
 * are kept in memory until it is. Runs about which something was decided are told.
 */
final class RunQueue extends AbstractEventSource<Verdict, TrainingRun> {
  /** Waiting counts by the hour, and what is told of it by minutes. */
  private static final Duration VALID = Duration.ofSeconds(10);

  /** Who waits, and was told so just now, is told so again: whoever leaves asks for the others. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Sight sight;
  private final Clock clock;
  private final Map<RunId, Given> given = new HashMap<>();
  private Round last = Round.NONE;
  private final Map<Kind, Placement> placements = new HashMap<>();
  private Flavors placedOn;
  private History placedAfter;

  /** Machines that a run may take. */
  private record Given(Verdict.Admit machines, Instant time) {}

  /** What the caches know. */
  interface Sight {
    /** Runs that have not ended. */
    Stream<TrainingRun> active();

    /** The Job of a run. */
    Optional<Job> job(TrainingRun run);

    /** Whether the Job of a run has ended, at less cost than by looking at it. */
    boolean hasEndedJob(TrainingRun run);

    /** The model of a run, unless its data may not be read. */
    Optional<ClassifierModel> readableModel(TrainingRun run);

    /** The flavors that hold. */
    Flavors flavors();
  }

  RunQueue(Sight sight, Clock clock) {
    super(Verdict.class, "queue");
    this.sight = sight;
    this.clock = clock;
  }

  @Override
  public Set<Verdict> getSecondaryResources(TrainingRun run) {
    return Set.of();
  }

  /**
   * What is decided about that run; empty if it neither waits nor has to make room, or waits in a
   * queue of Kueue. Machines that it may take are kept for it.
   *
   * @param history what is known of runs
   */
  synchronized Optional<Verdict> ask(TrainingRun run, History history) {
    var flavors = sight.flavors();
    var limits = Limits.of(flavors);
    var id = id(run);
    var job = sight.job(run);
    var waits = waits(run, job, run);
    if (limits.none() && TrainingRunStatuses.previous(run).queue() == null) {
      given.clear();
      return waits
          ? job.map(RunQueue::admit)
              .or(() -> first(Outlook.placement(run, history, flavors)))
              .map(Verdict.class::cast)
          : Optional.empty();
    }
    var now = clock.instant();
    if (!waits) {
      var leaves = last.tellsToLeave(id, now);
      if (job.filter(j -> holds(run, j)).isPresent()) {
        return leaves;
      }
      if (last.isHolder(id)) {
        decide(run, limits, flavors, history, now); // it has left what others wait for
      }
      return Optional.empty();
    }
    var self = waiting(run, flavors, history, now);
    var kept = given.get(id);
    if (kept != null && limits.equals(last.limits()) && self.takes(kept.machines())) {
      return Optional.of(kept.machines());
    }
    if (kept == null && last.tellsToWait(self, limits, now)) {
      return Optional.of(last.verdicts().get(id));
    }
    return Optional.ofNullable(decide(run, limits, flavors, history, now).get(id));
  }

  private Map<RunId, Verdict> decide(
      TrainingRun asking, Limits limits, Flavors flavors, History history, Instant now) {
    var holders = new ArrayList<Holder>();
    var candidates = new ArrayList<TrainingRun>();
    var stillGiven = new HashSet<RunId>();
    sight
        .active()
        .filter(run -> run.getSpec().placement().queueName() == null)
        .filter(run -> !sight.hasEndedJob(run))
        .forEach(
            run -> {
              var job = sight.job(run);
              var holder = job.filter(j -> holds(run, j)).map(j -> holder(run, j));
              if (holder.isPresent()) {
                holders.add(holder.get());
              } else if (waits(run, job, asking)) {
                var kept = given.get(id(run));
                if (kept != null && !id(run).equals(id(asking))) {
                  stillGiven.add(id(run));
                  holders.add(holder(run, kept.machines(), kept.time(), false));
                } else {
                  candidates.add(run);
                }
              }
            });
    given.keySet().retainAll(stillGiven);
    var waiting = waiting(candidates, flavors, history, now);
    if (!last.isOf(limits, holders, waiting, now)) {
      last = new Round(limits, holders, waiting, now, Queue.decide(limits, holders, waiting, now));
      tell(last.verdicts(), id(asking));
    }
    last.verdicts()
        .forEach(
            (run, verdict) -> {
              if (verdict instanceof Verdict.Admit machines) {
                given.put(run, new Given(machines, now));
              }
            });
    return last.verdicts();
  }

  private void tell(Map<RunId, Verdict> verdicts, RunId asking) {
    verdicts.forEach(
        (run, verdict) -> {
          if (!run.equals(asking) && !(verdict instanceof Verdict.Wait)) {
            getEventHandler().handleEvent(new Event(new ResourceID(run.name(), run.namespace())));
          }
        });
  }

  /** What was decided, and about what: the same question has the same answer for a while. */
  private record Round(
      Limits limits,
      List<Holder> holders,
      List<Waiting> waiting,
      Instant time,
      Map<RunId, Verdict> verdicts) {
    static final Round NONE =
        new Round(new Limits(Map.of(), Map.of()), List.of(), List.of(), Instant.MIN, Map.of());

    boolean isOf(Limits limits, List<Holder> holders, List<Waiting> waiting, Instant now) {
      return now.isBefore(time.plus(VALID))
          && limits.equals(this.limits)
          && holders.equals(this.holders)
          && waiting.equals(this.waiting);
    }

    /** Whether others were told to wait because of the machines of that run. */
    boolean isHolder(RunId run) {
      return verdicts.get(run) instanceof Verdict.Admit
          || holders.stream().anyMatch(h -> h.id().equals(run));
    }

    Optional<Verdict> tellsToLeave(RunId run, Instant now) {
      return now.isBefore(time.plus(VALID)) && verdicts.get(run) instanceof Verdict.Leave leave
          ? Optional.of(leave)
          : Optional.empty();
    }

    boolean tellsToWait(Waiting run, Limits limits, Instant now) {
      return now.isBefore(time.plus(FRESH))
          && limits.equals(this.limits)
          && verdicts.get(run.id()) instanceof Verdict.Wait
          && waiting.contains(run);
    }
  }

  /** Runs that only differ in what does not matter to the placement are placed alike. */
  private record Kind(
      String namespace,
      Algorithm algorithm,
      String data,
      List<String> flavors,
      Nodes nodes,
      Footprint footprint,
      List<Attempt> attempts,
      Optional<TakenBack> takenBack) {
    static Kind of(TrainingRun run) {
      var status = TrainingRunStatuses.previous(run);
      return new Kind(
          run.getMetadata().getNamespace(),
          run.getSpec().algorithm(),
          run.getSpec().training().digest(),
          run.getSpec().placement().flavors(),
          run.getSpec().placement().nodes(),
          status.footprint(),
          status.attempts(),
          Optional.ofNullable(status.queue()).map(QueueStatus::takenBack));
    }
  }

  private List<Waiting> waiting(
      List<TrainingRun> runs, Flavors flavors, History history, Instant now) {
    return runs.stream()
        .map(run -> waiting(run, flavors, history, now))
        .filter(w -> !w.choices().isEmpty())
        .toList();
  }

  /** The next flavor is a choice, too, each time that the run has waited long enough. */
  private Waiting waiting(TrainingRun run, Flavors flavors, History history, Instant now) {
    var waited = Duration.between(since(run), now).toSeconds();
    int seconds = run.getSpec().placement().fallbackSeconds();
    long open = seconds == 0 ? Long.MAX_VALUE : 1 + Math.max(0, waited / seconds);
    var nodes = new LinkedHashMap<String, Integer>();
    var ends = new HashMap<String, SortedMap<Integer, Integer>>();
    var placed = placement(run, flavors, history);
    for (var choice : placed.choices()) {
      nodes.put(choice.flavor().name(), choice.nodes());
      ends.put(
          choice.flavor().name(), placed.seconds(choice, run.getSpec().possibleNodes().minimum()));
    }
    var same = sight.job(run).map(RunQueue::flavor).filter(nodes::containsKey);
    return new Waiting(
        id(run),
        run.getSpec().placement().priority(),
        created(run),
        since(run),
        Stream.concat(same.stream(), nodes.keySet().stream()).distinct().limit(open).toList(),
        nodes,
        ends);
  }

  private Placement placement(TrainingRun run, Flavors flavors, History history) {
    if (flavors != placedOn || history != placedAfter) {
      placements.clear();
      placedOn = flavors;
      placedAfter = history;
    }
    return placements.computeIfAbsent(Kind.of(run), _ -> Outlook.placement(run, history, flavors));
  }

  /** The machines of a suspended Job: it is resumed there if it can be. */
  private static Verdict.Admit admit(Job job) {
    return new Verdict.Admit(flavor(job), Gang.nodes(job));
  }

  private static Optional<Verdict.Admit> first(Placement placement) {
    return placement.choices().stream()
        .findFirst()
        .map(c -> new Verdict.Admit(c.flavor().name(), c.nodes()));
  }

  private static String flavor(Job job) {
    return job.getMetadata().getAnnotations().get(Labels.FLAVOR);
  }

  /** Whether nothing but machines is missing to the run. */
  private boolean waits(TrainingRun run, Optional<Job> job, TrainingRun asking) {
    if (run.getSpec().suspend()
        || run.getSpec().placement().queueName() != null
        || run.isMarkedForDeletion()
        || Outlook.heldBack(run, clock.instant()).isPresent()) {
      return false;
    }
    var startable =
        switch (JobState.of(job)) {
          case JobState.Absent _ -> true;
          case JobState.Active(var suspended) ->
              suspended && !Outlook.isGivenUp(run, job.orElseThrow());
          case JobState.Complete _, JobState.Failed _ -> false;
        };
    return startable
        && (id(run).equals(id(asking)) || !isStuck(run))
        && sight.readableModel(run).filter(m -> !m.isMarkedForDeletion()).isPresent();
  }

  /** Whoever could not take what it was given does not keep others waiting. */
  private static boolean isStuck(TrainingRun run) {
    return TrainingRunStatuses.reason(run)
        .filter(
            r ->
                r.equals(Reason.NAME_TAKEN.written()) || r.equals(Reason.RECONCILE_ERROR.written()))
        .isPresent();
  }

  /** Whether machines are taken by that Job of the run. */
  private static boolean holds(TrainingRun run, Job job) {
    return run.getSpec().placement().queueName() == null
        && JobState.of(Optional.of(job)) instanceof JobState.Active(var suspended)
        && (!suspended || RunObservation.hasLivePods(job));
  }

  private Holder holder(TrainingRun run, Job job) {
    var progress = Optional.ofNullable(TrainingRunStatuses.previous(run).progress());
    var safe = RunObservation.safe(job, progress, clock.instant());
    return holder(run, admit(job), safe, Boolean.TRUE.equals(job.getSpec().getSuspend()));
  }

  private static Holder holder(
      TrainingRun run, Verdict.Admit machines, Instant safe, boolean leaving) {
    var status = TrainingRunStatuses.previous(run);
    int priority = run.getSpec().placement().priority();
    var queue = status.queue();
    int turn =
        queue == null || queue.sinceTime() == null || queue.admittedTime() == null
            ? priority
            : Queue.turn(
                priority, Instant.parse(queue.sinceTime()), Instant.parse(queue.admittedTime()));
    return new Holder(
        id(run),
        turn,
        machines.flavor(),
        machines.nodes(),
        safe,
        leaving,
        Optional.ofNullable(status.progress()).map(p -> p.remainingSeconds()));
  }

  private static Instant since(TrainingRun run) {
    var queue = TrainingRunStatuses.previous(run).queue();
    return queue == null || queue.sinceTime() == null
        ? created(run)
        : Instant.parse(queue.sinceTime());
  }

  private static Instant created(TrainingRun run) {
    return Instant.parse(run.getMetadata().getCreationTimestamp());
  }

  static RunId id(TrainingRun run) {
    return new RunId(run.getMetadata().getNamespace(), run.getMetadata().getName());
  }
}
