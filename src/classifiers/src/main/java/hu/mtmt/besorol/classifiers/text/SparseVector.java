package hu.mtmt.besorol.classifiers.text;

import java.util.Arrays;

/**
 * A vector with few entries that are not zero, in arrays that are used again and again. Not
 * thread-safe.
 */
public final class SparseVector {
  private int[] indices = new int[1024];
  private float[] values = new float[1024];
  private int size;

  void clear() {
    size = 0;
  }

  void add(int index, float value) {
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    indices[size] = index;
    values[size++] = value;
  }

  void multiply(int entry, float factor) {
    values[entry] *= factor;
  }

  /** How many entries there are. */
  public int size() {
    return size;
  }

  /** Feature of entry {@code i}. */
  public int index(int i) {
    return indices[i];
  }

  /** Value of entry {@code i}. */
  public float value(int i) {
    return values[i];
  }
}
