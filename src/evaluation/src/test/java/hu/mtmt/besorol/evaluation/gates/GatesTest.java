package hu.mtmt.besorol.evaluation.gates;

import static hu.mtmt.besorol.evaluation.gates.GateOutcome.State.FAILED;
import static hu.mtmt.besorol.evaluation.gates.GateOutcome.State.PASSED;
import static hu.mtmt.besorol.evaluation.gates.GateOutcome.State.UNMEASURED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Gate;
import hu.mtmt.besorol.contract.Gate.VersusServing;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.evaluation.gates.GateOutcome.State;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GatesTest {
  private static final Digest VERSION = Digest.of(new byte[] {1});
  private static final Digest SERVING = Digest.of(new byte[] {2});
  private static final Digest OTHER = Digest.of(new byte[] {3});

  static Stream<Arguments> bounds() {
    return Stream.of(
        arguments(minimum(Metric.STRICT_F1, "0.60"), 0.61, PASSED, "0.6100", "≥ 0.60"),
        arguments(minimum(Metric.STRICT_F1, "0.60"), 0.60, PASSED, "0.6000", "≥ 0.60"),
        arguments(minimum(Metric.STRICT_F1, "0.60"), 0.59999, FAILED, "0.59999", "≥ 0.60"),
        arguments(minimum(Metric.STRICT_F1, "0.60"), 0.0, FAILED, "0.0000", "≥ 0.60"),
        arguments(minimum(Metric.STRICT_F1, "0"), 0.0, PASSED, "0.0000", "≥ 0"),
        arguments(minimum(Metric.GREEN_SUBJECTS, "100"), 100.0, PASSED, "100", "≥ 100"),
        arguments(minimum(Metric.GREEN_SUBJECTS, "100"), 99.0, FAILED, "99", "≥ 100"),
        arguments(maximum(Metric.RED_SUBJECTS, "5"), 5.0, PASSED, "5", "≤ 5"),
        arguments(maximum(Metric.RED_SUBJECTS, "5"), 6.0, FAILED, "6", "≤ 5"),
        arguments(maximum(Metric.LATENCY_P95_MILLIS, "20"), 19.5, PASSED, "19.50", "≤ 20"),
        arguments(maximum(Metric.LATENCY_P95_MILLIS, "20"), 20.001, FAILED, "20.001", "≤ 20"),
        arguments(maximum(Metric.PACKAGE_MIB, "100"), 12.345, PASSED, "12.35", "≤ 100"),
        arguments(minimum(Metric.STRICT_F1, "0.60"), null, UNMEASURED, null, "≥ 0.60"),
        arguments(maximum(Metric.PACKAGE_MIB, "100"), null, UNMEASURED, null, "≤ 100"));
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void holdsAFigureAgainstABound(
      Gate gate, Double figure, State state, String value, String wanted) {
    Map<Metric, Double> figures = figure == null ? Map.of() : Map.of(gate.metric(), figure);

    assertThat(Gates.judge(List.of(gate), VERSION, figures, List.of(), SERVING))
        .containsExactly(new GateOutcome(gate.name(), state, value, wanted));
  }

  @Test
  void takesAFigureThatIsNoNumberForAFailure() {
    var figures = Map.of(Metric.STRICT_F1, Double.NaN);

    assertThat(
            Gates.judge(
                List.of(minimum(Metric.STRICT_F1, "0"), maximum(Metric.STRICT_F1, "1")),
                VERSION,
                figures,
                List.of(),
                null))
        .extracting(GateOutcome::state)
        .containsExactly(FAILED, FAILED);
  }

  @ParameterizedTest
  @CsvSource({
    "0,     0.01,   0.001,  0.02,  PASSED",
    "0,     0.01,   0,      0.02,  PASSED",
    "0,     0.01,  -0.001,  0.02,  FAILED",
    "0.005, 0,     -0.005,  0.005, PASSED",
    "0.005, 0.001, -0.0051, 0.007, FAILED",
    "0.005, 0.001,  NaN,    0.007, FAILED",
    "1,    -0.9,   -1,     -0.8,   PASSED"
  })
  void holdsTheLowerEndOfTheIntervalAgainstTheAcceptedLoss(
      String maxLoss, double difference, double lower, double upper, State state) {
    var gate = versusServing(Metric.LENIENT_F1, maxLoss, "0.95");
    var comparison =
        new Comparison(Metric.LENIENT_F1, SERVING, "0.95", difference, lower, upper, 300, null);

    var outcome = judge(gate, List.of(comparison), SERVING);

    assertThat(outcome.state()).isEqualTo(state);
    assertThat(outcome.wanted())
        .isEqualTo(
            "LenientF1 lost to the serving version ≤ %s at 0.95 confidence".formatted(maxLoss));
  }

  @Test
  void showsTheDifferenceAndItsInterval() {
    var comparison =
        new Comparison(Metric.STRICT_F1, SERVING, "0.95", 0.0123, -0.001, 0.03, 300, null);

    assertThat(
            judge(versusServing(Metric.STRICT_F1, "0.005", "0.95"), List.of(comparison), SERVING))
        .returns("+0.0123 [-0.0010, +0.0300]", GateOutcome::value);
  }

  @Test
  void passesWhileNothingServes() {
    assertThat(judge(versusServing(Metric.STRICT_F1, "0", "0.95"), List.of(), null))
        .returns(PASSED, GateOutcome::state)
        .returns("nothing serves yet", GateOutcome::value);
  }

  @Test
  void passesTheVersionThatServes() {
    assertThat(judge(versusServing(Metric.STRICT_F1, "0", "0.95"), List.of(), VERSION))
        .returns(PASSED, GateOutcome::state)
        .returns("it serves", GateOutcome::value);
  }

  @Test
  void failsWhereAnObstacleStands() {
    var comparison =
        new Comparison(
            Metric.STRICT_F1, SERVING, "0.95", null, null, null, null, "it knows other subjects");

    assertThat(judge(versusServing(Metric.STRICT_F1, "1", "0.95"), List.of(comparison), SERVING))
        .returns(FAILED, GateOutcome::state)
        .returns("it knows other subjects", GateOutcome::value);
  }

  /** A comparison by another metric, with another version or at another confidence says nothing. */
  static Stream<Comparison> comparisonsOfSomethingElse() {
    return Stream.of(
        new Comparison(Metric.LENIENT_F1, SERVING, "0.95", .1, .1, .1, 300, null),
        new Comparison(Metric.STRICT_F1, OTHER, "0.95", .1, .1, .1, 300, null),
        new Comparison(Metric.STRICT_F1, SERVING, "0.9", .1, .1, .1, 300, null));
  }

  @ParameterizedTest
  @MethodSource("comparisonsOfSomethingElse")
  void isUnmeasuredWithoutTheComparisonThatItNeeds(Comparison comparison) {
    var gate = versusServing(Metric.STRICT_F1, "0", "0.95");

    assertThat(judge(gate, List.of(comparison), SERVING))
        .returns(UNMEASURED, GateOutcome::state)
        .returns(null, GateOutcome::value);
    assertThat(Gates.missingComparisons(List.of(gate), VERSION, List.of(comparison), SERVING))
        .containsExactly(new ComparisonRequest(Metric.STRICT_F1, SERVING, "0.95"));
  }

  @Test
  void answersInTheOrderOfTheGates() {
    var gates =
        List.of(
            named("z", minimum(Metric.STRICT_F1, "0.6")),
            named("a", versusServing(Metric.STRICT_F1, "0", "0.95")),
            named("m", maximum(Metric.PACKAGE_MIB, "10")));

    assertThat(Gates.judge(gates, VERSION, Map.of(), List.of(), SERVING))
        .extracting(GateOutcome::gate)
        .containsExactly("z", "a", "m");
  }

  @Test
  void asksForEveryComparisonOnce() {
    var gates =
        List.of(
            minimum(Metric.STRICT_F1, "0.6"),
            versusServing(Metric.STRICT_F1, "0", "0.95"),
            versusServing(Metric.STRICT_F1, "0.1", "0.95"),
            versusServing(Metric.STRICT_F1, "0", "0.9"),
            versusServing(Metric.LENIENT_F1, "0", "0.95"));

    assertThat(Gates.requests(gates, null, SERVING))
        .containsExactly(
            new ComparisonRequest(Metric.STRICT_F1, SERVING, "0.95"),
            new ComparisonRequest(Metric.STRICT_F1, SERVING, "0.9"),
            new ComparisonRequest(Metric.LENIENT_F1, SERVING, "0.95"));
  }

  @Test
  void asksForNoComparisonWhereNoneCanBe() {
    var gates = List.of(versusServing(Metric.STRICT_F1, "0", "0.95"));

    assertThat(Gates.requests(gates, VERSION, null)).isEmpty();
    assertThat(Gates.requests(gates, VERSION, VERSION)).isEmpty();
    assertThat(Gates.missingComparisons(gates, VERSION, List.of(), VERSION)).isEmpty();
  }

  @Test
  void missesNothingOnceAllIsMade() {
    var gates = List.of(versusServing(Metric.STRICT_F1, "0", "0.95"));
    var made =
        new Comparison(Metric.STRICT_F1, SERVING, "0.95", null, null, null, null, "obstacle");

    assertThat(Gates.missingComparisons(gates, VERSION, List.of(made), SERVING)).isEmpty();
  }

  private static GateOutcome judge(Gate gate, List<Comparison> comparisons, Digest serving) {
    return Gates.judge(List.of(gate), VERSION, Map.of(), comparisons, serving).getFirst();
  }

  private static Gate minimum(Metric metric, String bound) {
    return new Gate("gate", metric, bound, null, null);
  }

  private static Gate maximum(Metric metric, String bound) {
    return new Gate("gate", metric, null, bound, null);
  }

  private static Gate versusServing(Metric metric, String maxLoss, String confidence) {
    return new Gate("gate", metric, null, null, new VersusServing(maxLoss, confidence));
  }

  private static Gate named(String name, Gate gate) {
    return new Gate(name, gate.metric(), gate.minimum(), gate.maximum(), gate.versusServing());
  }
}
