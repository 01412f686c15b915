package hu.mtmt.besorol.operator.queue;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.Map.Entry.comparingByKey;
import static java.util.stream.Collectors.groupingBy;

import hu.mtmt.besorol.operator.queue.Limits.QuotaKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who may take machines, who waits, and who makes room: a pure function.
 *
 * <p>Runs take their turn by priority, and within one the oldest first. A run gets all its machines
 * at one time or none. Nobody overtakes on a flavor that somebody before him waits for, so free
 * machines gather for a run that needs many; only a run that waits for the quota of its namespace
 * lets other namespaces pass. Every hour of waiting raises the priority by 1 for the turn, so no
 * stream of more important runs keeps anybody waiting for ever.
 *
 * <p>A run that finds too few machines takes those of runs whose priority, with what waiting had
 * made of it when they were admitted, is lower than its own without: of these first the one whose
 * work is in the youngest checkpoint, as it loses least.
 *
 * <p>Who may drive nobody out, and may do with fewer machines, starts at its turn on those that are
 * free, if it is expected to end sooner on them than after waiting for the others.
 */
public final class Queue {
  /** So long a wait raises the priority by 1. */
  static final Duration AGEING = Duration.ofHours(1);

  private final Limits limits;
  private final Map<String, List<Holder>> holders;
  private final Map<String, Long> held = new HashMap<>();
  private final Map<QuotaKey, Long> heldOfQuota = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Set<QuotaKey> takenOfQuota = new HashSet<>();
  private final Map<String, Integer> waitingFor = new HashMap<>();
  private final Map<RunId, Verdict> verdicts = new TreeMap<>();

  private Queue(Limits limits, Collection<Holder> holders) {
    this.limits = limits;
    this.holders =
        holders.stream().sorted(comparing(Holder::id)).collect(groupingBy(Holder::flavor));
    holders.forEach(this::count);
  }

  /**
   * Decides about all runs.
   *
   * @param holders runs that have machines
   * @param waiting runs that wait for some; a run is only in one of both
   * @return verdicts on all that wait, and on those that make room
   */
  public static Map<RunId, Verdict> decide(
      Limits limits, Collection<Holder> holders, Collection<Waiting> waiting, Instant now) {
    var queue = new Queue(limits, holders);
    waiting.stream().sorted(turns(now)).forEachOrdered(run -> queue.decide(run, now));
    return queue.verdicts;
  }

  /** The order in which runs take their turn. */
  static Comparator<Waiting> turns(Instant now) {
    return comparingInt((Waiting w) -> turn(w, now))
        .reversed()
        .thenComparing(Waiting::created)
        .thenComparing(Waiting::id);
  }

  private static int turn(Waiting run, Instant now) {
    return turn(run.priority(), run.since(), now);
  }

  /** The priority with what waiting has made of it. */
  public static int turn(int priority, Instant since, Instant now) {
    return priority + (int) Math.max(0, Duration.between(since, now).dividedBy(AGEING));
  }

  private void decide(Waiting run, Instant now) {
    var open = run.choices().stream().filter(f -> isOpen(run, f)).toList();
    var free = open.stream().filter(f -> missing(run, f) <= 0).findFirst();
    if (free.isPresent()) {
      admit(run, free.get(), run.nodes(free.get()), now);
      return;
    }
    var victims = open.stream().map(f -> victims(run, f)).flatMap(Optional::stream).findFirst();
    var fewer = open.stream().filter(f -> fewer(run, f).isPresent()).findFirst();
    if (victims.isEmpty() && fewer.isPresent()) {
      admit(run, fewer.get(), fewer(run, fewer.get()).orElseThrow(), now);
      return;
    }
    victims
        .orElse(List.of())
        .forEach(v -> verdicts.put(v.id(), new Verdict.Leave(run.id(), run.priority())));
    verdicts.put(run.id(), waits(run));
    for (var flavor : run.choices()) {
      waitingFor.merge(flavor, 1, Integer::sum);
      if (ofQuota(run, flavor) > 0) {
        takenOfQuota.add(key(run, flavor));
      } else {
        taken.add(flavor);
      }
    }
  }

  private void admit(Waiting run, String flavor, int nodes, Instant now) {
    add(new Holder(run.id(), turn(run, now), flavor, nodes, now, false, Optional.empty()));
    verdicts.put(run.id(), new Verdict.Admit(flavor, nodes));
  }

  /**
   * How many of the machines that are free the run takes instead of waiting for all; empty if it
   * would end later on them, or if it cannot be told when the others are free.
   */
  private Optional<Integer> fewer(Waiting run, String flavor) {
    var seconds = run.seconds(flavor);
    var wanted = run.nodes(flavor);
    long free = wanted - missing(run, flavor);
    var whole = seconds.get(wanted);
    if (free < 1 || whole == null) {
      return Optional.empty();
    }
    return secondsUntilFree(run, flavor)
        .flatMap(
            wait ->
                seconds.headMap((int) free + 1).entrySet().stream()
                    .filter(e -> e.getValue() < wait + whole)
                    .min(
                        Map.Entry.<Integer, Integer>comparingByValue()
                            .thenComparing(comparingByKey()))
                    .map(Map.Entry::getKey));
  }

