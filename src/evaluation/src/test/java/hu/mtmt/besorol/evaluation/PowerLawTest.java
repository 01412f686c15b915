package hu.mtmt.besorol.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerLawTest {
  private static final double[] SIZES = {100, 200, 400, 700, 1000};

  private static double[] values(PowerLaw law) {
    return Arrays.stream(SIZES).map(law::at).toArray();
  }

  @ParameterizedTest
  @CsvSource({"0.7, 3, 0.5", "0.9, 1.2, 0.2", "0.5, 20, 0.95", "1, 2, 0.3"})
  void findsTheLawThatMadeTheValues(double limit, double factor, double exponent) {
    var law = new PowerLaw(limit, factor, exponent);

    var found = PowerLaw.fit(SIZES, values(law));

    for (double n : new double[] {100, 1000, 2000, 10_000}) {
      assertThat(found.at(n)).isCloseTo(law.at(n), within(2e-3));
    }
    assertThat(found.exponent()).isCloseTo(exponent, within(.02));
  }

  @Test
  void saysWhatFurtherDocumentsBring() {
    var law = new PowerLaw(.8, 2, .5);

    assertThat(law.at(100)).isCloseTo(.6, within(1e-12));
    assertThat(law.gain(100, 300)).isCloseTo(.1, within(1e-12));
  }

  @Test
  void neverFallsAndNeverExceedsOne() {
    var falling = PowerLaw.fit(SIZES, new double[] {.9, .8, .7, .6, .5});
    assertThat(falling.factor()).isZero();
    assertThat(falling.gain(1000, 1000)).isZero();

    var steep = PowerLaw.fit(SIZES, new double[] {.1, .3, .5, .7, .9});
    assertThat(steep.limit()).isEqualTo(1);
    assertThat(steep.at(1e9)).isLessThanOrEqualTo(1);

    assertThat(PowerLaw.fit(SIZES, new double[] {0, 0, 0, 0, 0})).returns(0.0, l -> l.at(1e6));
    assertThat(PowerLaw.fit(SIZES, new double[] {1, 1, 1, 1, 1})).returns(1.0, l -> l.at(1e6));
  }

  /** No law on a fine grid within the bounds fits better. */
  @Test
  void hasTheLeastError() {
    var random = new Random(6);
    for (int trial = 0; trial < 30; trial++) {
      var values =
          Arrays.stream(SIZES)
              .map(n -> .2 + .1 * Math.log10(n) + .3 * random.nextDouble())
              .toArray();
      double exponent = PowerLaw.exponents()[random.nextInt(PowerLaw.exponents().length)];
      double error = PowerLaw.fit(SIZES, values, exponent).error(SIZES, values);
      for (int i = 0; i <= 100; i++) {
        for (int j = 0; j <= 100; j++) {
          var other = new PowerLaw(i / 100.0, j / 10.0, exponent);
          assertThat(error).isLessThanOrEqualTo(other.error(SIZES, values) + 1e-12);
        }
      }
    }
  }
}
