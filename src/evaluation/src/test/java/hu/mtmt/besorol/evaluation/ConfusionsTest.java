package hu.mtmt.besorol.evaluation;

import static hu.mtmt.besorol.evaluation.Answers.A1X;
import static hu.mtmt.besorol.evaluation.Answers.A1Y;
import static hu.mtmt.besorol.evaluation.Answers.A2;
import static hu.mtmt.besorol.evaluation.Answers.B;
import static hu.mtmt.besorol.evaluation.Answers.B1X;
import static hu.mtmt.besorol.evaluation.Answers.C;
import static hu.mtmt.besorol.evaluation.Answers.TREE;
import static hu.mtmt.besorol.evaluation.Answers.judged;
import static hu.mtmt.besorol.evaluation.Answers.of;
import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.evaluation.Confusions.Confusion;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionsTest {
  private static List<Confusion> confusions(int atLeast, Judged... documents) {
    return Confusions.of(TREE.taxonomy(), List.of(documents), atLeast);
  }

  @Test
  void siblingsComeFirstThenTheCommonest() {
    assertThat(
            confusions(
                1,
                judged(of(B), of(C)),
                judged(of(B), of(C)),
                judged(of(B), of(B)),
                judged(of(B), of(A2)),
                judged(of(A1X), of(A1Y))))
        .containsExactly(
            new Confusion(A1X, A1Y, 1, true, 1),
            new Confusion(B, C, 2, false, 0.5),
            new Confusion(B, A2, 1, false, 0.25));
  }

  @Test
  void aWrongSubjectStandsForTheNearestMissedOne() {
    // A1Y shares a and a1 with A1X, only a with A2; C shares nothing with either: the first one.
    assertThat(confusions(1, judged(of(A1X, A2), of(A1Y, C))))
        .containsExactly(new Confusion(A1X, A1Y, 1, true, 1), new Confusion(A1X, C, 1, false, 1));
    // What was answered was not missed.
    assertThat(confusions(1, judged(of(A1X, B1X), of(A1X, A1Y))))
        .containsExactly(new Confusion(B1X, A1Y, 1, false, 1));
  }

  @Test
  void nothingIsConfusedWhereNothingWasMissedOrWrong() {
    assertThat(confusions(1, judged(of(B), of(B, C)), judged(of(B, C), of(B)))).isEmpty();
    assertThat(confusions(1)).isEmpty();
  }

  @Test
  void rareConfusionsAreLeftOut() {
    var confused = judged(of(B), of(C));
    assertThat(confusions(2, confused)).isEmpty();
    assertThat(confusions(2, confused, confused)).hasSize(1);
  }
}
