package hu.mtmt.besorol.classifiers.bonsai;

import static hu.mtmt.besorol.classifiers.MappedFile.FLOAT;
import static hu.mtmt.besorol.classifiers.MappedFile.INT;
import static hu.mtmt.besorol.classifiers.MappedFile.LONG;

import hu.mtmt.besorol.classifiers.MappedFile;
import hu.mtmt.besorol.classifiers.mapped.LittleEndianOutput;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A tree with the classifiers of its nodes as it lies in the package, memory-mapped. A document of
 * n known n-grams touches n places of each node that is looked at.
 *
 * <p>File: little-endian; 8 bytes magic, int32 number of features, int32 number of labels, int32
 * number of nodes, int32 largest number of outputs of a node; int64 word at which each node starts,
 * counted after this table, and the end of the last; then the nodes, see {@link PackedNode}.
 */
final class TreeFile {
  private static final long MAGIC = 0x3230455254534542L; // "BESTRE02" as little-endian bytes
  private static final int HEADER = 24;

  private static final ValueLayout.OfLong PAIR =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private final int features;
  private final int labels;
  private final int nodes;
  private final int widest;
  private final long firstNode;

  private TreeFile(MemorySegment file) {
    this.file = file;
    this.features = file.get(INT, 8);
    this.labels = file.get(INT, 12);
    this.nodes = file.get(INT, 16);
    this.widest = file.get(INT, 20);
    this.firstNode = HEADER + 8L * (nodes + 1);
  }

  /** Name of the file of a tree in a package. */
  static String name(int tree) {
    return "tree-" + tree + ".bin";
  }

  /**
   * Writes the file.
   *
   * @param nodes the words of each node
   */
  static void write(Path file, int features, int labels, int[][] nodes) throws IOException {
    int widest = 0;
    for (var node : nodes) {
      widest = Math.max(widest, node[0]);
    }
    try (var out = new LittleEndianOutput(file)) {
      out.writeLong(MAGIC);
      out.writeInt(features);
      out.writeInt(labels);
      out.writeInt(nodes.length);
      out.writeInt(widest);
      long start = 0;
      for (var node : nodes) {
        out.writeLong(start);
        start += node.length;
      }
      out.writeLong(start);
      for (var node : nodes) {
        for (int word : node) {
          out.writeInt(word);
        }
      }
    }
  }

  /**
   * Maps the file into memory.
   *
   * @throws IOException if it cannot be read or is none
   */
  static TreeFile map(Path file) throws IOException {
    var segment = MappedFile.map(file, MAGIC, HEADER, "a file of a tree");
    var tree = new TreeFile(segment);
    if (tree.features < 0
        || tree.labels < 1
        || tree.nodes < 1
        || tree.firstNode > segment.byteSize()
        || tree.start(tree.nodes) != segment.byteSize()) {
      throw new IOException("a file of a tree whose header does not fit its size");
    }
    return tree;
  }

  int features() {
    return features;
  }

  int labels() {
    return labels;
  }

  /** The largest number of outputs that a node has. */
  int widest() {
    return widest;
  }

  private long start(int node) {
    return firstNode + 4 * file.get(LONG, HEADER + 8L * node);
  }

  /** How many outputs a node has. */
  int outputs(int node) {
    return file.get(INT, start(node));
  }

  /** An output of a node: the number of a child node, or {@code ~label}. */
  int output(int node, int k) {
    return file.get(INT, start(node) + 4L * (PackedNode.HEADER + k));
  }

  /**
   * The margins of the outputs of a node for a document.
   *
   * @param margins gets wᵀx + b of each output
   * @param outputs gets what they are
   * @return how many there are
   */
  int margins(int node, SparseVector vector, float[] margins, int[] outputs) {
    long start = start(node);
    int size = file.get(INT, start);
    int rows = file.get(INT, start + 4);
    int slots = file.get(INT, start + 8);
    float unit = file.get(FLOAT, start + 12);
    long firstOutput = start + 4L * PackedNode.HEADER;
    long firstBias = firstOutput + 4L * size;
    long index = firstBias + 4L * size;
    long starts = index + 4L * PackedNode.indexWords(slots, features);
    long firstEntry = starts + 4L * (rows + 1);
    var packing = PackedNode.packing(size);
    Arrays.fill(margins, 0, size, 0);
    var runs = runs(vector, index, slots, starts);
    for (int i = 0; i < runs.length; i++) {
      packing.add(file, firstEntry, runs[i], vector.value(i), margins);
    }
    for (int k = 0; k < size; k++) {
      margins[k] = margins[k] * unit + file.get(FLOAT, firstBias + 4L * k);
      outputs[k] = file.get(INT, firstOutput + 4L * k);
    }
    return size;
  }

