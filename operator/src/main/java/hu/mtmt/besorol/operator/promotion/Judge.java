package hu.mtmt.besorol.operator.promotion;

import hu.mtmt.besorol.api.ClassifierModelSpec;
import hu.mtmt.besorol.api.ClassifierModelStatus.GateResult;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.evaluation.gates.GateOutcome;
import hu.mtmt.besorol.evaluation.gates.GateOutcome.State;
import hu.mtmt.besorol.evaluation.gates.Gates;
import hu.mtmt.besorol.operator.status.Judgements;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says of a version whether it may serve. Figures that rest on another holdout, taxonomy, level or
 * other grades than the model's are none.
 *
 * <p>Gates against the serving version are asked of versions that are newer than it. To go back to
 * an older one is a decision that a comparison must not forbid: it would hold just when it is
 * needed.
 */
final class Judge {
  private final ClassifierModelSpec spec;
  private final String basis;
  private final ModelVersion serving;

  /**
   * @param serving the version that serves, or null
   */
  Judge(ClassifierModelSpec spec, ModelVersion serving) {
    this.spec = spec;
    this.basis = Judgements.basis(spec);
    this.serving = serving;
  }

  /**
   * What is to be said of a version.
   *
   * @param outcomes what each gate says
   * @param missing the comparisons that nobody has made yet
   * @param withdrawn whether its canary was broken off
   */
  record Opinion(List<GateOutcome> outcomes, List<ComparisonRequest> missing, boolean withdrawn) {
    State state() {
      if (withdrawn) {
        return State.FAILED;
      }
      var states = outcomes.stream().map(GateOutcome::state).collect(Collectors.toSet());
      if (states.contains(State.FAILED)) {
        return State.FAILED;
      }
      return states.contains(State.UNMEASURED) ? State.UNMEASURED : State.PASSED;
    }

    List<GateResult> results() {
      return outcomes.stream()
          .map(
              o ->
                  new GateResult(
                      o.gate(),
                      o.value(),
                      o.wanted(),
                      switch (o.state()) {
                        case PASSED -> true;
                        case FAILED -> false;
                        case UNMEASURED -> null;
                      }))
          .toList();
    }
  }

  Opinion opinion(ModelVersion version) {
    var judgement = version.judgement();
    var usable = judgement != null && judgement.basis().equals(basis);
    Map<Metric, Double> figures = usable ? Judgements.figures(judgement) : Map.of();
    List<Comparison> comparisons = usable ? Judgements.comparisons(judgement) : List.of();
    var digest = new Digest(version.version());
    var older = serving != null && Versions.older(version, serving);
    var baseline = serving == null || older ? null : new Digest(serving.version());
    var outcomes = Gates.judge(spec.gates(), digest, figures, comparisons, baseline);
    return new Opinion(
        older ? outcomes.stream().map(this::ofOlder).toList() : outcomes,
        Gates.missingComparisons(spec.gates(), digest, comparisons, baseline),
        version.withdrawn() != null);
  }

  private GateOutcome ofOlder(GateOutcome outcome) {
    var versusServing =
        spec.gates().stream()
            .anyMatch(g -> g.name().equals(outcome.gate()) && g.versusServing() != null);
    return versusServing
        ? new GateOutcome(
            outcome.gate(),
            outcome.state(),
            "not asked: older than the serving version",
            outcome.wanted())
        : outcome;
  }
}
