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

  /** How many rows go down a tree side by side. */
  private static final int ABREAST = 4;

  private static final int MOST_NODES = 1 << 24;

  private final int features;
  private final int[] roots;
  private final int[] feature;
  private final float[] threshold;
  private final int[] left;

  /** Decisions on the longest way down each tree. */
  private final int[] depths;

  /**
   * As {@link #feature}, {@link #threshold} and {@link #left}, but a leaf is a decision that always
   * leads to itself, so that all ways down a tree can be gone equally far without looking.
   */
  private final int[] walkedFeature;

  private final float[] walkedThreshold;
  private final int[] walkedLeft;

  private BoostedTrees(int features, int[] roots, int[] feature, float[] threshold, int[] left) {
    this.features = features;
    this.roots = roots;
    this.feature = feature;
    this.threshold = threshold;
    this.left = left;
    this.depths = depths(roots, feature, left);
    this.walkedFeature = feature.clone();
    this.walkedThreshold = threshold.clone();
    this.walkedLeft = left.clone();
    for (int node = 0; node < feature.length; node++) {
      if (feature[node] == LEAF) {
        walkedFeature[node] = 0;
        walkedThreshold[node] = Float.POSITIVE_INFINITY;
        walkedLeft[node] = node;
      }
    }
  }

  private static int[] depths(int[] roots, int[] feature, int[] left) {
    var ofNodes = new int[feature.length];
    var depths = new int[roots.length];
    for (int tree = 0; tree < roots.length; tree++) {
      int end = tree + 1 < roots.length ? roots[tree + 1] : feature.length;
      for (int node = roots[tree]; node < end; node++) { // parents come before their children
        if (feature[node] == LEAF) {
          depths[tree] = Math.max(depths[tree], ofNodes[node]);
        } else {
          ofNodes[left[node]] = ofNodes[node] + 1;
          ofNodes[left[node] + 1] = ofNodes[node] + 1;
        }
      }
    }
    return depths;
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
    for (int tree = 0; tree < roots.length; tree++) { // stays in the cache for all rows
      int row = 0;
      for (; row + ABREAST <= count; row += ABREAST) {
        score(tree, rows, row, scores);
      }
      for (; row < count; row++) {
        int node = roots[tree];
        for (int f; (f = feature[node]) >= 0; ) {
          node = left[node] + (rows[row * features + f] > threshold[node] ? 1 : 0);
        }
        scores[row] += threshold[node];
      }
    }
  }

  /** {@value #ABREAST} rows down a tree: one waits for memory while the others go on. */
  private void score(int tree, float[] rows, int row, float[] scores) {
    int from0 = row * features;
    int from1 = from0 + features;
    int from2 = from1 + features;
    int from3 = from2 + features;
    int n0 = roots[tree];
    int n1 = n0;
    int n2 = n0;
    int n3 = n0;
    for (int step = depths[tree]; step > 0; step--) {
      n0 = walkedLeft[n0] + (rows[from0 + walkedFeature[n0]] > walkedThreshold[n0] ? 1 : 0);
      n1 = walkedLeft[n1] + (rows[from1 + walkedFeature[n1]] > walkedThreshold[n1] ? 1 : 0);
      n2 = walkedLeft[n2] + (rows[from2 + walkedFeature[n2]] > walkedThreshold[n2] ? 1 : 0);
      n3 = walkedLeft[n3] + (rows[from3 + walkedFeature[n3]] > walkedThreshold[n3] ? 1 : 0);
    }
    scores[row] += threshold[n0];
    scores[row + 1] += threshold[n1];
    scores[row + 2] += threshold[n2];
    scores[row + 3] += threshold[n3];
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
      check(roots[t] < nodes && (t == 0 ? roots[t] == 0 : roots[t] > roots[t - 1]));
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