  /**
   * Where the row of each feature starts among the entries, in the lower half, and where it ends; 0
   * if it has none. Each step is made for all features before the next: a processor then waits for
   * many places of memory at once, and waiting is most of the time of an answer.
   */
  private long[] runs(SparseVector vector, long index, int slots, long starts) {
    var runs = new long[vector.size()];
    if (slots == 0) {
      for (int i = 0; i < runs.length; i++) {
        runs[i] = rowByBits(vector.index(i), index);
      }
    } else {
      for (int i = 0; i < runs.length; i++) {
        runs[i] = slot(PackedNode.firstSlot(vector.index(i), slots), index);
      }
      for (int i = 0; i < runs.length; i++) {
        runs[i] = rowByHash(vector.index(i), runs[i], index, slots);
      }
    }
    for (int i = 0; i < runs.length; i++) {
      runs[i] = runs[i] < 0 ? 0 : file.get(PAIR, starts + 4 * runs[i]);
    }
    return runs;
  }

  /** The row of a feature in a node, or -1 if it has none. */
  private int row(int feature, long index, int slots) {
    return slots == 0
        ? rowByBits(feature, index)
        : rowByHash(feature, slot(PackedNode.firstSlot(feature, slots), index), index, slots);
  }

  private int rowByBits(int feature, long index) {
    long at = index + 12L * (feature >>> 6);
    long bits = file.get(PAIR, at);
    long before = bits & (1L << feature) - 1;
    return (bits >>> feature & 1) == 0 ? -1 : file.get(INT, at + 8) + Long.bitCount(before);
  }

  /**
   * @param first what is in the first slot
   */
  private int rowByHash(int feature, long first, long index, int slots) {
    long found = first;
    for (int slot = PackedNode.firstSlot(feature, slots); (int) found != feature + 1; ) {
      if ((int) found == 0) {
        return -1;
      }
      slot = slot + 1 == slots ? 0 : slot + 1;
      found = slot(slot, index);
    }
    return (int) (found >>> Integer.SIZE);
  }

  /** What is in a slot: the feature + 1 in the lower half, and its row. */
  private long slot(int slot, long index) {
    return file.get(PAIR, index + 8L * slot);
  }

  /**
   * The way to a label: the nodes and outputs, pair by pair, from the label up to the root. Without
   * pairs if the tree does not have the label.
   */
  int[] wayTo(int label) {
    var way = new int[2 * nodes];
    int size = 0;
    int wanted = ~label;
    for (int node = nodes - 1; node >= 0; node--) { // children have higher numbers
      int outputs = outputs(node);
      for (int k = 0; k < outputs; k++) {
        if (output(node, k) == wanted) {
          way[size++] = node;
          way[size++] = k;
          wanted = node;
          break;
        }
      }
    }
    return Arrays.copyOf(way, size);
  }

  /** The sum of the weights of a feature on a way. */
  float weight(int feature, int[] way) {
    float sum = 0;
    for (int i = 0; i < way.length; i += 2) {
      sum += weight(feature, way[i], way[i + 1]);
    }
    return sum;
  }

  private float weight(int feature, int node, int output) {
    long start = start(node);
    int rows = file.get(INT, start + 4);
    int slots = file.get(INT, start + 8);
    long index = start + 4L * (PackedNode.HEADER + 2L * outputs(node));
    int row = row(feature, index, slots);
    if (row < 0) {
      return 0;
    }
    long starts = index + 4L * PackedNode.indexWords(slots, features);
    long firstEntry = starts + 4L * (rows + 1);
    long run = file.get(PAIR, starts + 4L * row);
    return PackedNode.packing(outputs(node)).multiple(file, firstEntry, run, output)
        * file.get(FLOAT, start + 12);
  }
}
