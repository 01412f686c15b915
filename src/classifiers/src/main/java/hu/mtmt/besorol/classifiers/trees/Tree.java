package hu.mtmt.besorol.classifiers.trees;

import com.carrotsearch.hppc.FloatArrayList;
import com.carrotsearch.hppc.IntArrayList;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A tree as it grows: numbers of nodes and entries begin at 0, the root is node 0.
 *
 * @param nodes {@value #NODE} numbers for each node: of a decision its feature, the bits of its
 *     threshold, and the nodes for values above and not above it; of a leaf {@value #LEAF}, its
 *     first entry, the one behind its last, and its weight in training documents
 * @param labels label of each entry, ascending within a leaf
 * @param shares share of the leaf's documents that have the label
 */
record Tree(IntArrayList nodes, IntArrayList labels, FloatArrayList shares) {
  /** How many numbers a node has. */
  static final int NODE = 4;

  /** Stands where a decision has its feature. */
  static final int LEAF = -1;

  Tree() {
    this(new IntArrayList(), new IntArrayList(), new FloatArrayList());
  }

  /** Adds a node that is not known yet. */
  int reserve() {
    int node = nodes.size() / NODE;
    nodes.add(LEAF, 0, 0);
    nodes.add(0);
    return node;
  }

  void decide(int node, int feature, float threshold, int above, int others) {
    set(node, feature, Float.floatToIntBits(threshold), above, others);
  }

  /** Makes a node a leaf that has the entries from {@code first} on. */
  void finish(int node, int first, int weight) {
    set(node, LEAF, first, labels.size(), weight);
  }

  private void set(int node, int a, int b, int c, int d) {
    nodes.set(NODE * node, a);
    nodes.set(NODE * node + 1, b);
    nodes.set(NODE * node + 2, c);
    nodes.set(NODE * node + 3, d);
  }

  /** Writes a checkpoint. */
  void write(DataOutputStream out) throws IOException {
    out.writeInt(nodes.size());
    for (var n : nodes) {
      out.writeInt(n.value);
    }
    out.writeInt(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      out.writeInt(labels.get(i));
      out.writeFloat(shares.get(i));
    }
  }

  /** Reads what {@link #write} wrote. */
  static Tree read(DataInputStream in) throws IOException {
    var tree = new Tree();
    for (int left = in.readInt(); left > 0; left--) {
      tree.nodes.add(in.readInt());
    }
    for (int left = in.readInt(); left > 0; left--) {
      tree.labels.add(in.readInt());
      tree.shares.add(in.readFloat());
    }
    return tree;
  }
}
