package hu.mtmt.besorol.classifiers.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.classifiers.answers.LogisticRegression.Observation;
import hu.mtmt.besorol.classifiers.answers.ValidationRanking.Ranked;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  @Test
  void scoresAreTheSharesOfRightAnswers() {
    // right with a probability that is no sigmoid of the margin
    var calibration =
        Calibration.fit(ranking(20_000, m -> m < 0 ? 0.2 * Math.exp(m) : 0.2 + 0.2 * m));

    for (double margin : new double[] {-1, -0.3, 0.5, 1.5}) {
      double expected = margin < 0 ? 0.2 * Math.exp(margin) : 0.2 + 0.2 * margin;
      assertThat((double) calibration.score((float) margin, -2)).isCloseTo(expected, within(0.06));
    }
  }

  @Test
  void scoresKeepTheOrderOfMargins() {
    for (DoubleUnaryOperator probability :
        List.<DoubleUnaryOperator>of(
            m -> 1 / (1 + Math.exp(-3 * m)), m -> 0.3, m -> m > 0 ? 0.4 : 0.5)) {
      var calibration = Calibration.fit(ranking(500, probability));
      float[] scores = {2f, 0.5f, 0.1f, -0.1f, -1f, -3f};
      scores = calibration.apply(scores);

      assertThat(scores).isSortedAccordingTo((a, b) -> Float.compare(b, a));
      for (float score : scores) {
        assertThat(score).isBetween(0f, 1f);
      }
    }
  }

  @Test
  void aRivalLowersTheScoreIfItDidSoBefore() {
    var random = new SplittableRandom(1);
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 5000; i++) { // only the best is right, the more surely the farther ahead
      float first = (float) random.nextDouble(-1, 1);
      float second = first - (float) random.nextDouble(0, 2);
      boolean right = random.nextDouble() < 0.5 + 0.25 * (first - second);
      documents.add(
          new Ranked(new int[] {0, 1}, new float[] {first, second}, new int[] {right ? 0 : 9}));
    }
    var calibration = Calibration.fit(new ValidationRanking(documents));

    assertThat(calibration.score(0.5f, -1)).isGreaterThan(calibration.score(0.5f, 0.4f) + 0.1f);
  }

  @Test
  void nothingIsFittedToAHandfulOfDocuments() {
    var few = Calibration.fit(ranking(Calibration.FEWEST_DOCUMENTS - 1, m -> 0.9));

    assertThat(few.score(0, 0)).isEqualTo(0.5f);
    assertThat(few.score(-1, 1)).isLessThan(0.2f);
  }

  @Test
  void aLabelThatWasNotLearntIsNeverSuggested() {
    var scores = Calibration.fit(ranking(500, m -> 0.3)).apply(new float[] {0.5f, -1, -1e9f});

    assertThat(scores[2]).isZero();
  }

  @Test
  void regressionFindsTheCoefficientsThatMadeTheData() {
    var random = new SplittableRandom(3);
    var observations = new ArrayList<Observation>();
    for (int i = 0; i < 50_000; i++) {
      double x = random.nextDouble(-2, 2);
      double y = random.nextDouble(-2, 2);
      double p = 1 / (1 + Math.exp(-(1.5 * x - 0.7 * y + 0.3)));
      observations.add(new Observation(new double[] {x, y, 1}, random.nextDouble() < p));
    }
    var found = LogisticRegression.fit(observations, new double[3], 1);

    assertThat(found).usingComparatorWithPrecision(0.05).containsExactly(1.5, -0.7, 0.3);
  }

  @Test
  void regressionOnSeparableDataStaysFinite() {
    var observations =
        Arrays.stream(new double[] {-2, -1, 1, 2})
            .mapToObj(x -> new Observation(new double[] {x, 1}, x > 0))
            .toList();
    var found = LogisticRegression.fit(observations, new double[] {1, 0}, 1);

    assertThat(found[0]).isBetween(1.0, 5.0);
    assertThat(found[1]).isCloseTo(0, within(1e-6));
  }

  /** Documents of five margins, each right with the probability that belongs to it. */
  private static ValidationRanking ranking(int documents, DoubleUnaryOperator probability) {
    var random = new SplittableRandom(2);
    var ranked = new ArrayList<Ranked>();
    for (int i = 0; i < documents; i++) {
      var margins = new float[5];
      for (int j = 0; j < margins.length; j++) {
        margins[j] = (float) random.nextDouble(-2, 2);
      }
      Arrays.sort(margins);
      for (int j = 0; j < 2; j++) {
        float m = margins[j];
        margins[j] = margins[4 - j];
        margins[4 - j] = m;
      }
      var truth = IntStream.builder();
      for (int j = 0; j < margins.length; j++) {
        if (random.nextDouble() < probability.applyAsDouble(margins[j])) {
          truth.add(j);
        }
      }
      ranked.add(new Ranked(new int[] {0, 1, 2, 3, 4}, margins, truth.build().toArray()));
    }
    return new ValidationRanking(ranked);
  }
}
