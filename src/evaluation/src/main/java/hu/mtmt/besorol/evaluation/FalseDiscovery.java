package hu.mtmt.besorol.evaluation;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Many tests at once: with a thousand subjects, fifty differ at p ≤ 0.05 although nothing does.
 * After Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57, 289–300: of all
 * subjects with q ≤ 0.05 an expected share of at most 0.05 does not differ in truth. This holds for
 * independent tests and for such as go up and down together (Benjamini and Yekutieli 2001).
 */
public final class FalseDiscovery {
  private FalseDiscovery() {}

  /**
   * The q-value of each test: the smallest rate of false discoveries at which it counts as a
   * discovery, min over j ≥ i of m·p₍ⱼ₎/j for the i-th smallest of m.
   *
   * @param p the p-values of all tests that were made, in any order
   * @return in the same order
   */
  public static double[] qValues(double[] p) {
    var ascending =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    var q = new double[p.length];
    double smallest = 1;
    for (int rank = p.length; rank > 0; rank--) {
      int test = ascending[rank - 1];
      smallest = Math.min(smallest, p.length * p[test] / rank);
      q[test] = smallest;
    }
    return q;
  }
}
