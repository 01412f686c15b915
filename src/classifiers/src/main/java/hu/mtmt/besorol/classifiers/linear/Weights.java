package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.text.SparseVector;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of all labels as they lie in the package, memory-mapped: sparse rows by feature, so
 * that a document of n known n-grams touches n runs of memory.
 *
 * <p>File: little-endian; 8 bytes magic, int32 number of features, int32 number of labels, int32
 * number of entries, float32 unit; float32 bias of each label; int32 start of each feature's row
 * and the end of the last; int32 entries, the label in the upper 16 bits and in the lower ones the
 * weight as a signed multiple of the unit. A unit is 1/32767 of the largest weight: far less than
 * the weights that were left out as too small.
 */
final class Weights {
  /** The file's name in a package. */
  static final String FILE = "weights.bin";

  /** An entry has 16 bits for the label. */
  static final int MAXIMUM_LABELS = 1 << 16;

  private static final long MAGIC = 0x313054474C534542L; // "BESLGT01" as little-endian bytes
  private static final int HEADER = 24;

  /** Bias of a label that was not learnt: whatever the calibration, its score is 0. */
  private static final float NEVER = -1e9f;

  private static final int LARGEST = Short.MAX_VALUE;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private final int features;
  private final int labels;
  private final int entries;
  private final float unit;
  private final long rows;
  private final long firstEntry;

  private Weights(MemorySegment file) {
    this.file = file;
    this.features = file.get(INT, 8);
    this.labels = file.get(INT, 12);
    this.entries = file.get(INT, 16);
    this.unit = file.get(FLOAT, 20);
    this.rows = HEADER + 4L * labels;
    this.firstEntry = rows + 4L * (features + 1);
  }

  /**
   * Writes the file.
   *
   * @param groups the lane groups in the order of their labels
   * @param labels how many labels there are; those in no group are never answered
   * @param features how many features there are
   */
  static void write(Path file, List<LaneWeights> groups, int labels, int features)
      throws IOException {
    int entries = groups.stream().mapToInt(g -> g.values().length).reduce(0, Math::addExact);
    float unit = unit(groups);
    try (var out =
        new LittleEndian(
            new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16))) {
      out.writeLong(MAGIC);
      out.writeInt(features);
      out.writeInt(labels);
      out.writeInt(entries);
      out.writeInt(Float.floatToRawIntBits(unit));
      for (float bias : biases(groups, labels)) {
        out.writeInt(Float.floatToRawIntBits(bias));
      }
      writeRowStarts(out, groups, features);
      writeEntries(out, groups, features, unit);
    }
  }

  private static float[] biases(List<LaneWeights> groups, int labels) {
    var biases = new float[labels];
    Arrays.fill(biases, NEVER);
    for (var group : groups) {
      for (int k = 0; k < group.labels().length; k++) {
        biases[group.labels()[k]] = group.biases()[k];
      }
    }
    return biases;
  }

  private static float unit(List<LaneWeights> groups) {
    float largest = 0;
    for (var group : groups) {
      for (float value : group.values()) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest == 0 ? 1 : largest / LARGEST;
  }

  private static void writeRowStarts(LittleEndian out, List<LaneWeights> groups, int features)
      throws IOException {
    var lengths = new int[features];
    for (var group : groups) {
      for (int feature : group.features()) {
        lengths[feature]++;
      }
    }
    int start = 0;
    for (int length : lengths) {
      out.writeInt(start);
      start += length;
    }
    out.writeInt(start);
  }

  private static void writeEntries(
      LittleEndian out, List<LaneWeights> groups, int features, float unit) throws IOException {
    var next = new int[groups.size()];
    for (int feature = 0; feature < features; feature++) {
      for (int g = 0; g < next.length; g++) {
        var group = groups.get(g);
        for (;
            next[g] < group.features().length && group.features()[next[g]] == feature;
            next[g]++) {
          int label = group.labels()[group.laneOf()[next[g]]];
          int multiple = Math.round(group.values()[next[g]] / unit);
          out.writeInt(label << 16 | multiple & 0xFFFF);
        }
      }
    }
  }

  /**
   * Maps the file into memory.
   *
   * @throws IOException if it cannot be read or is none
   */
  static Weights map(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < HEADER) {
        throw new IOException("not a file of weights: only " + channel.size() + " bytes");
      }
      var segment = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      if (segment.get(LONG, 0) != MAGIC) {
        throw new IOException("not a file of weights of this format");
      }
      var weights = new Weights(segment);
      if (weights.features < 0
          || weights.labels < 1
          || weights.labels > MAXIMUM_LABELS
          || weights.entries < 0
          || weights.firstEntry + 4L * weights.entries != channel.size()) {
        throw new IOException("a file of weights whose header does not fit its size");
      }
      return weights;
    }
  }

  int labels() {
    return labels;
  }

  int features() {
    return features;
  }

  /**
   * The margin of every label for a document.
   *
   * @param margins gets wᵀx + b of each label
   */
  void margins(SparseVector vector, float[] margins) {
    Arrays.fill(margins, 0, labels, 0);
    for (int i = 0; i < vector.size(); i++) {
      long row = rows + 4L * vector.index(i);
      long entry = firstEntry + 4L * file.get(INT, row);
      long end = firstEntry + 4L * file.get(INT, row + 4);
      float value = vector.value(i);
      for (; entry < end; entry += 4) {
        int packed = file.get(INT, entry);
        margins[packed >>> 16] += value * (short) packed;
      }
    }
    for (int label = 0; label < labels; label++) {
      margins[label] = margins[label] * unit + file.get(FLOAT, HEADER + 4L * label);
    }
  }

  /** The weight of a feature for a label. */
  float weight(int feature, int label) {
    long row = rows + 4L * feature;
    long entry = firstEntry + 4L * file.get(INT, row);
    long end = firstEntry + 4L * file.get(INT, row + 4);
    for (; entry < end; entry += 4) {
      int packed = file.get(INT, entry);
      if (packed >>> 16 == label) {
        return (short) packed * unit;
      }
    }
    return 0;
  }

  /** Writes numbers with the least byte first. */
  private static final class LittleEndian implements AutoCloseable {
    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

    LittleEndian(OutputStream out) {
      this.out = out;
    }

    void writeInt(int value) throws IOException {
      buffer.putInt(0, value);
      out.write(buffer.array(), 0, 4);
    }

    void writeLong(long value) throws IOException {
      buffer.putLong(0, value);
      out.write(buffer.array(), 0, 8);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
