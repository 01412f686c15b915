package hu.mtmt.besorol.classifiers.linear;

/**
 * The two inner loops of the training, for {@value #COUNT} labels side by side. The weights of one
 * feature for these labels lie together, half a cache line, so one access to memory serves all of
 * them; on sparse text the accesses are what costs. Local variables keep the sums in registers:
 * five times as fast as a label at a time.
 */
final class Lanes {
  /** How many labels are trained side by side. */
  static final int COUNT = 8;

  private Lanes() {}

  /**
   * The inner products of a row with the weights of every lane.
   *
   * @param weights by feature and lane
   * @param indices features of the row, in {@code from} to {@code to}
   * @param values their values
   * @param products gets one product for each lane
   */
  static void dot(
      float[] weights, int[] indices, float[] values, int from, int to, float[] products) {
    float p0 = 0, p1 = 0, p2 = 0, p3 = 0, p4 = 0, p5 = 0, p6 = 0, p7 = 0;
    for (int i = from; i < to; i++) {
      int w = indices[i] * COUNT;
      float x = values[i];
      p0 += x * weights[w];
      p1 += x * weights[w + 1];
      p2 += x * weights[w + 2];
      p3 += x * weights[w + 3];
      p4 += x * weights[w + 4];
      p5 += x * weights[w + 5];
      p6 += x * weights[w + 6];
      p7 += x * weights[w + 7];
    }
    products[0] = p0;
    products[1] = p1;
    products[2] = p2;
    products[3] = p3;
    products[4] = p4;
    products[5] = p5;
    products[6] = p6;
    products[7] = p7;
  }

  /** Adds a multiple of a row to the weights of every lane. */
  static void add(
      float[] weights, int[] indices, float[] values, int from, int to, float[] factors) {
    float f0 = factors[0], f1 = factors[1], f2 = factors[2], f3 = factors[3];
    float f4 = factors[4], f5 = factors[5], f6 = factors[6], f7 = factors[7];
    for (int i = from; i < to; i++) {
      int w = indices[i] * COUNT;
      float x = values[i];
      weights[w] += x * f0;
      weights[w + 1] += x * f1;
      weights[w + 2] += x * f2;
      weights[w + 3] += x * f3;
      weights[w + 4] += x * f4;
      weights[w + 5] += x * f5;
      weights[w + 6] += x * f6;
      weights[w + 7] += x * f7;
    }
  }
}
