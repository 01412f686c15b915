package hu.mtmt.besorol.classifiers.boosting;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * A sum of regression trees. Nodes of all trees lie one after the other, the two children of a node
 * side by side. Immutable.
 *
 * <p>Written as: int32 number of features, int32 number of trees, int32 number of nodes, int32 root
 * of each tree; then for every node int32 feature (−1: a leaf), float32 threshold or value of the
 * leaf, int32 left child (the right one follows it); all big-endian.
 */
public final class BoostedTrees {
  private static final int LEAF = -1;
  private static final int MOST_NODES = 1 << 24;

  private final int features;
  private final int[] roots;
  private final int[] feature;
  private final float[] threshold;
  private final int[] left;

  private BoostedTrees(int features, int[] roots, int[] feature, float[] threshold, int[] left) {
    this.features = features;
    this.roots = roots;
    this.feature = feature;
    this.threshold = threshold;
    this.left = left;
  }

  /** How many features a row has. */
  public int features() {
    return features;
  }

  /** How many trees there are. */
  public int trees() {
    return roots.length;
  }

  /**
   * Adds to the scores of rows what the trees say.
   *
   * @param rows features of row 0, of row 1, …; no NaN
   * @param count how many rows there are
   * @param scores the score of each row, added to
   */
  public void score(float[] rows, int count, float[] scores) {
    for (int root : roots) { // a tree stays in the cache while all rows go down
      for (int row = 0, from = 0; row < count; row++, from += features) {
        int node = root;
        for (int f; (f = feature[node]) >= 0; ) {
          node = left[node] + (rows[from + f] > threshold[node] ? 1 : 0);
        }
        scores[row] += threshold[node];
      }
    }
  }

  /** Writes the trees. */
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(features);
    out.writeInt(roots.length);
    out.writeInt(feature.length);
    for (int root : roots) {
      out.writeInt(root);
    }
    for (int node = 0; node < feature.length; node++) {
      out.writeInt(feature[node]);
      out.writeFloat(threshold[node]);
      out.writeInt(left[node]);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if it is cut off or no such trees
   */
  public static BoostedTrees read(DataInputStream in) throws IOException {
    int features = in.readInt();
    int trees = in.readInt();
    int nodes = in.readInt();
    if (features < 1 || nodes < 0 || nodes > MOST_NODES || trees < 0 || trees > nodes) {
      throw new IOException("boosted trees whose header is wrong");
    }
    var roots = new int[trees];
    for (int t = 0; t < trees; t++) {
      roots[t] = in.readInt();
      check(roots[t] >= 0 && roots[t] < nodes);
    }
    var feature = new int[nodes];
    var threshold = new float[nodes];
    var left = new int[nodes];
    for (int node = 0; node < nodes; node++) {
      feature[node] = in.readInt();
      threshold[node] = in.readFloat();
      left[node] = in.readInt();
      check(feature[node] >= LEAF && feature[node] < features);
      // children come after their parents, so every way down ends
      check(feature[node] == LEAF || left[node] > node && left[node] < nodes - 1);
    }
    return new BoostedTrees(features, roots, feature, threshold, left);
  }

  private static void check(boolean right) throws IOException {
    if (!right) {
      throw new IOException("boosted trees with a node that leads nowhere");
    }
  }

  /** Puts trees together. */
  static final class Builder {
    private final int features;
    private int[] roots = new int[64];
    private int[] feature = new int[1024];
    private float[] threshold = new float[1024];
    private int[] left = new int[1024];
    private int trees;
    private int nodes;

    Builder(int features) {
      this.features = features;
    }

    /** Begins a tree; its root is a leaf of value 0 as yet. */
    int root() {
      if (trees == roots.length) {
        roots = Arrays.copyOf(roots, 2 * trees);
      }
      roots[trees++] = nodes;
      return add();
    }

    private int add() {
      if (nodes == feature.length) {
        feature = Arrays.copyOf(feature, 2 * nodes);
        threshold = Arrays.copyOf(threshold, 2 * nodes);
        left = Arrays.copyOf(left, 2 * nodes);
      }
      feature[nodes] = LEAF;
      threshold[nodes] = 0;
      return nodes++;
    }

    /** Makes a leaf a decision: rows of at most {@code threshold} go left. Returns the left one. */
    int split(int node, int feature, float threshold) {
      int child = add();
      add();
      this.feature[node] = feature;
      this.threshold[node] = threshold;
      left[node] = child;
      return child;
    }

    void value(int leaf, float value) {
      threshold[leaf] = value;
    }

    /** The first trees. */
    BoostedTrees build(int trees) {
      int end = trees == this.trees ? nodes : roots[trees];
      return new BoostedTrees(
          features,
          Arrays.copyOf(roots, trees),
          Arrays.copyOf(feature, end),
          Arrays.copyOf(threshold, end),
          Arrays.copyOf(left, end));
    }
  }
}
