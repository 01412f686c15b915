package hu.mtmt.besorol.classifiers.trees;

import hu.mtmt.besorol.classifiers.mapped.SectionWriter;
import hu.mtmt.besorol.classifiers.mapped.Sections;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * The trees as they lie in the package, memory-mapped: like {@link Tree}, but nodes and entries of
 * all trees are numbered through.
 */
final class Forest {
  /** The file's name in a package. */
  static final String FILE = "trees.bin";

  private static final long MAGIC = 0x313052544C534542L; // "BESLTR01" as little-endian bytes

  private final MemorySegment sizes;
  private final MemorySegment roots;
  private final MemorySegment nodes;
  private final MemorySegment labels;
  private final MemorySegment shares;

  private Forest(Sections sections) throws IOException {
    this.sizes = sections.next();
    this.roots = sections.next();
    this.nodes = sections.next();
    this.labels = sections.next();
    this.shares = sections.next();
  }

  /**
   * Writes the file.
   *
   * @param features how many features vectors have
   * @param labels how many labels there are
   */
  static void write(Path file, List<Tree> trees, int features, int labels) throws IOException {
    int size = trees.stream().mapToInt(t -> t.nodes().size()).reduce(0, Math::addExact);
    int entries = trees.stream().mapToInt(t -> t.labels().size()).reduce(0, Math::addExact);
    var roots = new int[trees.size()];
    var nodes = new int[size];
    var labelsOfEntries = new int[entries];
    var shares = new float[entries];
    int node = 0;
    int entry = 0;
    for (int t = 0; t < roots.length; t++) {
      var tree = trees.get(t);
      roots[t] = node;
      for (int i = 0; i < tree.nodes().size(); i += Tree.NODE) {
        int at = Tree.NODE * node + i;
        boolean leaf = tree.nodes().get(i) == Tree.LEAF;
        nodes[at] = tree.nodes().get(i);
        nodes[at + 1] = tree.nodes().get(i + 1) + (leaf ? entry : 0);
        nodes[at + 2] = tree.nodes().get(i + 2) + (leaf ? entry : node);
        nodes[at + 3] = tree.nodes().get(i + 3) + (leaf ? 0 : node);
      }
      for (int i = 0; i < tree.labels().size(); i++) {
        labelsOfEntries[entry] = tree.labels().get(i);
        shares[entry++] = tree.shares().get(i);
      }
      node += tree.nodes().size() / Tree.NODE;
    }
    try (var out = new SectionWriter(file, MAGIC)) {
      out.writeInts(new int[] {features, labels});
      out.writeInts(roots);
      out.writeInts(nodes);
      out.writeInts(labelsOfEntries);
      out.writeFloats(shares);
    }
  }

  /**
   * Maps the file into memory.
   *
   * @throws IOException if it cannot be read or is none
   */
  static Forest map(Path file) throws IOException {
    return new Forest(Sections.map(file, MAGIC));
  }

  /** How many features vectors have. */
  int features() {
    return Sections.getInt(sizes, 0);
  }

  /** How many labels there are. */
  int labels() {
    return Sections.getInt(sizes, 1);
  }

  /** How many trees there are. */
  int size() {
    return Sections.ints(roots);
  }

  /** The first node of a tree. */
  int root(int tree) {
    return Sections.getInt(roots, tree);
  }

  boolean isLeaf(int node) {
    return feature(node) == Tree.LEAF;
  }

  /** Feature of a decision. */
  int feature(int node) {
    return Sections.getInt(nodes, Tree.NODE * node);
  }

  /** The node behind a decision, for a value of its feature. */
  int next(int node, float value) {
    float threshold = Float.intBitsToFloat(Sections.getInt(nodes, Tree.NODE * node + 1));
    return value > threshold ? above(node) : others(node);
  }

  int above(int node) {
    return Sections.getInt(nodes, Tree.NODE * node + 2);
  }

  int others(int node) {
    return Sections.getInt(nodes, Tree.NODE * node + 3);
  }

  /** The leaf of a tree for a vector. */
  int leaf(int tree, float[] values) {
    int node = root(tree);
    while (!isLeaf(node)) {
      node = next(node, values[feature(node)]);
    }
    return node;
  }

  /** First entry of a leaf. */
  int from(int leaf) {
    return Sections.getInt(nodes, Tree.NODE * leaf + 1);
  }

  /** The entry behind the last one of a leaf. */
  int to(int leaf) {
    return Sections.getInt(nodes, Tree.NODE * leaf + 2);
  }

  /** How many training documents a leaf has, as often as they count. */
  int weight(int leaf) {
    return Sections.getInt(nodes, Tree.NODE * leaf + 3);
  }

  int label(int entry) {
    return Sections.getInt(labels, entry);
  }

  /** Share of the leaf's documents that have the label of an entry. */
  float share(int entry) {
    return Float.intBitsToFloat(Sections.getInt(shares, entry));
  }

  /** Share of a leaf's documents that have a label. */
  float share(int leaf, int label) {
    for (int entry = from(leaf); entry < to(leaf); entry++) {
      if (label(entry) == label) {
        return share(entry);
      }
    }
    return 0;
  }
}
