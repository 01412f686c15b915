package hu.mtmt.besorol.classifiers;

import java.util.Arrays;

/**
 * The best of many labels, the best first; the smaller label where two scores are equal.
 *
 * @param labels which
 * @param values their scores
 */
public record Ranking(int[] labels, float[] values) {

  /**
   * The labels of the highest scores.
   *
   * @param labels which, in any order, or null for 0 to {@code size} − 1
   * @param values their scores, none of them NaN
   * @param size how many there are
   * @param limit how many are wanted at most
   */
  static Ranking best(int[] labels, float[] values, int size, int limit) {
    var keys = new long[Math.min(limit, size)];
    int found = 0;
    for (int i = 0; i < size; i++) {
      long key = key(values[i], labels == null ? i : labels[i]);
      if (found < keys.length) {
        found++;
      } else if (found == 0 || key <= keys[found - 1]) {
        continue;
      }
      int place = found - 1;
      for (; place > 0 && keys[place - 1] < key; place--) {
        keys[place] = keys[place - 1];
      }
      keys[place] = key;
    }
    var best = new Ranking(new int[keys.length], new float[keys.length]);
    for (int i = 0; i < keys.length; i++) {
      best.labels[i] = ~(int) keys[i];
      best.values[i] = score(keys[i]);
    }
    return best;
  }

  /** How many labels there are. */
  public int size() {
    return labels.length;
  }

  /** The best {@code size} of them. */
  public Ranking first(int size) {
    return new Ranking(Arrays.copyOf(labels, size), Arrays.copyOf(values, size));
  }

  /** A number that is larger for the better of two labels. */
  private static long key(float score, int label) {
    return (long) sortable(score) << Integer.SIZE | ~label & 0xFFFFFFFFL;
  }

  /** An integer for each number, in the order of the numbers; the zeros of both signs are one. */
  public static int sortable(float number) {
    int bits = Float.floatToIntBits(number + 0f);
    return bits < 0 ? ~bits | Integer.MIN_VALUE : bits;
  }

  /** The score in a key. */
  private static float score(long key) {
    int ordered = (int) (key >> Integer.SIZE);
    return Float.intBitsToFloat(ordered < 0 ? ~(ordered & Integer.MAX_VALUE) : ordered);
  }
}
