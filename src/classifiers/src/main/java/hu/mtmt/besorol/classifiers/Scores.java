package hu.mtmt.besorol.classifiers;

import java.util.Arrays;

/**
 * Raw scores of the labels that come into question for a document, in arrays that are used again
 * and again. Not thread-safe.
 */
public final class Scores {
  private int[] labels = new int[64];
  private float[] values = new float[64];
  private int size;

  /** Whether entry {@code i} is label {@code i}, so that {@link #labels} need not be looked at. */
  private boolean dense;

  /** Removes all entries. */
  public void clear() {
    size = 0;
    dense = false;
  }

  /** Adds a label, which is not there yet. */
  public void add(int label, float value) {
    if (dense) {
      throw new IllegalStateException("all labels have scores already");
    }
    if (size == labels.length) {
      labels = Arrays.copyOf(labels, 2 * size);
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    labels[size] = label;
    values[size++] = value;
  }

  /**
   * Makes all of so many labels come into question.
   *
   * @return their scores by label, to be written; it may be longer
   */
  public float[] all(int labels) {
    if (values.length < labels) {
      values = new float[labels];
    }
    Arrays.fill(values, 0, labels, 0);
    size = labels;
    dense = true;
    return values;
  }

  /** How many labels come into question. */
  public int size() {
    return size;
  }

  /** Label of entry {@code i}. */
  public int label(int i) {
    return dense ? i : labels[i];
  }

  /** Score of entry {@code i}. */
  public float value(int i) {
    return values[i];
  }

  /**
   * The labels of the highest scores.
   *
   * @param limit how many at most
   */
  public Ranking best(int limit) {
    return Ranking.best(dense ? null : labels, values, size, limit);
  }
}
