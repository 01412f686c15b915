package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.linear.LaneWeights;
import hu.mtmt.besorol.classifiers.mapped.PackedRows;
import java.util.Arrays;
import java.util.List;

/**
 * The classifiers of a node, ready to be written into a {@link TreesFile}. A row is a feature with
 * weights; it is packed as {@link PackedRows} says, with the outputs as columns and weights of 16
 * bits.
 *
 * @param outputs what the node chooses among: the number of a child node, or {@code ~label}
 * @param biases by output
 * @param unit of the weights
 * @param features of the rows, ascending
 * @param starts the word at which each row starts, and where the last ends
 * @param words of the rows
 */
record PackedNode(
    int[] outputs, float[] biases, float unit, int[] features, int[] starts, int[] words) {
  /** An entry has 16 bits for the output. */
  static final int MAXIMUM_OUTPUTS = 1 << 16;

  private static final int LARGEST = Short.MAX_VALUE;

  /** How the rows of a node of so many outputs are packed. */
  static PackedRows packing(int outputs) {
    return new PackedRows(outputs, 16);
  }

  /**
   * Packs a node.
   *
   * @param outputs of the node
   * @param groups the weights of its outputs, whose features are those of all documents
   */
  static PackedNode of(int[] outputs, List<LaneWeights> groups) {
    var features = features(groups);
    var packing = packing(outputs.length);
    var starts = starts(features, groups, packing);
    float unit = unit(groups);
    var words = new int[starts[features.length]];
    var next = starts.clone();
    var biases = new float[outputs.length];
    for (var group : groups) {
      for (int k = 0; k < group.labels().length; k++) {
        biases[group.labels()[k]] = group.biases()[k];
      }
      for (int i = 0; i < group.size(); i++) {
        int row = Arrays.binarySearch(features, group.feature(i));
        int multiple = Math.round(group.value(i) / unit);
        packing.put(words, 0, starts, next, row, group.label(i), multiple);
      }
    }
    return new PackedNode(outputs, biases, unit, features, starts, words);
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

  private static int[] starts(int[] features, List<LaneWeights> groups, PackedRows packing) {
    var starts = new int[features.length + 1];
    for (var group : groups) {
      for (int feature : group.features()) {
        starts[1 + Arrays.binarySearch(features, feature)]++;
      }
    }
    packing.turnIntoStarts(starts);
    return starts;
  }

  /** How many words a row has. */
  int size(int row) {
    return starts[row + 1] - starts[row];
  }
}
