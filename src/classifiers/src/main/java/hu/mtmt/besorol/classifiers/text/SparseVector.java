package hu.mtmt.besorol.classifiers.text;

/**
 * A vector with few entries that are not zero, in arrays that are used again and again. Not
 * thread-safe.
 */
public final class SparseVector {
  private int[] indices = new int[1024];
  private float[] values = new float[1024];
  private int size;

  /** Removes all entries and makes room for {@code capacity}. */
  public void reset(int capacity) {
    size = 0;
    if (indices.length < capacity) {
      indices = new int[2 * capacity];
      values = new float[2 * capacity];
    }
  }

  /** Adds an entry, for which there must be room. */
  public void add(int index, float value) {
    indices[size] = index;
    values[size++] = value;
  }

  float[] values() {
    return values;
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
