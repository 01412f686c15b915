package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.linear.LaneWeights;
import hu.mtmt.besorol.classifiers.mapped.PackedRows;
import java.util.Arrays;
import java.util.List;

/**
 * A node as it lies in a {@link TreeFile}, 32 bits a word: number of outputs n, number of rows r,
 * number of slots s, unit as float; n outputs; n biases as floats; an index; the word of the
 * entries at which each row starts and where the last ends, r + 1 words; and the entries.
 *
 * <p>A row is a feature with weights, in ascending order: n-grams that are common, and looked at
 * together, lie together. The entries are packed as {@link PackedRows} says, with the outputs as
 * columns and weights of 16 bits, of the unit.
 *
 * <p>The index finds the row of a feature. If the node has a good part of all features, s is 0 and
 * the index is three words for every 64 features: a bit for each that has a row, the lower word
 * first, and how many rows there are before. Otherwise it is a hash table of s slots of two words,
 * the feature + 1 (0 marks an empty slot) and its row, in which a feature is looked for from slot
 * {@link #firstSlot} on by linear probing.
 */
final class PackedNode {
  static final int HEADER = 4;

  /** An entry has 16 bits for the output. */
  static final int MAXIMUM_OUTPUTS = 1 << 16;

  /** With fewer than every so manieth feature a hash table is smaller. */
  private static final int SPARSE = 64;

  private static final int LARGEST = Short.MAX_VALUE;

  private PackedNode() {}

  /** Where looking for a feature starts. */
  static int firstSlot(int feature, int slots) {
    return (int) ((feature * 0x9E3779B1 & 0xFFFFFFFFL) * slots >>> Integer.SIZE);
  }

  /** How many words the index of a node with so many slots has. */
  static int indexWords(int slots, int features) {
    return slots > 0 ? 2 * slots : 3 * Math.ceilDiv(features, Long.SIZE);
  }

  /** How the rows of a node of so many outputs are packed. */
  static PackedRows packing(int outputs) {
    return new PackedRows(outputs, 16);
  }

  /**
   * Packs a node.
   *
   * @param outputs of the node
   * @param groups the weights of its outputs, whose features are those of all documents
   * @param features how many features there are in all
   */
  static int[] pack(int[] outputs, List<LaneWeights> groups, int features) {
    var rows = rows(groups);
    var packing = packing(outputs.length);
    var starts = starts(rows, groups, packing);
    int slots = rows.length < features / SPARSE ? rows.length + rows.length / 2 + 1 : 0;
    int index = HEADER + 2 * outputs.length;
    int firstStart = index + indexWords(slots, features);
    int firstEntry = firstStart + starts.length;
    var words = new int[Math.addExact(firstEntry, starts[rows.length])];
    float unit = unit(groups);
    words[0] = outputs.length;
    words[1] = rows.length;
    words[2] = slots;
    words[3] = Float.floatToRawIntBits(unit);
    System.arraycopy(outputs, 0, words, HEADER, outputs.length);
    for (var group : groups) {
      for (int k = 0; k < group.labels().length; k++) {
        words[HEADER + outputs.length + group.labels()[k]] =
            Float.floatToRawIntBits(group.biases()[k]);
      }
    }
    if (slots > 0) {
      writeHashTable(words, index, slots, rows);
    } else {
      writeBits(words, index, firstStart, rows);
    }
    System.arraycopy(starts, 0, words, firstStart, starts.length);
    writeEntries(words, firstEntry, starts, rows, groups, unit, packing);
    return words;
  }

  private static int[] rows(List<LaneWeights> groups) {
    var all = new int[groups.stream().mapToInt(LaneWeights::size).sum()];
    int size = 0;
    for (var group : groups) {
      int before = -1;
      for (int feature : group.features()) {
        if (feature != before) {
          all[size++] = feature;
        }
        before = feature;
      }
    }
    return Arrays.stream(all, 0, size).sorted().distinct().toArray();
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

  private static void writeHashTable(int[] words, int index, int slots, int[] rows) {
    for (int row = 0; row < rows.length; row++) {
      int slot = firstSlot(rows[row], slots);
      while (words[index + 2 * slot] != 0) {
        slot = slot + 1 == slots ? 0 : slot + 1;
      }
      words[index + 2 * slot] = rows[row] + 1;
      words[index + 2 * slot + 1] = row;
    }
  }

  private static void writeBits(int[] words, int index, int end, int[] rows) {
    for (int feature : rows) {
      words[index + 3 * (feature / Long.SIZE) + feature % Long.SIZE / Integer.SIZE] |= 1 << feature;
    }
    int before = 0;
    for (int at = index; at < end; at += 3) {
      words[at + 2] = before;
      before += Integer.bitCount(words[at]) + Integer.bitCount(words[at + 1]);
    }
  }

  /** Where the words of each row start among the entries, and where the last end. */
  private static int[] starts(int[] rows, List<LaneWeights> groups, PackedRows packing) {
    var starts = new int[rows.length + 1];
    for (var group : groups) {
      for (int feature : group.features()) {
        starts[1 + Arrays.binarySearch(rows, feature)]++;
      }
    }
    packing.turnIntoStarts(starts);
    return starts;
  }

  private static void writeEntries(
      int[] words,
      int firstEntry,
      int[] starts,
      int[] rows,
      List<LaneWeights> groups,
      float unit,
      PackedRows packing) {
    var next = starts.clone();
    for (var group : groups) {
      for (int i = 0; i < group.size(); i++) {
        int row = Arrays.binarySearch(rows, group.feature(i));
        int multiple = Math.round(group.value(i) / unit);
        packing.put(words, firstEntry, starts, next, row, group.label(i), multiple);
      }
    }
  }
}
