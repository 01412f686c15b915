package hu.mtmt.besorol.classifiers.answers;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.classifiers.answers.ValidationRanking.Ranked;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecisionChooserTest {
  private static final Calibration CALIBRATION = new Calibration(1.0, 0.0, 0.0, 0.0);

  @Test
  void findsTheThresholdThatPartsRightFromWrong() {
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 100; i++) { // right down to a margin of 0.5, wrong from 0.3 on
      documents.add(ranked(new float[] {2f, 0.5f, 0.3f, -1f}, 2, 2));
      documents.add(ranked(new float[] {0.3f, 0.2f, -1f, -1f}, 0, 1));
    }
    var decision = DecisionChooser.choose(new ValidationRanking(documents), CALIBRATION);

    double between = ((double) CALIBRATION.score(0.5f, 2) + CALIBRATION.score(0.3f, 2)) / 2;
    assertThat(decision.threshold()).isEqualTo(between);
    assertThat(decision.minimumSubjects()).isZero();
    assertThat(decision.maximumSubjects()).isEqualTo(2);
  }

  @Test
  void answersTheBestEvenIfItIsUnsureWhereThatPays() {
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 100; i++) { // the best is always right, whatever its margin
      documents.add(ranked(new float[] {i % 2 == 0 ? 2f : -2f, i % 2 == 0 ? 1f : -3f}, 1, 1));
    }
    var decision = DecisionChooser.choose(new ValidationRanking(documents), CALIBRATION);

    assertThat(decision.minimumSubjects() == 1 || decision.threshold() < CALIBRATION.score(-2, 0))
        .isTrue();
    assertThat(decision.maximumSubjects()).isOne();
  }

  @Test
  void noOtherDecisionIsBetter() {
    var random = new SplittableRandom(4);
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 40; i++) {
      float top = (float) random.nextDouble(-1, 2);
      var margins = new float[] {top, top - 0.3f, top - 0.5f, top - 1.5f};
      var right = new boolean[4];
      int truths = 1 + random.nextInt(2);
      for (int r = 0; r < 4; r++) {
        right[r] = random.nextDouble() < 0.6 - 0.15 * r + 0.1 * margins[r];
        truths += right[r] ? 1 : 0;
      }
      documents.add(new Ranked(new int[] {0, 1, 2, 3}, margins, right, truths));
    }
    var ranking = new ValidationRanking(documents);
    double chosen = f1(ranking, DecisionChooser.choose(ranking, CALIBRATION));

    for (int minimum = 0; minimum <= 1; minimum++) {
      for (int maximum = 1; maximum <= 4; maximum++) {
        for (double threshold = 0; threshold < 1; threshold += 0.005) {
          assertThat(f1(ranking, new Decision(threshold, minimum, maximum)))
              .isLessThanOrEqualTo(chosen + 1e-12);
        }
      }
    }
  }

  @Test
  void withoutDocumentsItIsCautious() {
    assertThat(DecisionChooser.choose(new ValidationRanking(List.of()), CALIBRATION))
        .isEqualTo(new Decision(0.5, 1, 3));
  }

  /** By the definition. */
  private static double f1(ValidationRanking ranking, Decision decision) {
    int answered = 0;
    int hits = 0;
    int truths = 0;
    for (var document : ranking.documents()) {
      truths += document.truths();
      for (int r = 0; r < document.margins().length; r++) {
        float score = CALIBRATION.score(document.margins()[r], document.margins()[r == 0 ? 1 : 0]);
        if (r < decision.minimumSubjects()
            || r < decision.maximumSubjects() && score >= decision.threshold()) {
          answered++;
          hits += document.right()[r] ? 1 : 0;
        }
      }
    }
    return 2.0 * hits / (answered + truths);
  }

  private static Ranked ranked(float[] margins, int right, int truths) {
    var flags = new boolean[margins.length];
    Arrays.fill(flags, 0, right, true);
    return new Ranked(IntStream.range(0, margins.length).toArray(), margins, flags, truths);
  }
}
