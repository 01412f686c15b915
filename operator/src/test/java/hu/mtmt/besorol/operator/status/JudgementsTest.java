package hu.mtmt.besorol.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.operator.Samples;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgementsTest {
  private static final ComparisonRequest V1 =
      new ComparisonRequest(Metric.LENIENT_F1, Samples.digest("v1"), "0.95");
  private static final ComparisonRequest V2 =
      new ComparisonRequest(Metric.LENIENT_F1, Samples.digest("v2"), "0.95");

  @Test
  void nothingIsLostAsText() {
    var judgement = Samples.judgement(1.0 / 3, Samples.comparison(V1, -1.0 / 7));
    var status = Judgements.toStatus(judgement);
    assertThat(Judgements.figures(status)).isEqualTo(judgement.figures());
    assertThat(Judgements.comparisons(status)).isEqualTo(judgement.comparisons());
  }

  @Test
  void sampleRestsOnTheSampleModel() {
    assertThat(Judgements.toStatus(Samples.judgement(0.5)).basis())
        .isEqualTo(Judgements.basis(Samples.model("frascati").getSpec()));
  }

  @Test
  void comparisonsOfTheSameBasisAddUp() {
    var older = Judgements.toStatus(Samples.judgement(0.5, Samples.comparison(V1, 0.01)));
    var newer =
        Judgements.toStatus(
            Samples.judgement(0.5, Samples.comparison(V1, 0.02), Samples.comparison(V2, 0.03)));
    assertThat(Judgements.merge(newer, older).comparisons())
        .extracting(c -> c.difference())
        .containsExactly("0.01", "0.03");
  }

  @Test
  void anotherBasisReplacesEverything() {
    var older = Judgements.toStatus(Samples.judgement(0.5, Samples.comparison(V1, 0.01)));
    var newer =
        Judgements.toStatus(
            new Judgement(
                Samples.digest("other holdout"),
                Samples.digest("taxonomy"),
                3,
                new Grades("0.7", "0.4", 1),
                Map.of(Metric.STRICT_F1, 0.6),
                List.of()));
    assertThat(Judgements.merge(older, newer)).isEqualTo(newer);
  }
}
