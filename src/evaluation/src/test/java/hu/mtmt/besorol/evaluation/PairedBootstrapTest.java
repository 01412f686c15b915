package hu.mtmt.besorol.evaluation;

import static hu.mtmt.besorol.evaluation.Answers.TREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PairedBootstrapTest {
  private static final Digest BASELINE = Digest.of(new byte[] {1});
  private static final int SUBJECTS = TREE.taxonomy().size();

  static Stream<Metric> comparable() {
    return Arrays.stream(Metric.values()).filter(Metric::comparable);
  }

  @ParameterizedTest
  @MethodSource("comparable")
  void findsTheDifferenceOfTheMetricAndAnIntervalAroundIt(Metric metric) {
    var random = new Random(7);
    var worse = Answers.random(random, 300, SUBJECTS, .3);
    var better = again(random, worse, .9);

    var comparison = compare(metric, "0.95", better, worse, 1);

    var grades = new Grades("0.7", "0.4", 1);
    assertThat(comparison.difference())
        .isCloseTo(
            Evaluation.metrics(TREE, better, grades).get(metric)
                - Evaluation.metrics(TREE, worse, grades).get(metric),
            within(1e-12));
    assertThat(comparison.lower()).isPositive().isLessThan(comparison.difference());
    assertThat(comparison.upper()).isGreaterThan(comparison.difference());
    assertThat(comparison)
        .returns(300, Comparison::documents)
        .returns(null, Comparison::obstacle)
        .returns(new ComparisonRequest(metric, BASELINE, "0.95"), Comparison::request);
  }

  @ParameterizedTest
  @MethodSource("comparable")
  void findsNoDifferenceBetweenAVersionAndItself(Metric metric) {
    var documents = Answers.random(new Random(3), 100, SUBJECTS, .5);

    assertThat(compare(metric, "0.95", documents, documents, 1))
        .returns(0.0, Comparison::difference)
        .returns(0.0, Comparison::lower)
        .returns(0.0, Comparison::upper);
  }

  @ParameterizedTest
  @MethodSource("comparable")
  void changesSignWithTheSides(Metric metric) {
    var random = new Random(4);
    var one = Answers.random(random, 100, SUBJECTS, .5);
    var other = again(random, one, .6);

    var there = compare(metric, "0.9", one, other, 5);
    var back = compare(metric, "0.9", other, one, 5);

    assertThat(back.difference()).isEqualTo(-there.difference());
    assertThat(back.lower()).isEqualTo(-there.upper());
    assertThat(back.upper()).isEqualTo(-there.lower());
  }

  /** Every draw of one document is that document. */
  @ParameterizedTest
  @MethodSource("comparable")
  void findsNoSpreadInOneDocument(Metric metric) {
    var one = List.of(Answers.judged(Answers.of(Answers.A1X), Answers.of(Answers.A1X)));
    var other = List.of(Answers.judged(Answers.of(Answers.A1X), Answers.of(Answers.B1)));

    assertThat(compare(metric, "0.95", one, other, 1))
        .satisfies(
            c -> assertThat(c.difference()).isPositive(),
            c -> assertThat(c.lower()).isEqualTo(c.difference()),
            c -> assertThat(c.upper()).isEqualTo(c.difference()));
  }

  @Test
  void givesTheSameForTheSameSeed() {
    var random = new Random(5);
    var one = Answers.random(random, 100, SUBJECTS, .5);
    var other = again(random, one, .6);

    var first = compare(Metric.STRICT_F1, "0.95", one, other, 42);

    assertThat(compare(Metric.STRICT_F1, "0.95", one, other, 42)).isEqualTo(first);
    assertThat(compare(Metric.STRICT_F1, "0.95", one, other, 43)).isNotEqualTo(first);
  }

  @Test
  void widensWithConfidence() {
    var random = new Random(6);
    var one = Answers.random(random, 100, SUBJECTS, .5);
    var other = again(random, one, .6);

    var narrow = compare(Metric.STRICT_F1, "0.5", one, other, 1);
    var wide = compare(Metric.STRICT_F1, "0.999999", one, other, 1);

    assertThat(wide.lower()).isLessThan(narrow.lower());
    assertThat(wide.upper()).isGreaterThan(narrow.upper());
  }

  /**
   * Samples of 200 documents are drawn from two answerers whose true difference is known from a
   * million: a 90 % interval must hold it in about 90 of 100 samples. With 200 samples the binomial
   * standard deviation is 2.1 %, so 84 to 96 % is within three of them.
   */
  @ParameterizedTest
  @EnumSource(names = {"PRECISION_AT_1", "STRICT_F1", "NDCG_AT_10"})
  void holdsTheTrueDifferenceAsOftenAsItSays(Metric metric) {
    var random = new Random(11);
    var population = Answers.random(random, 200_000, SUBJECTS, .5);
    var others = again(random, population, .6);
    var grades = new Grades("0.7", "0.4", 1);
    double truth =
        Evaluation.metrics(TREE, population, grades).get(metric)
            - Evaluation.metrics(TREE, others, grades).get(metric);
    int held = 0;
    for (int sample = 0; sample < 200; sample++) {
      var from = sample * 200;
      var comparison =
          compare(
              metric,
              "0.9",
              population.subList(from, from + 200),
              others.subList(from, from + 200),
              sample);
      held += comparison.lower() <= truth && truth <= comparison.upper() ? 1 : 0;
    }

    assertThat(held).isBetween(168, 192);
  }

  @Test
  void saysWhyThereIsNoComparisonOfNothing() {
    assertThat(compare(Metric.STRICT_F1, "0.95", List.of(), List.of(), 1))
        .returns("there are no documents to compare the two versions on", Comparison::obstacle)
        .returns(null, Comparison::difference);
  }

  @Test
  void refusesOtherDocuments() {
    var random = new Random(8);
    var some = Answers.random(random, 10, SUBJECTS, .5);

    assertThatThrownBy(() -> compare(Metric.STRICT_F1, "0.95", some, some.subList(0, 9), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> compare(Metric.STRICT_F1, "0.95", some, some.reversed(), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAMetricThatIsNoFunctionOfTheAnswers() {
    var some = Answers.random(new Random(8), 10, SUBJECTS, .5);

    assertThatThrownBy(() -> compare(Metric.GREEN_SUBJECTS, "0.95", some, some, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GreenSubjects");
  }

  private static Comparison compare(
      Metric metric, String confidence, List<Judged> version, List<Judged> baseline, long seed) {
    return PairedBootstrap.compare(
        new ComparisonRequest(metric, BASELINE, confidence), TREE, version, baseline, seed);
  }

  /** Other answers to the same documents. */
  private static List<Judged> again(Random random, List<Judged> documents, double skill) {
    var all = new ArrayList<Judged>(documents.size());
    for (var judged : documents) {
      all.add(Answers.answer(random, judged.truth(), SUBJECTS, skill));
    }
    return all;
  }
}
