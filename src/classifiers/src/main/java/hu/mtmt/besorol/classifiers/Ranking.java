package hu.mtmt.besorol.classifiers;

/** Finds the best of many labels. */
public final class Ranking {
  private Ranking() {}

  /**
   * The labels of the highest scores, the highest first; the smaller label where two are equal.
   *
   * @param scores by label
   * @param limit how many at most
   */
  public static int[] best(float[] scores, int limit) {
    // long keys, so that sorting needs no comparator: the score's bits (scores are not negative),
    // then the label, the smaller the better
    var heap = new long[Math.min(limit, scores.length)];
    int size = 0;
    for (int label = 0; label < scores.length; label++) {
      long key = (long) Float.floatToRawIntBits(scores[label]) << Integer.SIZE | ~label & MASK;
      if (size < heap.length) {
        size++;
      } else if (size == 0 || key <= heap[size - 1]) {
        continue;
      }
      int at = size - 1;
      for (; at > 0 && heap[at - 1] < key; at--) {
        heap[at] = heap[at - 1];
      }
      heap[at] = key;
    }
    var labels = new int[heap.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = ~(int) heap[i];
    }
    return labels;
  }

  private static final long MASK = 0xFFFFFFFFL;
}
