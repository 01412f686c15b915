package hu.mtmt.besorol.evaluation;

import static hu.mtmt.besorol.evaluation.Answers.A2;
import static hu.mtmt.besorol.evaluation.Answers.B;
import static hu.mtmt.besorol.evaluation.Answers.C;
import static hu.mtmt.besorol.evaluation.Answers.of;
import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.evaluation.Calibration.Bin;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  @Test
  void binsAnswersByScore() {
    var documents =
        List.of(
            new Judged(of(B), of(B, A2, C), new float[] {1f, 0.5f, 0.25f}, 2),
            new Judged(of(A2), of(A2), new float[] {0.5f}, 1));
    assertThat(Calibration.bins(documents))
        .containsExactly(new Bin(2, 0.5, 0.5), new Bin(1, 1, 1)); // C was not answered
    assertThat(Calibration.error(documents)).isZero();
  }

  @Test
  void theErrorIsTheMeanDistanceFromTheDiagonal() {
    var documents =
        List.of(
            new Judged(of(), of(B, A2), new float[] {0.75f, 0.75f}, 2),
            new Judged(of(C), of(C, B), new float[] {0.75f, 0.25f}, 2));
    assertThat(Calibration.bins(documents))
        .containsExactly(new Bin(1, 0.25, 0), new Bin(3, 0.75, 1 / 3.0));
    assertThat(Calibration.error(documents)).isEqualTo((0.25 + 3 * (0.75 - 1 / 3.0)) / 4);
  }

  @Test
  void isEmptyWithoutAnswers() {
    assertThat(Calibration.bins(List.of(new Judged(of(B), of(B), new float[] {1f}, 0)))).isEmpty();
    assertThat(Calibration.error(List.of())).isZero();
  }
}
