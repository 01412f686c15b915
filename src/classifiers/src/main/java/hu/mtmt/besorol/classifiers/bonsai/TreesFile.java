package hu.mtmt.besorol.classifiers.bonsai;

import static hu.mtmt.besorol.classifiers.MappedFile.FLOAT;
import static hu.mtmt.besorol.classifiers.MappedFile.INT;
import static hu.mtmt.besorol.classifiers.MappedFile.PAIR;

import hu.mtmt.besorol.classifiers.MappedFile;
import hu.mtmt.besorol.classifiers.mapped.LittleEndianOutput;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The trees with the classifiers of their nodes as they lie in the package, memory-mapped. What
 * nodes know of a feature lies together, so that a document of n known n-grams touches n places of
 * memory, however many nodes are looked at: answering is waiting for memory.
 *
 * <p>File: little-endian, numbers of 32 bits; 8 bytes magic, number of features, of labels, of
 * trees, of nodes, of outputs of all nodes, of words of all blocks; the root of each tree; the
 * first output of each node and the end of the last; the unit of the weights of each node, float;
 * what each output is, and its bias, float; the word at which the block of each feature starts and
 * where the last ends; the blocks. Nodes of all trees are numbered through, children after their
 * parents.
 *
 * <p>Block of a feature that has rows: their number r; an index of the nodes that they are of,
 * ascending; the word at which each row starts, counted like those of blocks, and where the last
 * ends; the rows, see {@link PackedNode}. The index is r numbers of nodes or, if that is not more,
 * three words for every 64 nodes: a bit for each that has a row, the lower word first, and how many
 * rows there are before.
 */
final class TreesFile {
  /** The file's name in a package. */
  static final String NAME = "trees.bin";

  private static final long MAGIC = 0x3330455254534542L; // "BESTRE03" as little-endian bytes
  private static final int HEADER = 32;

  private final MemorySegment file;
  private final int features;
  private final int labels;
  private final int trees;
  private final int nodes;
  private final int bitWords;
  private final long roots;
  private final long firstOutputs;
  private final long units;
  private final long outputs;
  private final long biases;
  private final long blocks;
  private final long firstWord;

  private TreesFile(MemorySegment file) {
    this.file = file;
    this.features = file.get(INT, 8);
    this.labels = file.get(INT, 12);
    this.trees = file.get(INT, 16);
    this.nodes = file.get(INT, 20);
    int allOutputs = file.get(INT, 24);
    this.bitWords = bitWords(nodes);
    this.roots = HEADER;
    this.firstOutputs = roots + 4L * trees;
    this.units = firstOutputs + 4L * (nodes + 1);
    this.outputs = units + 4L * nodes;
    this.biases = outputs + 4L * allOutputs;
    this.blocks = biases + 4L * allOutputs;
    this.firstWord = blocks + 4L * (features + 1);
  }

  /** How many words an index by bits has. */
  private static int bitWords(int nodes) {
    return 3 * Math.ceilDiv(nodes, Long.SIZE);
  }

  /**
   * Writes the file.
   *
   * @param features how many features there are
   * @param labels how many labels there are
   * @param trees the nodes of each tree, numbered from 0 in it
   */
  static void write(Path file, int features, int labels, List<PackedNode[]> trees)
      throws IOException {
    var nodes = trees.stream().flatMap(Arrays::stream).toArray(PackedNode[]::new);
    var nodesOf = nodesByFeature(features, nodes);
    var starts = blockStarts(nodesOf, nodes);
    int allOutputs = Arrays.stream(nodes).mapToInt(node -> node.outputs().length).sum();
    try (var out = new LittleEndianOutput(file)) {
      out.writeLong(MAGIC);
      out.writeInt(features);
      out.writeInt(labels);
      out.writeInt(trees.size());
      out.writeInt(nodes.length);
      out.writeInt(allOutputs);
      out.writeInt(starts[features]);
      writeNodes(out, trees, nodes);
      for (int start : starts) {
        out.writeInt(start);
      }
      var rows = new int[nodes.length];
      for (int feature = 0; feature < features; feature++) {
        writeBlock(out, starts[feature], nodesOf[feature], nodes, rows);
      }
    }
  }

