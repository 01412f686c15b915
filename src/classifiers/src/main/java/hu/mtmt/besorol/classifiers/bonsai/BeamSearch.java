package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import java.util.Arrays;

/** Finds the best labels of a document in trees. Not thread-safe. */
final class BeamSearch {
  static final int MODE = Integer.getInteger("mode", 0);
  static final float MISSING = Float.parseFloat(System.getProperty("missing", "-2"));
  static final float LAMBDA = Float.parseFloat(System.getProperty("lambda", "1"));
  static final float CUT = Float.parseFloat(System.getProperty("cut", "100"));

  private final TreeFile[] trees;
  private final int beam;
  private final float[] margins;
  private final int[] outputs;

  /** Sum of a label's scores in the trees, where a tree found it. */
  private final float[] sums;

  /** How many trees found a label. */
  private final short[] founds;

  private int[] found = new int[256];
  private int size;

  /** Nodes that are looked at next, with the scores of the ways to them. */
  private int[] nodes = new int[64];

  private float[] ways = new float[64];
  private int open;

  private int[] nextNodes = new int[64];
  private float[] nextWays = new float[64];
  private int next;
  private float best;

  /**
   * @param beam how many nodes of a level are looked at
   */
  BeamSearch(TreeFile[] trees, int labels, int beam) {
    this.trees = trees;
    this.beam = beam;
    int widest = Arrays.stream(trees).mapToInt(TreeFile::widest).max().orElse(0);
    this.margins = new float[widest];
    this.outputs = new int[widest];
    this.sums = new float[labels];
    this.founds = new short[labels];
  }

  void find(SparseVector vector, Scores scores) {
    for (var tree : trees) {
      search(tree, vector);
    }
    for (int i = 0; i < size; i++) {
      int label = found[i];
      int f = founds[label];
      float s = sums[label];
      if (MODE == 0) {
        s = (s + MISSING * (trees.length - f)) / trees.length;
      } else {
        double p = Math.min(s / trees.length, 1 - 1e-6);
        s = (float) Math.log(p / (1 - p));
      }
      scores.add(label, s);
      sums[label] = 0;
      founds[label] = 0;
    }
    size = 0;
  }

  private void search(TreeFile tree, SparseVector vector) {
    best = Float.NEGATIVE_INFINITY;
    nodes[0] = 0;
    ways[0] = 0;
    open = 1;
    while (open > 0) {
      next = 0;
      for (int i = 0; i < open; i++) {
        follow(tree, nodes[i], ways[i], vector);
      }
      keepBest();
    }
  }

  private void follow(TreeFile tree, int node, float way, SparseVector vector) {
    int n = tree.margins(node, vector, margins, outputs);
    for (int k = 0; k < n; k++) {
      float m = margins[k];
      float slack = Math.max(0, 1 - m);
      if (outputs[k] >= 0) {
        if (next == nextNodes.length) {
          nextNodes = Arrays.copyOf(nextNodes, 2 * next);
          nextWays = Arrays.copyOf(nextWays, 2 * next);
        }
        float w = MODE == 2 ? -(float) Math.log1p(Math.exp(-LAMBDA * m)) : -LAMBDA * slack * slack;
        nextNodes[next] = outputs[k];
        nextWays[next++] = way + w;
      } else {
        float s =
            MODE == 0
                ? way + m
                : MODE == 2
                    ? (float) (Math.exp(way) / (1 + Math.exp(-LAMBDA * m)))
                    : (float) Math.exp(way - LAMBDA * slack * slack);
        best = Math.max(best, s);
        if (s >= best - CUT) {
          reached(~outputs[k], s);
        }
      }
    }
  }

  private void reached(int label, float score) {
    if (founds[label]++ == 0) {
      if (size == found.length) {
        found = Arrays.copyOf(found, 2 * size);
      }
      found[size++] = label;
    }
    sums[label] += score;
  }

  private void keepBest() {
    if (next > beam) {
      var keys = new long[next];
      for (int i = 0; i < next; i++) {
        int bits = Float.floatToIntBits(-nextWays[i] + 0f);
        int asc = bits < 0 ? ~bits | Integer.MIN_VALUE : bits;
        keys[i] = (long) asc << Integer.SIZE | i;
      }
      Arrays.sort(keys);
      if (nodes.length < next) {
        nodes = new int[2 * next];
        ways = new float[2 * next];
      }
      for (int i = 0; i < beam; i++) {
        nodes[i] = nextNodes[(int) keys[i]];
        ways[i] = nextWays[(int) keys[i]];
      }
      open = beam;
      return;
    }
    var n = nodes;
    nodes = nextNodes;
    nextNodes = n;
    var w = ways;
    ways = nextWays;
    nextWays = w;
    open = next;
  }
}
