package hu.mtmt.besorol.evaluation;

import static hu.mtmt.besorol.evaluation.Answers.A1X;
import static hu.mtmt.besorol.evaluation.Answers.A1Y;
import static hu.mtmt.besorol.evaluation.Answers.A2;
import static hu.mtmt.besorol.evaluation.Answers.B;
import static hu.mtmt.besorol.evaluation.Answers.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.evaluation.PrecisionRecall.Point;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrecisionRecallTest {
  private static Judged scored(int[] truth, int[] ranked, float... scores) {
    return new Judged(truth, ranked, scores, 0);
  }

  @Test
  void hasAPointForEveryScore() {
    var documents =
        List.of(
            scored(of(A1X, B), of(A1X, A2, B), 0.9f, 0.5f, 0.25f),
            scored(of(A1Y), of(A1Y, B), 0.5f, 0f),
            scored(of(A2), of()));
    assertThat(PrecisionRecall.curve(documents, 100))
        .containsExactly(
            new Point(0.9f, 1, 0.25), // A1X
            new Point(0.5f, 2 / 3.0, 0.5), // and A2, A1Y: equal scores come together
            new Point(0.25f, 0.75, 0.75)); // and B; nothing of score 0 is ever answered
  }

  @Test
  void isEmptyWithoutRankedOrTrueSubjects() {
    assertThat(PrecisionRecall.curve(List.of(), 10)).isEmpty();
    assertThat(PrecisionRecall.curve(List.of(scored(of(A2), of())), 10)).isEmpty();
    assertThat(PrecisionRecall.curve(List.of(scored(of(), of(A2), 0.5f)), 10)).isEmpty();
  }

  @Test
  void isTheSameAsTryingEveryThreshold() {
    var documents = Answers.random(new Random(3), 200, 9, 0.6);
    long truth = documents.stream().mapToLong(d -> d.truth().length).sum();
    var curve = PrecisionRecall.curve(documents, Integer.MAX_VALUE);
    assertThat(curve).hasSizeGreaterThan(1000);
    for (int i = 0; i < curve.size(); i += 97) {
      var point = curve.get(i);
      long answered = 0;
      long right = 0;
      for (var d : documents) {
        for (int r = 0; r < d.ranked().length; r++) {
          if (d.scores()[r] >= point.threshold()) {
            answered++;
            right += d.isTrue(d.ranked()[r]) ? 1 : 0;
          }
        }
      }
      assertThat(point.precision()).isEqualTo((double) right / answered);
      assertThat(point.recall()).isEqualTo((double) right / truth);
    }
  }

  @Test
  void keepsTheEndAndTheBestPointOfALongCurve() {
    var documents = Answers.random(new Random(3), 400, 9, 0.6);
    var whole = PrecisionRecall.curve(documents, Integer.MAX_VALUE);
    var thinned = PrecisionRecall.curve(documents, 50);
    assertThat(thinned).hasSizeBetween(30, 50).isSubsetOf(whole);
    assertThat(thinned.getLast()).isEqualTo(whole.getLast());
    assertThat(PrecisionRecall.best(thinned)).isEqualTo(PrecisionRecall.best(whole));
  }

  @Test
  void theBestPointHasTheLargestF1() {
    var points = List.of(new Point(0.9, 1, 0.2), new Point(0.5, 0.6, 0.6), new Point(0.1, 0.2, 1));
    assertThat(PrecisionRecall.best(points)).isEqualTo(points.get(1));
    assertThat(new Point(0.5, 0.5, 1).f1()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(new Point(0.9, 0, 0).f1()).isZero();
  }
}
