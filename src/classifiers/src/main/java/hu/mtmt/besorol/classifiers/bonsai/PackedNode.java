package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.linear.LaneWeights;
import java.util.Arrays;
import java.util.List;

/**
 * A node as it lies in a {@link TreeFile}, 32 bits a word: number of outputs n, number of slots s,
 * number of entries, unit as float; n outputs; n biases as floats; s + 1 slots of two words, the
 * feature + 1 (0 marks an empty slot) and where its entries start; and the entries, the output in
 * the upper 16 bits and the weight as a signed multiple of the unit in the lower ones. The entries
 * of a slot end where those of the next slot start. A feature is looked for from slot {@link
 * #firstSlot} on, by linear probing.
 */
final class PackedNode {
  static final int HEADER = 4;

  /** An entry has 16 bits for the output. */
  static final int MAXIMUM_OUTPUTS = 1 << 16;

  private static final int LARGEST = Short.MAX_VALUE;

  private PackedNode() {}

  /** Where looking for a feature starts. */
  static int firstSlot(int feature, int slots) {
    return (int) ((feature * 0x9E3779B1 & 0xFFFFFFFFL) * slots >>> Integer.SIZE);
  }

  /**
   * Packs a node.
   *
   * @param outputs of the node
   * @param groups the weights of its outputs, whose features are those of all documents
   */
  static int[] pack(int[] outputs, List<LaneWeights> groups) {
    var features = features(groups);
    int entries = groups.stream().mapToInt(LaneWeights::size).reduce(0, Math::addExact);
    int slots = features.length + features.length / 2 + 1;
    int firstSlot = HEADER + 2 * outputs.length;
    int firstEntry = firstSlot + 2 * (slots + 1);
    var words = new int[Math.addExact(firstEntry, entries)];
    float unit = unit(groups);
    words[0] = outputs.length;
    words[1] = slots;
    words[2] = entries;
    words[3] = Float.floatToRawIntBits(unit);
    System.arraycopy(outputs, 0, words, HEADER, outputs.length);
    for (var group : groups) {
      for (int k = 0; k < group.labels().length; k++) {
        words[HEADER + outputs.length + group.labels()[k]] =
            Float.floatToRawIntBits(group.biases()[k]);
      }
    }
    for (int feature : features) {
      words[slot(words, firstSlot, slots, feature)] = feature + 1;
    }
    writeEntries(words, groups, firstSlot, slots, unit);
    return words;
  }

  private static int[] features(List<LaneWeights> groups) {
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

  /** The word of the slot that has a feature, or of the empty one where it belongs. */
  private static int slot(int[] words, int firstSlot, int slots, int feature) {
    int slot = firstSlot(feature, slots);
    while (words[firstSlot + 2 * slot] != 0 && words[firstSlot + 2 * slot] != feature + 1) {
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
    return firstSlot + 2 * slot;
  }

  private static void writeEntries(
      int[] words, List<LaneWeights> groups, int firstSlot, int slots, float unit) {
    for (var group : groups) {
      for (int i = 0; i < group.size(); i++) {
        words[slot(words, firstSlot, slots, group.feature(i)) + 3]++; // lengths in the next slot
      }
    }
    for (int slot = 0; slot < slots; slot++) {
      words[firstSlot + 2 * slot + 3] += words[firstSlot + 2 * slot + 1];
    }
    var next = new int[slots];
    Arrays.setAll(next, slot -> words[firstSlot + 2 * slot + 1]);
    int firstEntry = firstSlot + 2 * (slots + 1);
    for (var group : groups) {
      for (int i = 0; i < group.size(); i++) {
        int slot = (slot(words, firstSlot, slots, group.feature(i)) - firstSlot) / 2;
        int multiple = Math.round(group.value(i) / unit);
        words[firstEntry + next[slot]++] = group.label(i) << 16 | multiple & 0xFFFF;
      }
    }
  }
}
