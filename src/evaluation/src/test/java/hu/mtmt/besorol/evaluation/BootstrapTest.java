package hu.mtmt.besorol.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  @Test
  void drawsAsManyDocumentsAsThereAreAndTheSameForEveryStatistic() {
    var values =
        new Bootstrap(50, 1)
            .values(List.of(t -> Arrays.stream(t).sum(), t -> t[7], t -> 3.0 * t[7]));

    assertThat(values[0]).hasSize(Bootstrap.DRAWS).containsOnly(50);
    assertThat(Arrays.stream(values[1]).average().orElse(0)).isCloseTo(1, within(.1));
    for (int draw = 0; draw < Bootstrap.DRAWS; draw++) {
      assertThat(values[2][draw]).isEqualTo(3 * values[1][draw]);
    }
  }

  @Test
  void isSignificantAsFarAsTheDrawsLieOnOneSide() {
    assertThat(Bootstrap.significance(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}))
        .isCloseTo(2.0 / 10, within(1e-12));
    assertThat(Bootstrap.significance(new double[] {-1, 2, 3, 4, 5, 6, 7, 8, 9}))
        .isCloseTo(4.0 / 10, within(1e-12));
    assertThat(Bootstrap.significance(new double[] {-1, -2, -3, -4, -5, -6, -7, 8, 0}))
        .isCloseTo(6.0 / 10, within(1e-12));
    assertThat(Bootstrap.significance(new double[] {0, 0, 0})).isEqualTo(1);
    assertThat(Bootstrap.significance(new double[] {-1, 1})).isEqualTo(1);
  }

  @Test
  void isSignificantAtALevelIfAndOnlyIfTheIntervalExcludesZero() {
    var random = new Random(2);
    int excluded = 0;
    for (int trial = 0; trial < 300; trial++) {
      double shift = 4 * random.nextDouble() - 2;
      var differences =
          IntStream.range(0, Bootstrap.DRAWS)
              .mapToDouble(_ -> shift + random.nextGaussian())
              .sorted()
              .toArray();
      int outside = Bootstrap.outside(.95);
      boolean excludes = differences[outside] > 0 || differences[Bootstrap.DRAWS - 1 - outside] < 0;
      excluded += excludes ? 1 : 0;

      assertThat(Bootstrap.significance(differences) <= .05).isEqualTo(excludes);
    }
    assertThat(excluded).isBetween(1, 299);
  }
}
