package hu.mtmt.besorol.evaluation.gates;

import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Gate;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.evaluation.gates.GateOutcome.State;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Judges versions by gates.
 *
 * <p>A bound is compared with the measured value as it is, not as it is printed. A gate against the
 * serving version is passed if the lower end of the interval of the difference is not below minus
 * the accepted loss: the version is not worse by more than that, with the gate's confidence.
 */
public final class Gates {
  private Gates() {}

  /**
   * What every gate says of a version, in the order of the gates.
   *
   * @param gates what is asked for
   * @param version the version that is judged
   * @param figures what was measured of it; may be incomplete
   * @param comparisons comparisons that were made with it; may be incomplete
   * @param serving the version that serves, or null if none does
   */
  public static List<GateOutcome> judge(
      List<Gate> gates,
      Digest version,
      Map<Metric, Double> figures,
      List<Comparison> comparisons,
      Digest serving) {
    return gates.stream()
        .map(
            gate ->
                gate.versusServing() == null
                    ? bound(gate, figures.get(gate.metric()))
                    : versusServing(gate, version, comparisons, serving))
        .toList();
  }

  /** The comparisons that the gates need of a version and that nobody has made yet. */
  public static List<ComparisonRequest> missingComparisons(
      List<Gate> gates, Digest version, List<Comparison> comparisons, Digest serving) {
    return requests(gates, version, serving).stream()
        .filter(request -> comparisons.stream().noneMatch(c -> c.request().equals(request)))
        .toList();
  }

  /**
   * The comparisons that the gates need.
   *
   * @param version the version that is judged, or null if it is not trained yet
   * @param serving the version that serves, or null if none does
   */
  public static List<ComparisonRequest> requests(List<Gate> gates, Digest version, Digest serving) {
    if (serving == null || serving.equals(version)) {
      return List.of();
    }
    return gates.stream()
        .filter(gate -> gate.versusServing() != null)
        .map(gate -> request(gate, serving))
        .distinct()
        .toList();
  }

  private static ComparisonRequest request(Gate gate, Digest serving) {
    return new ComparisonRequest(gate.metric(), serving, gate.versusServing().confidence());
  }

  private static GateOutcome bound(Gate gate, Double value) {
    var minimum = gate.minimum() != null;
    var bound = new BigDecimal(minimum ? gate.minimum() : gate.maximum());
    var wanted = (minimum ? "≥ " : "≤ ") + bound.toPlainString();
    if (value == null) {
      return new GateOutcome(gate.name(), State.UNMEASURED, null, wanted);
    }
    // Written so that a figure that is no number passes neither.
    var passed = minimum ? value >= bound.doubleValue() : value <= bound.doubleValue();
    return new GateOutcome(
        gate.name(), state(passed), print(gate.metric(), value, passed, bound), wanted);
  }

  /** A figure that failed by less than its decimals show is written out in full. */
  private static String print(Metric metric, double value, boolean passed, BigDecimal bound) {
    var rounded = print(metric, value);
    return passed || !Double.isFinite(value) || new BigDecimal(rounded).compareTo(bound) != 0
        ? rounded
        : BigDecimal.valueOf(value).toPlainString();
  }

  private static GateOutcome versusServing(
      Gate gate, Digest version, List<Comparison> comparisons, Digest serving) {
    var loss = new BigDecimal(gate.versusServing().maxLoss());
    var wanted =
        "%s lost to the serving version ≤ %s at %s confidence"
            .formatted(
                gate.metric().written(), loss.toPlainString(), gate.versusServing().confidence());
    if (serving == null) {
      return new GateOutcome(gate.name(), State.PASSED, "nothing serves yet", wanted);
    }
    if (serving.equals(version)) {
      return new GateOutcome(gate.name(), State.PASSED, "it serves", wanted);
    }
    var request = request(gate, serving);
    var comparison =
        comparisons.stream().filter(c -> Objects.equals(c.request(), request)).findFirst();
    if (comparison.isEmpty()) {
      return new GateOutcome(gate.name(), State.UNMEASURED, null, wanted);
    }
    var c = comparison.get();
    if (c.obstacle() != null) {
      return new GateOutcome(gate.name(), State.FAILED, c.obstacle(), wanted);
    }
    var value =
        String.format(Locale.ROOT, "%+.4f [%+.4f, %+.4f]", c.difference(), c.lower(), c.upper());
    return new GateOutcome(gate.name(), state(c.lower() >= -loss.doubleValue()), value, wanted);
  }

  private static State state(boolean passed) {
    return passed ? State.PASSED : State.FAILED;
  }

  /** A metric's value for people: shares with four decimals, as in the tables of the field. */
  public static String print(Metric metric, double value) {
    return switch (metric.unit()) {
      case SHARE -> String.format(Locale.ROOT, "%.4f", value);
      case COUNT -> String.format(Locale.ROOT, "%.0f", value);
      case MILLISECONDS, MEBIBYTES -> String.format(Locale.ROOT, "%.2f", value);
    };
  }
}
