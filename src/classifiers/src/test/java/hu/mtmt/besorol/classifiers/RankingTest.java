package hu.mtmt.besorol.classifiers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTest {

  @Test
  void ranksAsSortingDoes() {
    var random = new SplittableRandom(1);
    for (int round = 0; round < 200; round++) {
      var scores = new float[1 + random.nextInt(50)];
      for (int i = 0; i < scores.length; i++) { // few values, so that many are equal
        scores[i] = random.nextInt(-5, 6) / 3f;
      }
      int limit = random.nextInt(60);
      var expected =
          IntStream.range(0, scores.length)
              .boxed()
              .sorted((a, b) -> Float.compare(scores[b], scores[a]))
              .limit(limit)
              .mapToInt(Integer::intValue)
              .toArray();

      var best = best(scores, limit);
      assertThat(best.labels()).isEqualTo(expected);
      for (int rank = 0; rank < expected.length; rank++) {
        assertThat(best.values()[rank]).isEqualTo(scores[expected[rank]] + 0f);
      }
    }
  }

  @Test
  void zerosOfBothSignsAreEqual() {
    assertThat(best(new float[] {-0f, 0f, Float.NEGATIVE_INFINITY}, 3).labels())
        .containsExactly(0, 1, 2);
  }

  @Test
  void ranksLabelsInAnyOrder() {
    var scores = new Scores();
    scores.add(7, 0.5f);
    scores.add(100_000, -3f);
    scores.add(3, 0.5f);

    assertThat(scores.best(2).labels()).containsExactly(3, 7);
    assertThat(scores.best(9).values()).containsExactly(0.5f, 0.5f, -3f);
  }

  private static Ranking best(float[] scores, int limit) {
    return Ranking.best(null, scores, scores.length, limit);
  }
}
