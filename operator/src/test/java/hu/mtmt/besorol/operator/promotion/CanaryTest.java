package hu.mtmt.besorol.operator.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.api.ClassifierModelSpec.RolloutPolicy;
import hu.mtmt.besorol.contract.ServiceReport;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.promotion.Canary.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CanaryTest {
  private static final RolloutPolicy POLICY = RolloutPolicy.DEFAULT;
  private static final Duration BEFORE = Duration.ofSeconds(299);
  private static final Duration OVER = Duration.ofSeconds(300);

  /** What one pod tells of documents that all took as long. */
  private static ServiceReport report(
      int requests,
      int failures,
      long millis,
      Map<String, Integer> subjects,
      int otherProbes,
      ServiceReport.Baseline baseline) {
    var times = new Integer[ServiceReport.BUCKETS];
    Arrays.fill(times, 0);
    times[ServiceReport.bucket(TimeUnit.MILLISECONDS.toNanos(millis))] =
        subjects.values().stream().mapToInt(n -> n).sum();
    var probe = new HashMap<String, String>();
    for (int i = 0; i < 20; i++) {
      probe.put("document " + i, i < otherProbes ? "other" : "same");
    }
    return new ServiceReport(
        Samples.digest("v"), requests, failures, List.of(times), subjects, probe, baseline);
  }

  private static Figures figures(
      int requests, int failures, long millis, Map<String, Integer> subjects, int otherProbes) {
    return Figures.of(List.of(report(requests, failures, millis, subjects, otherProbes, null)));
  }

  /** Of a pod all of whose documents but 99 were answered before their times counted. */
  private static Figures cold(int requests, long millis, Map<String, Integer> subjects) {
    var warm = report(0, 0, millis, Map.of("a", 99), 0, null);
    var all = report(requests, 0, millis, subjects, 0, null);
    return Figures.of(
        List.of(
            new ServiceReport(
                all.version(), requests, 0, warm.times(), subjects, all.probe(), null)));
  }

  /** Of two pods whose baselines answered half of so many documents each. */
  private static Figures shadowed(String serving, int documents, int agreeing) {
    var half = new ServiceReport.Baseline(Samples.digest(serving), documents / 2, agreeing / 2);
    var rest =
        new ServiceReport.Baseline(
            Samples.digest(serving), documents - documents / 2, agreeing - agreeing / 2);
    return Figures.of(
        List.of(report(0, 0, 8, Map.of(), 0, half), report(0, 0, 8, Map.of(), 0, rest)));
  }

  private static final Map<String, Integer> AS_EVER = Map.of("a", 300, "b", 500, "c", 200);
  private static final Figures SERVING = figures(1000, 1, 8, AS_EVER, 0);
  private static final Figures NOTHING = figures(0, 0, 8, Map.of(), 0);

  /**
   * @param expected a part of the reason to go back, or null
   */
  private record Row(String name, Figures canary, Figures serving, String expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row("answers as well", figures(1000, 1, 8, AS_EVER, 0), SERVING, null),
        new Row("gets no requests", NOTHING, NOTHING, null),
        new Row(
            "as many fail as before",
            figures(100, 30, 8, AS_EVER, 0),
            figures(1000, 300, 8, AS_EVER, 0),
            null),
        new Row("two failures may be an accident", figures(10, 2, 8, Map.of(), 0), SERVING, null),
        new Row(
            "three are none",
            figures(10, 3, 8, Map.of(), 0),
            SERVING,
            "3 of 10 requests failed (30.00 %)"),
        new Row("just within the bound", figures(1000, 11, 8, AS_EVER, 0), SERVING, null),
        new Row("just over it", figures(1000, 12, 8, AS_EVER, 0), SERVING, "(errorRatio)"),
        new Row("a little slower", figures(1000, 0, 15, AS_EVER, 0), SERVING, null),
        new Row("much slower", figures(1000, 0, 25, AS_EVER, 0), SERVING, "(latencyRatio)"),
        new Row("much slower while it is cold", cold(1000, 25, AS_EVER), SERVING, null),
        new Row(
            "much slower than one that is cold",
            figures(1000, 0, 25, AS_EVER, 0),
            cold(1000, 8, AS_EVER),
            null),
        new Row(
            "much slower, and fast all the same",
            figures(1000, 0, 9, AS_EVER, 0),
            figures(1000, 0, 1, AS_EVER, 0),
            null),
        new Row(
            "slow, of a few documents",
            figures(99, 0, 25, Map.of("a", 33, "b", 55, "c", 11), 0),
            SERVING,
            null),
        new Row(
            "says otherwise of half of the self-test",
            figures(0, 0, 8, Map.of(), 10),
            SERVING,
            null),
        new Row(
            "of more than half", figures(0, 0, 8, Map.of(), 11), SERVING, "9 of the 20 documents"),
        new Row(
            "says otherwise of half of what it is asked", shadowed("v", 100, 50), SERVING, null),
        new Row(
            "of more than half of that",
            shadowed("v", 101, 50),
            SERVING,
            "50 of the 101 documents of clients"),
        new Row("of all, which are few", shadowed("v", 99, 0), SERVING, null),
        new Row("than a version says that serves no more", shadowed("u", 1000, 0), SERVING, null),
        new Row(
            "other shares",
            figures(1000, 0, 8, Map.of("a", 320, "b", 450, "c", 230), 0),
            SERVING,
            null),
        new Row(
            "quite other shares",
            figures(1000, 0, 8, Map.of("a", 950, "b", 50), 0),
            SERVING,
            "(divergence)"),
        new Row(
            "no subject any more",
            figures(1000, 0, 8, Map.of(ServiceReport.NONE, 1000), 0),
            SERVING,
            "diverge by 0.9"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isTakenBackOutsideTheBounds(Row row) {
    var verdict =
        Canary.decide(POLICY, 1, BEFORE, Optional.of(row.canary()), Optional.of(row.serving()));
    if (row.expected() == null) {
      assertThat(verdict).isEqualTo(new Verdict.Wait(Optional.empty()));
    } else {
      assertThat(verdict).isInstanceOf(Verdict.Back.class);
      assertThat(((Verdict.Back) verdict).why()).contains(row.expected());
    }
  }

  @Test
  void goesOnWhenTheTimeOfAStepIsOver() {
    assertThat(ofAGoodOne(1, BEFORE)).isEqualTo(new Verdict.Wait(Optional.empty()));
    assertThat(ofAGoodOne(1, OVER)).isEqualTo(new Verdict.NextStep());
    assertThat(ofAGoodOne(2, BEFORE)).isEqualTo(new Verdict.Wait(Optional.empty()));
    assertThat(ofAGoodOne(2, OVER)).isEqualTo(new Verdict.Complete());
    assertThat(ofAGoodOne(3, OVER))
        .as("watched only")
        .isEqualTo(new Verdict.Wait(Optional.empty()));
  }

  private static Verdict ofAGoodOne(int step, Duration held) {
    return Canary.decide(POLICY, step, held, Optional.of(SERVING), Optional.of(SERVING));
  }

  @Test
  void goesNowhereWhileFiguresAreNotKnown() {
    assertThat(Canary.decide(POLICY, 1, OVER, Optional.empty(), Optional.of(SERVING)))
        .isEqualTo(
            new Verdict.Wait(Optional.of("The figures of the canary's pods are not known.")));
    assertThat(Canary.decide(POLICY, 1, OVER, Optional.of(SERVING), Optional.empty()))
        .isEqualTo(
            new Verdict.Wait(
                Optional.of("The figures of the serving version's pods are not known.")));
  }

  @Test
  void isTakenBackAfterItsLastStepToo() {
    var bad = Optional.of(figures(10, 10, 8, Map.of(), 0));
    assertThat(Canary.decide(POLICY, 3, OVER, bad, Optional.of(SERVING)))
        .isInstanceOf(Verdict.Back.class);
  }

  @ParameterizedTest
  @CsvSource({
    // percent, serving, pods
    "10, 1, 1",
    "10, 2, 1",
    "10, 9, 1",
    "10, 18, 2",
    "25, 3, 1",
    "25, 6, 2",
    "50, 1, 1",
    "50, 4, 4",
    "90, 4, 4",
    "1, 99, 1",
    "1, 100, 1",
    "99, 2, 2"
  })
  void percentageIsReachedByNumbersOfPods(int percent, int serving, int pods) {
    assertThat(Canary.pods(percent, serving)).isEqualTo(pods);
  }

  @Test
  void podsAreCountedTogether() {
    var both =
        Figures.of(
            List.of(
                report(100, 1, 5, Map.of("a", 60, "b", 40), 0, null),
                report(50, 2, 5, Map.of("b", 50), 3, null)));
    assertThat(both.requests()).isEqualTo(150);
    assertThat(both.failures()).isEqualTo(3);
    assertThat(both.subjects()).isEqualTo(Map.of("a", 60, "b", 90));
    assertThat(both.documents()).isEqualTo(150);
    assertThat(both.percentile95Millis()).isBetween(5.0, 6.0);
  }

  @Test
  void divergenceIsThatOfJensenAndShannonWithoutWhatIsChance() {
    var half = figures(0, 0, 1, Map.of("a", 1_000_000), 0);
    var other = figures(0, 0, 1, Map.of("a", 500_000, "b", 500_000), 0);
    // H(3/4, 1/4) - (H(1, 0) + H(1/2, 1/2)) / 2 = 0.8113 - 0.5
    assertThat(half.divergence(other)).isCloseTo(0.3113, within(0.0001));
    assertThat(other.divergence(half)).isCloseTo(0.3113, within(0.0001));
    assertThat(half.divergence(half)).isZero();
    var many = new TreeMap<String, Integer>();
    var few = new TreeMap<String, Integer>();
    for (int i = 0; i < 200; i++) {
      many.put("s" + i, 1);
      few.put("s" + i, i % 2 * 2);
    }
    few.values().removeIf(n -> n == 0);
    assertThat(figures(0, 0, 1, many, 0).divergence(figures(0, 0, 1, few, 0)))
        .as("200 documents of 200 subjects tell nothing of their shares")
        .isLessThan(0.1);
  }
}
