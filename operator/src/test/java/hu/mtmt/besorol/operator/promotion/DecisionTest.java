package hu.mtmt.besorol.operator.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModelSpec;
import hu.mtmt.besorol.api.ClassifierModelSpec.Promotion;
import hu.mtmt.besorol.api.ClassifierModelSpec.PromotionMode;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Gate;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.status.Judgements;
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

  private static ModelVersion version(int number, double strictF1, Comparison... comparisons) {
    return new ModelVersion(
        digest(number),
        "run-" + number,
        "2026-01-01T00:00:%02dZ".formatted(number),
        Verdict.JUDGING,
        List.of(),
        Judgements.toStatus(Samples.judgement(strictF1, comparisons)),
        null);
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
    var s = automatic();
    var spec =
        new ClassifierModelSpec(
            s.taxonomy(), other, s.store(), s.gates(), s.grades(), s.promotion(), s.serving(), 10);
    var decision = decide(spec, 1, version(1, 0.7), version(2, 0.8, versus(1, 0.1)));
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

  @Test
  void surplusIsTheOldestThatNobodyNeeds() {
    var versions =
        new Versions(List.of(version(1, 0.7), version(2, 0.7), version(3, 0.7), version(4, 0.7)));
    assertThat(versions.surplus(2, List.of(digest(1)))).containsExactly(digest(2), digest(3));
    assertThat(versions.surplus(4, List.of())).isEmpty();
    assertThat(versions.surplus(1, List.of(digest(1), digest(2), digest(3), digest(4)))).isEmpty();
  }
}
