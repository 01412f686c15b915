package hu.mtmt.besorol.operator.queue;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.operator.queue.Limits.QuotaKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of every queue, in clusters that live through arrivals, ends and preemptions. */
class QueueProperties {
  /** Another one tries other clusters. */
  private static final String SEED = "20260101";

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration STEP = Duration.ofMinutes(10);
  private static final int CHECKPOINT_STEPS = 3;
  private static final List<String> FLAVORS = List.of("a", "b", "c");
  private static final List<String> NAMESPACES = List.of("x", "y");

  /** A run to come: when, how many nodes it takes by flavor, and how many steps it trains. */
  private record Arrival(
      String namespace,
      int priority,
      int step,
      Map<String, Integer> nodes,
      int steps,
      List<String> choices) {

    /** Runs of an even number of steps take fewer nodes, and longer on them. */
    Map<String, SortedMap<Integer, Integer>> seconds() {
      return steps % 2 > 0
          ? Map.of()
          : nodes.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey,
                      e ->
                          IntStream.rangeClosed(1, e.getValue())
                              .boxed()
                              .collect(
                                  Collectors.toMap(
                                      n -> n,
                                      n -> seconds(steps) * (1 + e.getValue() - n),
                                      (a, b) -> a,
                                      TreeMap::new))));
    }

    static int seconds(int steps) {
      return Math.toIntExact(STEP.multipliedBy(steps).toSeconds());
    }
  }

  private record Scenario(Limits limits, List<Arrival> arrivals) {}

  @Provide
  Arbitrary<Scenario> scenarios() {
    var nodes = Arbitraries.maps(Arbitraries.of(FLAVORS), Arbitraries.integers().between(0, 4));
    var keys =
        Combinators.combine(Arbitraries.of(NAMESPACES), Arbitraries.of(FLAVORS)).as(QuotaKey::new);
    var quotas = Arbitraries.maps(keys, Arbitraries.integers().between(0, 3)).ofMaxSize(4);
    var choices =
        Arbitraries.of(FLAVORS).list().uniqueElements().ofMinSize(1).ofMaxSize(FLAVORS.size());
    var arrivals =
        Combinators.combine(
                Arbitraries.of(NAMESPACES),
                Arbitraries.integers().between(-2, 2),
                Arbitraries.integers().between(0, 30),
                Arbitraries.integers().between(1, 4).list().ofSize(FLAVORS.size()),
                Arbitraries.integers().between(1, 20),
                choices)
            .as(
                (namespace, priority, step, sizes, steps, on) ->
                    new Arrival(namespace, priority, step, byFlavor(sizes), steps, on))
            .list()
            .ofMaxSize(25);
    return Combinators.combine(nodes, quotas, arrivals)
        .as((n, q, a) -> possible(new Limits(n, q), a));
  }

  private static Map<String, Integer> byFlavor(List<Integer> nodes) {
    return IntStream.range(0, FLAVORS.size())
        .boxed()
        .collect(Collectors.toMap(FLAVORS::get, nodes::get));
  }

  /** Flavors that can never hold a run are no choice of it: the placer rejects them. */
  private static Scenario possible(Limits limits, List<Arrival> arrivals) {
    return new Scenario(
        limits,
        arrivals.stream()
            .map(
                a ->
                    new Arrival(
                        a.namespace(),
                        a.priority(),
                        a.step(),
                        a.nodes(),
                        a.steps(),
                        a.choices().stream()
                            .filter(f -> limits.nodes(f) >= a.nodes().get(f))
                            .filter(f -> limits.quota(a.namespace(), f) >= a.nodes().get(f))
                            .toList()))
            .filter(a -> !a.choices().isEmpty())
            .toList());
  }

  /** A cluster that does what the queue says. */
  private static final class Cluster {
    private final Limits limits;
    private final Map<RunId, Arrival> runs = new HashMap<>();
    private final Map<RunId, Instant> since = new HashMap<>();
    private final Map<RunId, Integer> done = new HashMap<>();
    private final Map<RunId, Holder> holders = new HashMap<>();
    private Instant now = START;

    Cluster(Limits limits) {
      this.limits = limits;
    }

    void arrive(Arrival arrival) {
      var id = new RunId(arrival.namespace(), "run-" + runs.size());
      runs.put(id, arrival);
      since.put(id, now);
    }

    List<Waiting> waiting() {
      return since.keySet().stream()
          .map(
              id ->
                  new Waiting(
                      id,
                      runs.get(id).priority(),
                      START.plus(STEP.multipliedBy(runs.get(id).step())),
                      since.get(id),
                      runs.get(id).choices(),
                      runs.get(id).nodes(),
                      runs.get(id).seconds()))
          .toList();
    }

    Map<RunId, Verdict> decide() {
      return Queue.decide(limits, holders.values(), waiting(), now);
    }

    void obey(Map<RunId, Verdict> verdicts) {
      verdicts.forEach(
          (id, verdict) -> {
            switch (verdict) {
              case Verdict.Admit(var flavor, var nodes) -> {
                var run = runs.get(id);
                assertThat(nodes)
                    .as("a gang is admitted whole, or on as many as it may take")
                    .satisfiesAnyOf(
                        n -> assertThat(n).isEqualTo(run.nodes().get(flavor)),
                        n -> assertThat(run.seconds().get(flavor)).containsKey(n));
                int turn = Queue.turn(run.priority(), since.remove(id), now);
                hold(id, turn, flavor, nodes, false);
              }
              case Verdict.Leave _ -> {
                var holder = holders.get(id);
                hold(id, holder.priority(), holder.flavor(), holder.nodes(), true);
              }
              case Verdict.Wait _ -> {}
            }
          });
    }

    private void hold(RunId id, int priority, String flavor, int nodes, boolean leaving) {
      int steps = done.getOrDefault(id, 0);
      var safe = START.plus(STEP.multipliedBy(steps - steps % CHECKPOINT_STEPS));
      var remaining =
          Optional.of(Arrival.seconds(runs.get(id).steps() - steps))
              .filter(_ -> id.hashCode() % 3 > 0);
      holders.put(id, new Holder(id, priority, flavor, nodes, safe, leaving, remaining));
    }

    void step() {
      now = now.plus(STEP);
      for (var holder : List.copyOf(holders.values())) {
        var id = holder.id();
        if (holder.leaving()) {
          holders.remove(id);
          since.put(id, now);
          done.computeIfPresent(id, (_, steps) -> steps - steps % CHECKPOINT_STEPS);
        } else if (done.merge(id, 1, Integer::sum) >= runs.get(id).steps()) {
          holders.remove(id);
        } else {
          hold(id, holder.priority(), holder.flavor(), holder.nodes(), false);
        }
      }
    }

    boolean isIdle() {
      return holders.isEmpty() && since.isEmpty();
    }
  }

  /** Lives until nothing is left to do. */
  private static Cluster live(Scenario scenario, List<Map<RunId, Verdict>> told) {
    var cluster = new Cluster(scenario.limits());
    int work = scenario.arrivals().stream().mapToInt(a -> 2 * a.steps() + 40).sum();
    for (int step = 0; step <= 30 || !cluster.isIdle() && step < 31 + work; step++) {
      int at = step;
      scenario.arrivals().stream().filter(a -> a.step() == at).forEach(cluster::arrive);
      var verdicts = cluster.decide();
      told.add(verdicts);
      nobodyIsOvertaken(cluster, verdicts);
      cluster.obey(verdicts);
      limitsHold(cluster);
      cluster.step();
    }
    return cluster;
  }

  private static void limitsHold(Cluster cluster) {
    for (var flavor : FLAVORS) {
      var on = cluster.holders.values().stream().filter(h -> h.flavor().equals(flavor)).toList();
      assertThat(on.stream().mapToInt(Holder::nodes).sum())
          .isLessThanOrEqualTo(cluster.limits.nodes(flavor));
      for (var namespace : NAMESPACES) {
        assertThat(
                on.stream()
                    .filter(h -> h.id().namespace().equals(namespace))
                    .mapToInt(Holder::nodes)
                    .sum())
            .isLessThanOrEqualTo(cluster.limits.quota(namespace, flavor));
      }
    }
  }

  private static void nobodyIsOvertaken(Cluster cluster, Map<RunId, Verdict> verdicts) {
    var turns = cluster.waiting().stream().sorted(Queue.turns(cluster.now)).toList();
    for (int later = 0; later < turns.size(); later++) {
      if (verdicts.get(turns.get(later).id()) instanceof Verdict.Admit(var flavor, var _)) {
        for (int i = 0; i < later; i++) {
          var earlier = turns.get(i);
          if (verdicts.get(earlier.id()) instanceof Verdict.Wait
              && earlier.choices().contains(flavor)) {
            assertThat(waitsForQuota(cluster, verdicts, turns.subList(0, i), earlier, flavor))
                .as("%s passes %s on %s", turns.get(later), earlier, flavor)
                .isTrue();
            assertThat(turns.get(later).id().namespace()).isNotEqualTo(earlier.id().namespace());
          }
        }
      }
    }
  }

  /** Whether the quota lacks nodes for the run, with those who took their turn before. */
  private static boolean waitsForQuota(
      Cluster cluster,
      Map<RunId, Verdict> verdicts,
      List<Waiting> before,
      Waiting run,
      String flavor) {
    var namespace = run.id().namespace();
    int held =
        cluster.holders.values().stream()
            .filter(h -> h.flavor().equals(flavor) && h.id().namespace().equals(namespace))
            .mapToInt(Holder::nodes)
            .sum();
    int admitted =
        before.stream()
            .filter(w -> w.id().namespace().equals(namespace))
            .mapToInt(
                w ->
                    verdicts.get(w.id()) instanceof Verdict.Admit(var on, var nodes)
                            && on.equals(flavor)
                        ? nodes
                        : 0)
            .sum();
    return held + admitted + run.nodes(flavor) > cluster.limits.quota(namespace, flavor);
  }

  @Property(tries = 300, seed = SEED)
  void limitsHoldNobodyIsOvertakenAndAllAreAdmittedFinally(@ForAll("scenarios") Scenario scenario) {
    var cluster = live(scenario, new ArrayList<>());
    assertThat(cluster.isIdle()).as("waiting: %s", cluster.waiting()).isTrue();
    assertThat(cluster.done).hasSize(scenario.arrivals().size());
  }

  @Property(tries = 300, seed = SEED)
  void onlyTheLessImportantMakeRoom(@ForAll("scenarios") Scenario scenario) {
    var told = new ArrayList<Map<RunId, Verdict>>();
    var cluster = live(scenario, told);
    for (var verdicts : told) {
      verdicts.forEach(
          (id, verdict) -> {
            if (verdict instanceof Verdict.Leave(var other, var priority)) {
              assertThat(cluster.runs.get(id).priority()).isLessThan(priority);
              assertThat(verdicts.get(other)).isInstanceOf(Verdict.Wait.class);
            }
          });
    }
  }

  @Property(tries = 300, seed = SEED)
  void orderOfWhatIsSeenDoesNotMatter(
      @ForAll("scenarios") Scenario scenario, @ForAll Random random) {
    var cluster = new Cluster(scenario.limits());
    scenario.arrivals().forEach(cluster::arrive);
    cluster.obey(cluster.decide());
    cluster.step();
    var holders = new ArrayList<>(cluster.holders.values());
    var waiting = new ArrayList<>(cluster.waiting());
    var expected = cluster.decide();
    Collections.shuffle(holders, random);
    Collections.shuffle(waiting, random);
    assertThat(Queue.decide(scenario.limits(), holders, waiting, cluster.now)).isEqualTo(expected);
  }

  /** A run that needs all nodes, in a stream of small and more important ones that never ends. */
  @Property(tries = 50, seed = SEED)
  void largeRunIsNotOvertakenForEver(
      @ForAll("streams") List<Integer> steps, @ForAll("priorities") int priority) {
    var cluster = new Cluster(new Limits(Map.of("a", 3), Map.of()));
    // Only who comes within so many hours as its priority is higher (they count when they are over)
    // stays before it.
    int hours = priority + 1;
    int longest = Collections.max(steps);
    int bound = 6 * hours + (2 * (6 * hours + 1) * longest + 5) / 3 + 2 * longest + 5;
    int turn = 0;
    cluster.arrive(new Arrival("x", 0, 0, Map.of("a", 1), 5, List.of("a")));
    cluster.obey(cluster.decide());
    cluster.arrive(new Arrival("x", 0, 0, Map.of("a", 3), 5, List.of("a")));
    var large = new RunId("x", "run-1");
    while (cluster.since.containsKey(large)) {
      int each = steps.get(turn % steps.size());
      IntStream.range(0, 2)
          .forEach(
              _ ->
                  cluster.arrive(
                      new Arrival("y", priority, 0, Map.of("a", 1), each, List.of("a"))));
      cluster.obey(cluster.decide());
      cluster.step();
      assertThat(turn++).as("steps").isLessThan(bound);
    }
  }

  @Provide
  Arbitrary<List<Integer>> streams() {
    return Arbitraries.integers().between(1, 4).list().ofMinSize(1).ofMaxSize(3);
  }

  @Provide
  Arbitrary<Integer> priorities() {
    return Arbitraries.integers().between(0, 3);
  }
}
