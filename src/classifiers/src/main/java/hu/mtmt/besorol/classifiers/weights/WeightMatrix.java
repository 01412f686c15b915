package hu.mtmt.besorol.classifiers.weights;

import static hu.mtmt.besorol.classifiers.MappedFile.FLOAT;
import static hu.mtmt.besorol.classifiers.MappedFile.INT;

import hu.mtmt.besorol.classifiers.MappedFile;
import hu.mtmt.besorol.classifiers.mapped.LittleEndianOutput;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A linear function for each label as it lies in the package, memory-mapped: sparse rows of weights
 * by feature, so that a document of n known n-grams touches n runs of memory.
 *
 * <p>File: little-endian; 8 bytes magic, int32 number of features, int32 number of labels, int32
 * number of entries, float32 unit; float32 offset of each label; int32 start of each feature's row
 * and the end of the last; int32 entries, the label in the upper bits and in the lower ones the
 * weight as a signed multiple of the unit. The weight has 16 bits, or what {@code labels} labels
 * leave of the 32 if that is less. A unit is the largest weight over the largest multiple: far less
 * than the weights that are worth keeping.
 */
public final class WeightMatrix {
  /** The file's name in a package. */
  public static final String FILE = "weights.bin";

  /** With more labels weights would have less than 12 bits. */
  public static final int MAXIMUM_LABELS = 1 << 20;

  /** Offset of a label that was not learnt: whatever the calibration, its score is 0. */
  public static final float NEVER = -1e9f;

  private static final long MAGIC = 0x313054474C534542L; // "BESLGT01" as little-endian bytes
  private static final int HEADER = 24;

  private final MemorySegment file;
  private final int features;
  private final int labels;
  private final int entries;
  private final float unit;
  private final int bits;
  private final long rows;
  private final long firstEntry;

  private WeightMatrix(MemorySegment file) {
    this.file = file;
    this.features = file.get(INT, 8);
    this.labels = file.get(INT, 12);
    this.entries = file.get(INT, 16);
    this.unit = file.get(FLOAT, 20);
    this.bits = weightBits(labels);
    this.rows = HEADER + 4L * labels;
    this.firstEntry = rows + 4L * (features + 1);
  }

  /** Weights of some labels, in any order; no two are of the same feature and label. */
  public interface Entries {
    /** How many there are. */
    int size();

    /** Feature of entry {@code i}. */
    int feature(int i);

    /** Label of entry {@code i}. */
    int label(int i);

    /** Weight of entry {@code i}. */
    float value(int i);
  }

  /**
   * Writes the file.
   *
   * @param features how many features there are
   * @param offsets what is added to the score of each label
   * @param parts the weights that are not 0; entries of a row are kept in their order
   */
  public static void write(Path file, int features, float[] offsets, List<? extends Entries> parts)
      throws IOException {
    var starts = rowStarts(features, parts);
    float largest = 0;
    for (var part : parts) {
      for (int i = 0; i < part.size(); i++) {
        largest = Math.max(largest, Math.abs(part.value(i)));
      }
    }
    int bits = weightBits(offsets.length);
    float unit = largest == 0 ? 1 : largest / ((1 << (bits - 1)) - 1);
    try (var out = new LittleEndianOutput(file)) {
      out.writeLong(MAGIC);
      out.writeInt(features);
      out.writeInt(offsets.length);
      out.writeInt(starts[features]);
      out.writeFloat(unit);
      for (float offset : offsets) {
        out.writeFloat(offset);
      }
      for (int start : starts) {
        out.writeInt(start);
      }
      for (int entry : entries(starts, parts, bits, unit)) {
        out.writeInt(entry);
      }
    }
  }

  private static int[] rowStarts(int features, List<? extends Entries> parts) {
    var starts = new int[features + 1];
    for (var part : parts) {
      for (int i = 0; i < part.size(); i++) {
        starts[part.feature(i) + 1]++;
      }
    }
    for (int feature = 0; feature < features; feature++) {
      starts[feature + 1] = Math.addExact(starts[feature], starts[feature + 1]);
    }
    return starts;
  }

  private static int[] entries(int[] starts, List<? extends Entries> parts, int bits, float unit) {
    var entries = new int[starts[starts.length - 1]];
    var next = starts.clone();
    for (var part : parts) {
      for (int i = 0; i < part.size(); i++) {
        int multiple = Math.round(part.value(i) / unit);
        entries[next[part.feature(i)]++] = part.label(i) << bits | multiple & (1 << bits) - 1;
      }
    }
    return entries;
  }

  private static int weightBits(int labels) {
    return Math.min(16, Integer.numberOfLeadingZeros(labels - 1));
  }

  /**
   * Maps the file into memory.
   *
   * @throws IOException if it cannot be read or is none
   */
  public static WeightMatrix map(Path file) throws IOException {
    var segment = MappedFile.map(file, MAGIC, HEADER, "a file of weights");
    var weights = new WeightMatrix(segment);
    if (weights.features < 0
        || weights.labels < 1
        || weights.labels > MAXIMUM_LABELS
        || weights.entries < 0
        || weights.firstEntry + 4L * weights.entries != segment.byteSize()) {
      throw new IOException("a file of weights whose header does not fit its size");
    }
    return weights;
  }

  /** How many labels there are. */
  public int labels() {
    return labels;
  }

  /** How many features there are. */
  public int features() {
    return features;
  }

  /**
   * The score of every label for a document.
   *
   * @param scores gets wᵀx + b of each label
   */
  public void scores(SparseVector vector, float[] scores) {
    Arrays.fill(scores, 0, labels, 0);
    for (int i = 0; i < vector.size(); i++) {
      long row = rows + 4L * vector.index(i);
      long entry = firstEntry + 4L * file.get(INT, row);
      long end = firstEntry + 4L * file.get(INT, row + 4);
      float value = vector.value(i);
      for (; entry < end; entry += 4) {
        int packed = file.get(INT, entry);
        scores[packed >>> bits] += value * (packed << 32 - bits >> 32 - bits);
      }
    }
    for (int label = 0; label < labels; label++) {
      scores[label] = scores[label] * unit + file.get(FLOAT, HEADER + 4L * label);
    }
  }

  /** The weight of a feature for a label. */
  public float weight(int feature, int label) {
    long row = rows + 4L * feature;
    long entry = firstEntry + 4L * file.get(INT, row);
    long end = firstEntry + 4L * file.get(INT, row + 4);
    for (; entry < end; entry += 4) {
      int packed = file.get(INT, entry);
      if (packed >>> bits == label) {
        return (packed << 32 - bits >> 32 - bits) * unit;
      }
    }
    return 0;
  }
}
