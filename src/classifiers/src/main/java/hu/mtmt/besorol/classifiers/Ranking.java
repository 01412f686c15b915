package hu.mtmt.besorol.classifiers;

/** Finds the best of many labels. */
public final class Ranking {
  private Ranking() {}

  /**
   * The labels of the highest scores, the highest first; the smaller label where two are equal.
   *
   * @param scores by label, none of them NaN
   * @param limit how many at most
   */
  public static int[] best(float[] scores, int limit) {
    var keys = new long[Math.min(limit, scores.length)];
    int size = 0;
    for (int label = 0; label < scores.length; label++) {
      long key = key(scores[label], label);
      if (size < keys.length) {
        size++;
      } else if (size == 0 || key <= keys[size - 1]) {
        continue;
      }
      int place = size - 1;
      for (; place > 0 && keys[place - 1] < key; place--) {
        keys[place] = keys[place - 1];
      }
      keys[place] = key;
    }
    var labels = new int[keys.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = ~(int) keys[i];
    }
    return labels;
  }

  /** A number that is larger for the better of two labels. */
  private static long key(float score, int label) {
    int bits = Float.floatToIntBits(score + 0f); // -0 is 0
    int ordered = bits < 0 ? ~bits | Integer.MIN_VALUE : bits;
    return (long) ordered << Integer.SIZE | ~label & 0xFFFFFFFFL;
  }
}
