package hu.mtmt.besorol.evaluation;

import static hu.mtmt.besorol.evaluation.Answers.A2;
import static hu.mtmt.besorol.evaluation.Answers.B;
import static hu.mtmt.besorol.evaluation.Answers.C;
import static hu.mtmt.besorol.evaluation.Answers.of;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WrongAnswersTest {
  private static Judged answered(int subject, float score, int... truth) {
    return new Judged(truth, of(subject), new float[] {score}, 1);
  }

  @Test
  void theSurestComeFirst() {
    var documents =
        List.of(
            answered(B, 0.25f, C),
            answered(C, 0.9f, C), // right
            answered(C, 0.75f, B),
            new Judged(of(B), of(B, C), new float[] {0.9f, 0.5f}, 2), // C is wrong, at 0.5
            new Judged(of(B), of(C), new float[] {0.9f}, 0)); // not answered
    assertThat(WrongAnswers.surest(documents, 10)).containsExactly(2, 3, 0);
    assertThat(WrongAnswers.surest(documents, 1)).containsExactly(2);
    assertThat(WrongAnswers.surest(List.of(), 1)).isEmpty();
  }

  @Test
  void noSubjectIsShownMoreThanTwice() {
    var documents =
        List.of(
            answered(B, 0.9f, C),
            answered(B, 0.9f, C),
            answered(B, 0.9f, A2),
            answered(C, 0.1f, B));
    assertThat(WrongAnswers.surest(documents, 10)).containsExactly(0, 1, 3);
  }
}
