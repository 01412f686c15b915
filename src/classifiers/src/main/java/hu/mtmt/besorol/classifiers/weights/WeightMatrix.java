package hu.mtmt.besorol.classifiers.weights;

import static hu.mtmt.besorol.classifiers.MappedFile.FLOAT;
import static hu.mtmt.besorol.classifiers.MappedFile.INT;
import static hu.mtmt.besorol.classifiers.MappedFile.PAIR;

import hu.mtmt.besorol.classifiers.MappedFile;
import hu.mtmt.besorol.classifiers.mapped.LittleEndianOutput;
import hu.mtmt.besorol.classifiers.mapped.PackedRows;
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
 * number of words of all rows, float32 unit; float32 offset of each label; int32 word at which each
 * feature's row starts and the end of the last; then the rows, see {@link PackedRows}. A weight has
 * 16 bits, or what {@code labels} labels leave of the 32 if that is less; the unit is the largest
 * weight over the largest multiple: far less than the weights that are worth keeping.
 */
public final class WeightMatrix {
  /** The file's name in a package. */
  public static final String FILE = "weights.bin";

  /** With more labels weights would have less than 12 bits. */
  public static final int MAXIMUM_LABELS = 1 << 20;

  /** Offset of a label that was not learnt: whatever the calibration, its score is 0. */
  public static final float NEVER = -1e9f;

  private static final long MAGIC = 0x323054474C534542L; // "BESLGT02" as little-endian bytes
  private static final int HEADER = 24;

  private final MemorySegment file;
  private final int features;
  private final int labels;
  private final int words;
  private final float unit;
  private final PackedRows packing;
  private final long starts;
  private final long firstWord;

  private WeightMatrix(MemorySegment file) {
    this.file = file;
    this.features = file.get(INT, 8);
    this.labels = file.get(INT, 12);
    this.words = file.get(INT, 16);
    this.unit = file.get(FLOAT, 20);
    this.packing = packing(labels);
    this.starts = HEADER + 4L * labels;
    this.firstWord = starts + 4L * (features + 1);
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
   * @param parts the weights that are not 0; entries of a row that is not dense are kept in order
   */
  public static void write(Path file, int features, float[] offsets, List<? extends Entries> parts)
      throws IOException {
    var packing = packing(offsets.length);
    var starts = rowStarts(features, parts, packing);
    float largest = 0;
    for (var part : parts) {
      for (int i = 0; i < part.size(); i++) {
        largest = Math.max(largest, Math.abs(part.value(i)));
      }
    }
    float unit = largest == 0 ? 1 : largest / ((1 << (packing.bits() - 1)) - 1);
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
      for (int word : words(starts, parts, packing, unit)) {
        out.writeInt(word);
      }
    }
  }

  private static int[] rowStarts(int features, List<? extends Entries> parts, PackedRows packing) {
    var starts = new int[features + 1];
    for (var part : parts) {
      for (int i = 0; i < part.size(); i++) {
        starts[part.feature(i) + 1]++;
      }
    }
    packing.turnIntoStarts(starts);
    return starts;
  }

  private static int[] words(
      int[] starts, List<? extends Entries> parts, PackedRows packing, float unit) {
    var words = new int[starts[starts.length - 1]];
    var next = starts.clone();
    for (var part : parts) {
      for (int i = 0; i < part.size(); i++) {
        int multiple = Math.round(part.value(i) / unit);
        packing.put(words, 0, starts, next, part.feature(i), part.label(i), multiple);
      }
    }
    return words;
  }

  private static PackedRows packing(int labels) {
    return new PackedRows(labels, Math.min(16, Integer.numberOfLeadingZeros(labels - 1)));
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
        || weights.words < 0
        || weights.firstWord + 4L * weights.words != segment.byteSize()) {
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
    var runs = runs(vector);
    for (int i = 0; i < runs.length; i++) {
      packing.add(file, firstWord, runs[i], vector.value(i), scores);
    }
    for (int label = 0; label < labels; label++) {
      scores[label] = scores[label] * unit + file.get(FLOAT, HEADER + 4L * label);
    }
  }

  /**
   * Where the row of each feature starts, in the lower half, and where it ends. All rows are found
   * before the first is read: a processor then waits for many places of memory at once, and waiting
   * is most of the time of an answer.
   */
  private long[] runs(SparseVector vector) {
    var runs = new long[vector.size()];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = file.get(PAIR, starts + 4L * vector.index(i));
    }
    return runs;
  }

  /** The weight of a feature for a label. */
  public float weight(int feature, int label) {
    long run = file.get(PAIR, starts + 4L * feature);
    return packing.multiple(file, firstWord, run, label) * unit;
  }
}