  /** The nodes that have a row of each feature, ascending. */
  private static int[][] nodesByFeature(int features, PackedNode[] nodes) {
    var counts = new int[features];
    for (var node : nodes) {
      for (int feature : node.features()) {
        counts[feature]++;
      }
    }
    var nodesOf = new int[features][];
    Arrays.setAll(nodesOf, feature -> new int[counts[feature]]);
    for (int node = nodes.length - 1; node >= 0; node--) {
      for (int feature : nodes[node].features()) {
        nodesOf[feature][--counts[feature]] = node;
      }
    }
    return nodesOf;
  }

  private static int[] blockStarts(int[][] nodesOf, PackedNode[] nodes) {
    var starts = new int[nodesOf.length + 1];
    for (int feature = 0; feature < nodesOf.length; feature++) {
      starts[feature + 1] = headWords(nodesOf[feature].length, nodes.length);
    }
    for (var node : nodes) {
      for (int row = 0; row < node.features().length; row++) {
        int feature = node.features()[row];
        starts[feature + 1] = Math.addExact(starts[feature + 1], node.size(row));
      }
    }
    for (int feature = 0; feature < nodesOf.length; feature++) {
      starts[feature + 1] = Math.addExact(starts[feature + 1], starts[feature]);
    }
    return starts;
  }

  /** How many words a block has before its rows. */
  private static int headWords(int rows, int nodes) {
    return rows == 0 ? 0 : 1 + Math.min(rows, bitWords(nodes)) + rows + 1;
  }

  private static void writeNodes(
      LittleEndianOutput out, List<PackedNode[]> trees, PackedNode[] nodes) throws IOException {
    int root = 0;
    for (var tree : trees) {
      out.writeInt(root);
      root += tree.length;
    }
    int first = 0;
    for (var node : nodes) {
      out.writeInt(first);
      first += node.outputs().length;
    }
    out.writeInt(first);
    for (var node : nodes) {
      out.writeFloat(node.unit());
    }
    root = 0;
    for (var tree : trees) {
      for (var node : tree) {
        for (int output : node.outputs()) {
          out.writeInt(output < 0 ? output : root + output);
        }
      }
      root += tree.length;
    }
    for (var node : nodes) {
      for (float bias : node.biases()) {
        out.writeFloat(bias);
      }
    }
  }

  /**
   * @param start the word at which the block starts
   * @param having the nodes that have a row of the feature
   * @param rows the next row of each node; is counted up
   */
  private static void writeBlock(
      LittleEndianOutput out, int start, int[] having, PackedNode[] nodes, int[] rows)
      throws IOException {
    if (having.length == 0) {
      return;
    }
    out.writeInt(having.length);
    if (having.length < bitWords(nodes.length)) {
      for (int node : having) {
        out.writeInt(node);
      }
    } else {
      writeBits(out, having, nodes.length);
    }
    int word = start + headWords(having.length, nodes.length);
    for (int node : having) {
      out.writeInt(word);
      word += nodes[node].size(rows[node]);
    }
    out.writeInt(word);
    for (int node : having) {
      int row = rows[node]++;
      for (int i = nodes[node].starts()[row]; i < nodes[node].starts()[row + 1]; i++) {
        out.writeInt(nodes[node].words()[i]);
      }
    }
  }

  private static void writeBits(LittleEndianOutput out, int[] having, int nodes)
      throws IOException {
    int before = 0;
    for (int first = 0; first < nodes; first += Long.SIZE) {
      long bits = 0;
      int rows = before;
      while (rows < having.length && having[rows] < first + Long.SIZE) {
        bits |= 1L << having[rows++];
      }
      out.writeLong(bits);
      out.writeInt(before);
      before = rows;
    }
  }

  /**
   * Maps the file into memory.
   *
   * @throws IOException if it cannot be read or is none
   */
  static TreesFile map(Path path) throws IOException {
    var segment = MappedFile.map(path, MAGIC, HEADER, "a file of trees");
    var trees = new TreesFile(segment);
    int words = segment.get(INT, 28);
    if (trees.features < 0
        || trees.labels < 1
        || trees.trees < 1
        || trees.nodes < trees.trees
        || trees.biases < trees.outputs
        || trees.firstWord + 4 * Integer.toUnsignedLong(words) != segment.byteSize()) {
      throw new IOException("a file of trees whose header does not fit its size");
    }
    return trees;
  }

  int features() {
    return features;
  }

