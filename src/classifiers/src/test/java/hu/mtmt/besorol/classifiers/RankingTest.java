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

      assertThat(Ranking.best(scores, limit)).isEqualTo(expected);
    }
  }

  @Test
  void zerosOfBothSignsAreEqual() {
    assertThat(Ranking.best(new float[] {-0f, 0f, Float.NEGATIVE_INFINITY}, 3))
        .containsExactly(0, 1, 2);
  }
}
