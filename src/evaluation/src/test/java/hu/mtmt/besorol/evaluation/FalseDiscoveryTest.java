package hu.mtmt.besorol.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FalseDiscoveryTest {
  /**
   * The example of Benjamini and Hochberg 1995, section 3.2: of 15 p-values the four smallest are
   * discoveries at 0.05.
   */
  @Test
  void findsTheDiscoveriesOfThePaper() {
    double[] p = {
      .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528,
      .7590, 1.0000
    };

    var q = FalseDiscovery.qValues(p);

    assertThat(Arrays.stream(q).filter(value -> value <= .05).count()).isEqualTo(4);
    assertThat(Arrays.copyOf(q, 4))
        .containsExactly(new double[] {.0015, .003, .0095, .035625}, within(1e-12));
    assertThat(q[4]).isCloseTo(15 * .0201 / 5, within(1e-12));
    assertThat(q[5]).isEqualTo(q[6]).isCloseTo(15 * .0298 / 7, within(1e-12));
  }

  /** As R's {@code p.adjust(c(0.04, 0.01, 0.03, 0.02, 0.9), "BH")} prints. */
  @Test
  void keepsTheOrderOfTheTests() {
    assertThat(FalseDiscovery.qValues(new double[] {.04, .01, .03, .02, .9}))
        .containsExactly(new double[] {.05, .05, .05, .05, .9}, within(1e-12));
  }

  @Test
  void isThePValueItselfForOneTestAndNothingForNone() {
    assertThat(FalseDiscovery.qValues(new double[] {.03})).containsExactly(.03);
    assertThat(FalseDiscovery.qValues(new double[0])).isEmpty();
  }

  /**
   * 200 true differences among 1,000: the share of false ones among the discoveries at 0.1 stays
   * below 0.1 on average.
   */
  @Test
  void keepsTheRateOfFalseDiscoveries() {
    var random = new Random(5);
    double rates = 0;
    double found = 0;
    for (int trial = 0; trial < 100; trial++) {
      var p = new double[1000];
      Arrays.setAll(p, i -> i < 200 ? Math.pow(random.nextDouble(), 8) : random.nextDouble());
      var q = FalseDiscovery.qValues(p);
      int right = 0;
      int wrong = 0;
      for (int i = 0; i < p.length; i++) {
        right += i < 200 && q[i] <= .1 ? 1 : 0;
        wrong += i >= 200 && q[i] <= .1 ? 1 : 0;
      }
      rates += (double) wrong / Math.max(1, right + wrong) / 100;
      found += right / 100.0;
    }

    assertThat(rates).isBetween(.05, .1);
    assertThat(found).isGreaterThan(100);
  }
}
