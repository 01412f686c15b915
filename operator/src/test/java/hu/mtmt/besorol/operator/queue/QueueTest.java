package hu.mtmt.besorol.operator.queue;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.operator.queue.Limits.QuotaKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Limits TWO = new Limits(Map.of("g2", 2), Map.of());

  private static RunId id(String name) {
    return new RunId("x", name);
  }

  private static Waiting waiting(String name, int priority, int nodes, String... choices) {
    var created = NOW.minusSeconds(60);
    return new Waiting(
        id(name), priority, created, created, Arrays.asList(choices), all(nodes, choices));
  }

  private static Map<String, Integer> all(int nodes, String... choices) {
    return Arrays.stream(choices).collect(Collectors.toMap(c -> c, _ -> nodes));
  }

  private static Holder holder(String name, int priority, int minutesUnsafe) {
    var safe = NOW.minusSeconds(60L * minutesUnsafe);
    return new Holder(id(name), priority, "g2", 1, safe, false, Optional.of(2100));
  }

  private static Map<RunId, Verdict> decide(
      Limits limits, List<Holder> holders, Waiting... waiting) {
    return Queue.decide(limits, holders, List.of(waiting), NOW);
  }

  @Test
  void freeMachinesAreTakenInOrder() {
    assertThat(
            decide(
                TWO,
                List.of(holder("held", 0, 1)),
                waiting("b", 0, 1, "g2"),
                waiting("a", 0, 1, "g2"),
                waiting("c", 0, 1, "g2", "m2")))
        .containsEntry(id("a"), new Verdict.Admit("g2", 1))
        .containsEntry(id("c"), new Verdict.Admit("m2", 1))
        .hasEntrySatisfying(
            id("b"),
            v ->
                assertThat(v)
                    .isInstanceOfSatisfying(
                        Verdict.Wait.class,
                        w -> {
                          assertThat(w.flavor()).isEqualTo("g2");
                          assertThat(w.missing()).isEqualTo(1);
                          assertThat(w.limit()).isEqualTo(2);
                          assertThat(w.before()).isZero();
                          assertThat(w.holders())
                              .extracting(h -> h.id().name())
                              .containsExactly("held", "a");
                        }));
  }

  /** Of 4 nodes so many are held for so long; a run takes 3 of them for 1000 s, or fewer. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # held, remaining, on 1, on 2, admitted
          1,      5000,      2500, 1400, 3
          2,      5000,      2500, 1400, 2
          2,      400,       2500, 1400, -
          2,      401,       2500, 1400, 2
          3,      5000,      2500, 1400, 1
          3,      1500,      2500, 1400, -
          3,      -,         2500, 1400, -
          4,      5000,      2500, 1400, -
          2,      5000,      1300, 1400, 1
          """)
  void fewerMachinesAreTakenWhereThatEndsItSooner(
      int held, Integer remaining, int onOne, int onTwo, Integer admitted) {
    var four = new Limits(Map.of("g2", 4), Map.of());
    var holder = new Holder(id("held"), 0, "g2", held, NOW, false, Optional.ofNullable(remaining));
    var run =
        new Waiting(
            id("a"),
            0,
            NOW.minusSeconds(120),
            NOW.minusSeconds(120),
            List.of("g2"),
            Map.of("g2", 3),
            Map.of("g2", new TreeMap<>(Map.of(1, onOne, 2, onTwo, 3, 1000))));
    var verdict = decide(four, List.of(holder), run, waiting("b", 0, 4, "g2")).get(id("a"));
    if (admitted == null) {
      assertThat(verdict).isInstanceOf(Verdict.Wait.class);
    } else {
      assertThat(verdict).isEqualTo(new Verdict.Admit("g2", admitted));
      assertThat(run.takes(new Verdict.Admit("g2", admitted))).isTrue();
    }
  }

  @Test
  void fewerMachinesAreNoReasonToOvertake() {
    var run =
        new Waiting(
            id("a"),
            0,
            NOW,
            NOW,
            List.of("g2"),
            Map.of("g2", 2),
            Map.of("g2", new TreeMap<>(Map.of(1, 10, 2, 9))));
    assertThat(decide(TWO, List.of(holder("held", 0, 1)), waiting("first", 1, 2, "g2"), run))
        .hasEntrySatisfying(id("a"), v -> assertThat(v).isInstanceOf(Verdict.Wait.class));
  }

  @Test
  void higherPriorityComesFirst() {
    assertThat(decide(TWO, List.of(), waiting("a", 0, 1, "g2"), waiting("b", 5, 2, "g2")))
        .containsEntry(id("b"), new Verdict.Admit("g2", 2));
  }

  @Test
  void gangIsAdmittedWholeAndKeepsItsPlace() {
    var verdicts =
        decide(
            TWO,
            List.of(holder("held", 0, 1)),
            waiting("a-large", 0, 2, "g2"),
            waiting("b-small", 0, 1, "g2"));
    assertThat(verdicts.values()).allMatch(Verdict.Wait.class::isInstance);
    assertThat(((Verdict.Wait) verdicts.get(id("b-small"))).before()).isEqualTo(1);
  }

  @Test
  void gangMayBeSmallerOnAnotherFlavor() {
    var gang = new Waiting(id("a"), 0, NOW, NOW, List.of("g2", "m2"), Map.of("g2", 2, "m2", 1));
    var limits = new Limits(Map.of("g2", 2, "m2", 1), Map.of());
    assertThat(decide(limits, List.of(), gang)).containsEntry(id("a"), new Verdict.Admit("g2", 2));
    assertThat(decide(limits, List.of(holder("held", 0, 1)), gang))
        .containsEntry(id("a"), new Verdict.Admit("m2", 1));
  }

  @Test
  void victimHasTheYoungestCheckpoint() {
    assertThat(
            decide(
                TWO,
                List.of(holder("old", 0, 50), holder("young", 0, 5)),
                waiting("urgent", 10, 1, "g2")))
        .containsEntry(id("young"), new Verdict.Leave(id("urgent"), 10))
        .doesNotContainKey(id("old"));
  }

  @Test
  void nobodyMakesRoomInVain() {
    assertThat(
            decide(
                TWO,
                List.of(holder("same", 10, 50), holder("less", 0, 5)),
                waiting("urgent", 10, 2, "g2")))
        .containsOnlyKeys(id("urgent"));
  }

  @Test
  void whoLeavesAnywayIsEnough() {
    var leaving = new Holder(id("gone"), 20, "g2", 1, NOW, true, Optional.empty());
    assertThat(decide(TWO, List.of(leaving, holder("less", 0, 5)), waiting("urgent", 10, 1, "g2")))
        .containsOnlyKeys(id("urgent"));
  }

  @Test
  void quotaHoldsAndLetsOthersPass() {
    var limits = new Limits(Map.of("g2", 3), Map.of(new QuotaKey("x", "g2"), 1));
    var other = new Waiting(new RunId("y", "other"), 0, NOW, NOW, List.of("g2"), Map.of("g2", 2));
    var verdicts = decide(limits, List.of(holder("held", 0, 1)), waiting("a", 0, 1, "g2"), other);
    assertThat(verdicts).containsEntry(other.id(), new Verdict.Admit("g2", 2));
    assertThat(verdicts.get(id("a")))
        .isInstanceOfSatisfying(
            Verdict.Wait.class,
            w -> {
              assertThat(w.ofQuota()).isTrue();
              assertThat(w.limit()).isEqualTo(1);
            });
  }

  @Test
  void waitingRaisesThePriorityForTheTurnOnly() {
    var hour = NOW.minusSeconds(3 * 3600);
    var patient = new Waiting(id("patient"), 0, hour, hour, List.of("g2"), Map.of("g2", 1));
    var limits = new Limits(Map.of("g2", 1), Map.of());
    assertThat(decide(limits, List.of(), waiting("important", 2, 1, "g2"), patient))
        .containsEntry(id("patient"), new Verdict.Admit("g2", 1));
    assertThat(decide(limits, List.of(holder("held", 1, 1)), patient))
        .as("does not drive anybody out")
        .containsOnlyKeys(id("patient"));
  }
}