  int labels() {
    return labels;
  }

  /** How many trees there are. */
  int trees() {
    return trees;
  }

  /** The number of the node at which a tree begins. */
  int root(int tree) {
    return file.get(INT, roots + 4L * tree);
  }

  /** The largest number of outputs that a node has. */
  int widest() {
    int widest = 0;
    for (int node = 0; node < nodes; node++) {
      widest = Math.max(widest, firstOutput(node + 1) - firstOutput(node));
    }
    return widest;
  }

  private int firstOutput(int node) {
    return file.get(INT, firstOutputs + 4L * node);
  }

  private int output(int number) {
    return file.get(INT, outputs + 4L * number);
  }

  /** Where the block of each feature of a document is in the file, for {@link #margins}. */
  long[] blocks(SparseVector vector) {
    var found = new long[vector.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = block(vector.index(i));
    }
    return found;
  }

  /** Where the block of a feature is; 0 if it has none. */
  private long block(int feature) {
    long bounds = file.get(PAIR, blocks + 4L * feature);
    int start = (int) bounds;
    return start == (int) (bounds >>> Integer.SIZE) ? 0 : at(start);
  }

  private long at(int word) {
    return firstWord + 4 * Integer.toUnsignedLong(word);
  }

  /**
   * The margins of the outputs of a node for a document.
   *
   * @param found see {@link #blocks}
   * @param margins gets wᵀx + b of each output
   * @param outputs gets what they are: the number of a child node, or {@code ~label}
   * @return how many there are
   */
  int margins(int node, SparseVector vector, long[] found, float[] margins, int[] outputs) {
    int first = firstOutput(node);
    int size = firstOutput(node + 1) - first;
    Arrays.fill(margins, 0, size, 0);
    var packing = PackedNode.packing(size);
    var rows = new long[found.length]; // all are found before the first is read
    for (int i = 0; i < rows.length; i++) {
      rows[i] = found[i] == 0 ? 0 : row(node, found[i]);
    }
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != 0) {
        packing.add(file, firstWord, rows[i], vector.value(i), margins);
      }
    }
    float unit = file.get(FLOAT, units + 4L * node);
    for (int k = 0; k < size; k++) {
      margins[k] = margins[k] * unit + file.get(FLOAT, biases + 4L * (first + k));
      outputs[k] = output(first + k);
    }
    return size;
  }

  /** The words at which the row of a node starts, in the lower half, and ends; 0 if it has none. */
  private long row(int node, long block) {
    int rows = file.get(INT, block);
    long index = block + 4;
    if (rows < bitWords) {
      int row = rowInList(node, index, rows);
      return row < 0 ? 0 : file.get(PAIR, index + 4L * (rows + row));
    }
    long at = index + 12L * (node >>> 6);
    long bits = file.get(PAIR, at);
    if ((bits >>> node & 1) == 0) {
      return 0;
    }
    int row = file.get(INT, at + 8) + Long.bitCount(bits & (1L << node) - 1);
    return file.get(PAIR, index + 4L * (bitWords + row));
  }

  private int rowInList(int node, long index, int rows) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (file.get(INT, index + 4L * middle) < node) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < rows && file.get(INT, index + 4L * low) == node ? low : -1;
  }

  /**
   * The way to a label in a tree: the nodes and outputs, pair by pair, from the label up to the
   * root. Without pairs if the tree does not have the label.
   */
  int[] wayTo(int label, int tree) {
    int end = tree + 1 < trees ? root(tree + 1) : nodes;
    int root = root(tree);
    var way = new int[2 * (end - root)];
    int size = 0;
    int wanted = ~label;
    for (int node = end - 1; node >= root; node--) { // children have higher numbers
      int first = firstOutput(node);
      for (int k = 0; k < firstOutput(node + 1) - first; k++) {
        if (output(first + k) == wanted) {
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
    long block = block(feature);
    float sum = 0;
    for (int i = 0; block != 0 && i < way.length; i += 2) {
      int node = way[i];
      long row = row(node, block);
      if (row != 0) {
        int multiple =
            PackedNode.packing(firstOutput(node + 1) - firstOutput(node))
                .multiple(file, firstWord, row, way[i + 1]);
        sum += multiple * file.get(FLOAT, units + 4L * node);
      }
    }
    return sum;
  }
}