  /** When those who have machines of that flavor will have given back enough for the run. */
  private Optional<Long> secondsUntilFree(Waiting run, String flavor) {
    long ofFlavor = ofFlavor(run, flavor);
    long ofQuota = ofQuota(run, flavor);
    var ending =
        on(flavor).stream()
            .filter(h -> remaining(h).isPresent())
            .sorted(comparing((Holder h) -> remaining(h).orElseThrow()))
            .toList();
    for (var holder : ending) {
      ofFlavor -= holder.nodes();
      ofQuota -= holder.id().namespace().equals(run.id().namespace()) ? holder.nodes() : 0;
      if (ofFlavor <= 0 && ofQuota <= 0) {
        return remaining(holder);
      }
    }
    return Optional.empty();
  }

  private Optional<Long> remaining(Holder holder) {
    return isLeaving(holder) ? Optional.of(0L) : holder.remainingSeconds().map(Integer::longValue);
  }

  /** Whether nobody before waits for it. */
  private boolean isOpen(Waiting run, String flavor) {
    return !taken.contains(flavor) && !takenOfQuota.contains(key(run, flavor));
  }

  private static QuotaKey key(Waiting run, String flavor) {
    return new QuotaKey(run.id().namespace(), flavor);
  }

  /** How many nodes are missing, of the flavor or of the quota. */
  private long missing(Waiting run, String flavor) {
    return Math.max(ofFlavor(run, flavor), ofQuota(run, flavor));
  }

  private long ofFlavor(Waiting run, String flavor) {
    return held.getOrDefault(flavor, 0L) + run.nodes(flavor) - limits.nodes(flavor);
  }

  private long ofQuota(Waiting run, String flavor) {
    return heldOfQuota.getOrDefault(key(run, flavor), 0L)
        + run.nodes(flavor)
        - limits.quota(run.id().namespace(), flavor);
  }

  private void add(Holder holder) {
    holders.computeIfAbsent(holder.flavor(), f -> new ArrayList<>()).add(holder);
    count(holder);
  }

  private void count(Holder holder) {
    held.merge(holder.flavor(), (long) holder.nodes(), Long::sum);
    heldOfQuota.merge(
        new QuotaKey(holder.id().namespace(), holder.flavor()), (long) holder.nodes(), Long::sum);
  }

  private List<Holder> on(String flavor) {
    return holders.getOrDefault(flavor, List.of());
  }

  private List<Holder> of(Waiting run, String flavor) {
    return on(flavor).stream()
        .filter(h -> h.id().namespace().equals(run.id().namespace()))
        .toList();
  }

  /**
   * Who makes room on that flavor, beside those who leave it anyway; empty if not even all who may
   * be asked to would be enough.
   */
  private Optional<List<Holder>> victims(Waiting run, String flavor) {
    long ofFlavor = ofFlavor(run, flavor);
    long ofQuota = ofQuota(run, flavor);
    var victims = new ArrayList<Holder>();
    var leaving = comparing(Holder::leaving).reversed();
    var least = comparing(Holder::safe).reversed().thenComparing(Holder::id);
    for (var holder : on(flavor).stream().sorted(leaving.thenComparing(least)).toList()) {
      var own = holder.id().namespace().equals(run.id().namespace());
      var helps = ofFlavor > 0 && ofQuota <= 0 || ofQuota > 0 && own;
      if (helps && (isLeaving(holder) || mayBeAsked(holder, run))) {
        ofFlavor -= holder.nodes();
        ofQuota -= own ? holder.nodes() : 0;
        if (!isLeaving(holder)) {
          victims.add(holder);
        }
      }
    }
    return ofFlavor <= 0 && ofQuota <= 0 ? Optional.of(victims) : Optional.empty();
  }

  private boolean mayBeAsked(Holder holder, Waiting run) {
    return holder.priority() < run.priority()
        && !(verdicts.get(holder.id()) instanceof Verdict.Admit);
  }

  private boolean isLeaving(Holder holder) {
    return holder.leaving() || verdicts.get(holder.id()) instanceof Verdict.Leave;
  }

  private Verdict.Wait waits(Waiting run) {
    var flavor = run.choices().getFirst();
    var ofQuota = ofQuota(run, flavor) > 0;
    return new Verdict.Wait(
        flavor,
        (int) Math.max(0, missing(run, flavor)),
        ofQuota ? limits.quota(run.id().namespace(), flavor) : limits.nodes(flavor),
        ofQuota,
        waitingFor.getOrDefault(flavor, 0),
        ofQuota ? of(run, flavor) : on(flavor));
  }
}
