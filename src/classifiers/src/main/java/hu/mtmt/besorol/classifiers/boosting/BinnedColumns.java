package hu.mtmt.besorol.classifiers.boosting;

import java.util.Arrays;

/**
 * Features of many rows, each feature's values sorted into at most {@value #BINS} bins of about
 * equally many rows.
 */
final class BinnedColumns {
  static final int BINS = 255;

  /** So many values at most say where the bounds of a feature's bins are. */
  private static final int SAMPLE = 200_000;

  private final byte[][] bins;
  private final float[][] bounds;
  private final int rows;

  private BinnedColumns(byte[][] bins, float[][] bounds, int rows) {
    this.bins = bins;
    this.bounds = bounds;
    this.rows = rows;
  }

  /**
   * @param columns values of each feature, by row; no NaN
   * @param rows how many rows are used
   */
  static BinnedColumns of(float[][] columns, int rows, Parallel parallel) {
    var bins = new byte[columns.length][];
    var bounds = new float[columns.length][];
    parallel.forEach(
        columns.length,
        f -> {
          bounds[f] = bounds(columns[f], rows);
          bins[f] = bins(columns[f], rows, bounds[f]);
        });
    return new BinnedColumns(bins, bounds, rows);
  }

  /** Largest value of every bin but the last. */
  private static float[] bounds(float[] values, int rows) {
    int step = Math.max(1, rows / SAMPLE);
    var sorted = new float[(rows + step - 1) / step];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = values[i * step];
    }
    Arrays.sort(sorted);
    var bounds = new float[BINS - 1];
    int size = 0;
    int from = 0;
    while (size < bounds.length && from < sorted.length) {
      // what is left is shared out equally among the bins that are left
      int to = from + Math.max(1, (sorted.length - from) / (BINS - size)) - 1;
      while (to + 1 < sorted.length && sorted[to + 1] == sorted[to]) {
        to++;
      }
      if (to + 1 == sorted.length) {
        break;
      }
      float middle = sorted[to] + (sorted[to + 1] - sorted[to]) / 2;
      bounds[size++] = middle < sorted[to + 1] ? middle : sorted[to];
      from = to + 1;
    }
    return Arrays.copyOf(bounds, size);
  }

  private static byte[] bins(float[] values, int rows, float[] bounds) {
    var bins = new byte[rows];
    for (int row = 0; row < rows; row++) {
      int low = 0;
      int high = bounds.length; // the first bound that is not below the value
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (bounds[middle] < values[row]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      bins[row] = (byte) low;
    }
    return bins;
  }

  int features() {
    return bins.length;
  }

  int rows() {
    return rows;
  }

  /** Bins of a feature by row, unsigned. */
  byte[] bins(int feature) {
    return bins[feature];
  }

  /** How many bins a feature has. */
  int size(int feature) {
    return bounds[feature].length + 1;
  }

  /** The value that parts a bin and those below it from those above. */
  float bound(int feature, int bin) {
    return bounds[feature][bin];
  }
}
