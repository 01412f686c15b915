package hu.mtmt.besorol.operator.promotion;

import static hu.mtmt.besorol.operator.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModelSpec;
import hu.mtmt.besorol.api.ClassifierModelSpec.Promotion;
import hu.mtmt.besorol.api.ClassifierModelSpec.PromotionMode;
import hu.mtmt.besorol.api.ClassifierModelStatus.ForcedPromotion;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.api.ClassifierModelStatus.Withdrawal;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Gate;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.operator.Samples;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Versions are named v1, v2, …; a higher number is newer. */
class DecisionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static ClassifierModelSpec automatic() {
    return Samples.model("frascati").getSpec();
  }

  private static ClassifierModelSpec manual(String version) {
    return with(automatic().gates(), new Promotion(PromotionMode.MANUAL, version));
  }

  private static ClassifierModelSpec forced(String version, String reason) {
    return with(automatic().gates(), new Promotion(PromotionMode.MANUAL, version, true, reason));
  }

  private static ClassifierModelSpec floor(String minimum) {
    return with(
        List.of(new Gate("floor", Metric.STRICT_F1, minimum, null, null)), automatic().promotion());
  }

  private static ClassifierModelSpec with(List<Gate> gates, Promotion promotion) {
    var s = automatic();
    return new ClassifierModelSpec(
        s.taxonomy(),
        s.holdout(),
        s.store(),
        gates,
        s.grades(),
        promotion,
        s.serving(),
        s.retainedVersions());
  }

  private static String digest(int number) {
    return Samples.digest("v" + number).value();
  }

  private static Comparison versus(int number, double difference) {
    return Samples.comparison(
        new ComparisonRequest(Metric.LENIENT_F1, Samples.digest("v" + number), "0.95"), difference);
  }

  private static Decision decide(
      ClassifierModelSpec spec, Integer serving, ModelVersion... versions) {
    return Decision.of(
        spec, new Versions(List.of(versions)), serving == null ? null : digest(serving), NOW);
  }

  private static Map<String, Verdict> verdicts(Decision decision) {
    return decision.versions().newestFirst().stream()
        .collect(Collectors.toMap(ModelVersion::trainingRun, ModelVersion::verdict));
  }

  private static List<String> evaluated(Decision decision) {
    return decision.evaluations().stream()
        .map(e -> e.version().value())
        .map(d -> Stream.of(1, 2, 3, 4).filter(n -> digest(n).equals(d)).findFirst().orElseThrow())
        .map(n -> "v" + n)
        .toList();
  }

  @Test
  void nothingIsWantedOfNothing() {
    var decision = decide(automatic(), null);
    assertThat(decision.wanted()).isEmpty();
    assertThat(decision.evaluations()).isEmpty();
  }

  @Test
  void newestThatPassesIsWanted() {
    var decision = decide(automatic(), null, version(1, 0.7), version(2, 0.8), version(3, 0.5));
    assertThat(decision.wanted()).contains(digest(2));
    assertThat(verdicts(decision))
        .isEqualTo(
            Map.of(
                "run-3", Verdict.REJECTED,
                "run-2", Verdict.PASSED,
                "run-1", Verdict.SUPERSEDED));
  }

  @Test
  void versionWhoseCanaryWasBrokenOffIsRejectedUntilItIsForced() {
    var v1 = version(1, 0.7);
    var taken =
        new Versions(List.of(version(2, 0.8, versus(1, 0.02))))
            .with(digest(2), new Withdrawal("3 of 10 requests failed.", NOW.toString()))
            .newestFirst()
            .getFirst();
    var decision = decide(automatic(), 1, v1, taken);
    assertThat(decision.wanted()).contains(digest(1));
    assertThat(verdicts(decision))
        .isEqualTo(Map.of("run-2", Verdict.REJECTED, "run-1", Verdict.SERVING));
    assertThat(decision.problem()).get().returns(Reason.CANARY_FAILED, p -> p.reason());
    assertThat(decision.versions().find(digest(2)).orElseThrow().withdrawn().reason())
        .isEqualTo("3 of 10 requests failed.");
    assertThat(decide(manual(digest(2)), 1, v1, taken).wanted()).contains(digest(1));
    assertThat(decide(forced(digest(2), "It is urgent."), 1, v1, taken).wanted())
        .contains(digest(2));
    var next = decide(automatic(), 1, v1, taken, version(3, 0.8, versus(1, 0.02)));
    assertThat(next.wanted()).contains(digest(3));
    assertThat(next.problem()).isEmpty();
  }

  @Test
  void newerThatLosesAgainstTheServingOneIsRejected() {
    var decision = decide(automatic(), 1, version(1, 0.7), version(2, 0.8, versus(1, -0.02)));
    assertThat(decision.wanted()).contains(digest(1));
    assertThat(verdicts(decision))
        .isEqualTo(Map.of("run-2", Verdict.REJECTED, "run-1", Verdict.SERVING));
  }

  @Test
  void newerThatWasNotComparedIsJudgedWhileTheOldOneServes() {
    var decision = decide(automatic(), 1, version(1, 0.7), version(2, 0.8));
    assertThat(decision.wanted()).contains(digest(1));
    assertThat(evaluated(decision)).containsExactly("v2");
    assertThat(decision.evaluations().getFirst().comparisons())
        .containsExactly(versus(1, 0).request());
    assertThat(verdicts(decision)).containsEntry("run-2", Verdict.JUDGING);
  }

  @Test
  void whatFailsABoundIsNotJudgedFurther() {
    var decision = decide(automatic(), 1, version(1, 0.7), version(2, 0.5));
    assertThat(decision.evaluations()).isEmpty();
    assertThat(verdicts(decision)).containsEntry("run-2", Verdict.REJECTED);
  }

  @Test
  void comparisonWithAVersionThatServedBeforeCountsNoMore() {
    var decision =
        decide(
            automatic(),
            2,
            version(1, 0.7),
            version(2, 0.7, versus(1, 0.1)),
            version(3, 0.8, versus(1, 0.1)));
    assertThat(evaluated(decision)).containsExactly("v3");
  }

  @Test
  void olderOnesAreNotLookedAtWhileTheServingOnePasses() {
    var decision = decide(automatic(), 2, version(1, 0.9), version(2, 0.7));
    assertThat(decision.wanted()).contains(digest(2));
    assertThat(decision.evaluations()).isEmpty();
    assertThat(verdicts(decision)).containsEntry("run-1", Verdict.SUPERSEDED);
  }

  @Test
  void raisedGateLetsAnOlderOneReplaceTheServingOne() {
    var decision = decide(floor("0.8"), 2, version(1, 0.9), version(2, 0.7));
    assertThat(decision.wanted()).contains(digest(1));
    assertThat(verdicts(decision))
        .isEqualTo(Map.of("run-1", Verdict.PASSED, "run-2", Verdict.SERVING));
  }

  @Test
  void servingOneGoesOnWhenNonePasses() {
    var decision = decide(floor("0.95"), 2, version(1, 0.9), version(2, 0.7));
    assertThat(decision.wanted()).contains(digest(2));
  }

  @Test
  void changedHoldoutHasTheServingOneJudgedAgainAndKept() {
    var other =
        new DataSource(null, null, "https://h/other", Samples.digest("other holdout").value());
    var decision =
        decide(
            Samples.with(automatic(), other), 1, version(1, 0.7), version(2, 0.8, versus(1, 0.1)));
    assertThat(decision.wanted()).contains(digest(1));
    assertThat(evaluated(decision)).containsExactly("v2", "v1");
  }

  @Test
  void sameDecisionAgainChangesNothing() {
    var once = decide(automatic(), 1, version(1, 0.7), version(2, 0.5));
    var again = Decision.of(automatic(), once.versions(), digest(1), NOW.plusSeconds(99));
    assertThat(again).isEqualTo(once);
  }

  @Test
  void namedVersionIsWantedOnceItPasses() {
    var decision = decide(manual(digest(1)), null, version(1, 0.7), version(2, 0.8));
    assertThat(decision.wanted()).contains(digest(1));
    assertThat(decision.problem()).isEmpty();
    assertThat(verdicts(decision)).containsEntry("run-2", Verdict.PASSED);
  }

  @Test
  void goingBackIsNotForbiddenByAComparison() {
    var decision = decide(manual(digest(1)), 2, version(1, 0.65), version(2, 0.9, versus(1, 0.2)));
    assertThat(decision.wanted()).contains(digest(1));
    assertThat(decision.evaluations()).isEmpty();
    assertThat(decision.versions().find(digest(1)).orElseThrow().gates())
        .extracting(g -> g.value())
        .contains("not asked: older than the serving version");
  }

  @Test
  void namedVersionThatIsNotJudgedYetIsJudgedFirst() {
    var decision = decide(manual(digest(2)), 1, version(1, 0.7), version(2, 0.8), version(3, 0.8));
    assertThat(decision.wanted()).contains(digest(1));
    assertThat(evaluated(decision)).containsExactly("v2", "v3");
    assertThat(decision.problem()).isEmpty();
  }

  @Test
  void manualModeTellsWhyTheNamedOneDoesNotServe() {
    assertThat(decide(manual(null), null, version(1, 0.7)).problem())
        .map(Decision.Problem::reason)
        .contains(Reason.VERSION_NOT_CHOSEN);
    assertThat(decide(manual(digest(9)), 1, version(1, 0.7)).problem())
        .map(Decision.Problem::reason)
        .contains(Reason.VERSION_UNKNOWN);
    var rejected = decide(manual(digest(2)), 1, version(1, 0.7), version(2, 0.5));
    assertThat(rejected.problem().orElseThrow().reason()).isEqualTo(Reason.VERSION_REJECTED);
    assertThat(rejected.problem().orElseThrow().message())
        .contains("gate floor (0.5000, wanted ≥ 0.6)");
    assertThat(rejected.wanted()).contains(digest(1));
  }

  private static ForcedPromotion record(Decision decision, int number) {
    return decision.versions().find(digest(number)).orElseThrow().forced();
  }

  @Test
  void forcedVersionIsWantedAndWhatTheGatesSaidIsKept() {
    var decision = decide(forced(digest(2), "it is urgent"), 1, version(1, 0.7), version(2, 0.5));
    assertThat(decision.wanted()).contains(digest(2));
    assertThat(decision.problem()).isEmpty();
    assertThat(verdicts(decision)).containsEntry("run-2", Verdict.REJECTED);
    assertThat(record(decision, 2))
        .returns("it is urgent", ForcedPromotion::reason)
        .returns(NOW.toString(), ForcedPromotion::time)
        .extracting(f -> f.gates().stream().map(g -> g.name()).toList())
        .isEqualTo(List.of("floor", "no-regression"));
    assertThat(record(decision, 1)).isNull();
  }

  @Test
  void versionThatIsNotJudgedYetIsForcedAndJudgedAllTheSame() {
    var decision = decide(forced(digest(2), "it is urgent"), 1, version(1, 0.7), version(2, 0.8));
    assertThat(decision.wanted()).contains(digest(2));
    assertThat(evaluated(decision)).containsExactly("v2");
    assertThat(record(decision, 2).gates())
        .extracting(g -> g.passed())
        .containsExactly((Boolean) null);
  }

  @Test
  void nothingIsForcedThatPasses() {
    var decision =
        decide(
            forced(digest(2), "it is urgent"), 1, version(1, 0.7), version(2, 0.8, versus(1, 0.1)));
    assertThat(decision.wanted()).contains(digest(2));
    assertThat(record(decision, 2)).isNull();
  }

  @Test
  void unknownVersionCannotBeForced() {
    var decision = decide(forced(digest(9), "it is urgent"), 1, version(1, 0.7));
    assertThat(decision.wanted()).contains(digest(1));
    assertThat(decision.problem()).map(Decision.Problem::reason).contains(Reason.VERSION_UNKNOWN);
  }

  @Test
  void recordOfAForcedVersionStaysUntilThereIsAnotherReason() {
    var once = decide(forced(digest(2), "it is urgent"), 1, version(1, 0.7), version(2, 0.5));
    var later = NOW.plusSeconds(99);
    var serving = Decision.of(forced(digest(2), "it is urgent"), once.versions(), digest(2), later);
    assertThat(record(serving, 2)).isEqualTo(record(once, 2));
    var back = Decision.of(manual(digest(1)), serving.versions(), digest(2), later);
    assertThat(back.wanted()).contains(digest(1));
    assertThat(record(back, 2)).as("history").isEqualTo(record(once, 2));
    var again = Decision.of(forced(digest(2), "once more"), back.versions(), digest(1), later);
    assertThat(record(again, 2))
        .returns("once more", ForcedPromotion::reason)
        .returns(later.toString(), ForcedPromotion::time);
  }

  @Test
  void forcedVersionGivesWayToOneThatPassesInModeAutomatic() {
    var forced = decide(forced(digest(2), "it is urgent"), 2, version(1, 0.7), version(2, 0.5));
    var decision = Decision.of(automatic(), forced.versions(), digest(2), NOW);
    assertThat(decision.wanted()).contains(digest(1));
  }

  @Test
  void surplusIsTheOldestThatNobodyNeeds() {
    var versions =
        new Versions(List.of(version(1, 0.7), version(2, 0.7), version(3, 0.7), version(4, 0.7)));
    assertThat(versions.surplus(2, List.of(digest(1)))).containsExactly(digest(2), digest(3));
    assertThat(versions.surplus(4, List.of())).isEmpty();
    assertThat(versions.surplus(1, List.of(digest(1), digest(2), digest(3), digest(4)))).isEmpty();
  }
}
