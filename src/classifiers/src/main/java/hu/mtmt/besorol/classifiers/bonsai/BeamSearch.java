package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import java.util.Arrays;

/**
 * Finds the best labels of a document in trees, level by level from the root, following of every
 * level only the nodes that are most probable. An output with margin m is taken with the
 * probability σ(s · m), σ being the logistic function and s {@value #STEEPNESS}; the probability of
 * a label in a tree is the product on the way to it, and 0 if it was not reached. A label's score
 * is σ⁻¹(p) / s for the mean p over the trees: with one tree of one node, its margin.
 *
 * <p>Time and the places that are written to grow with what is looked at, not with the number of
 * labels. Not thread-safe.
 */
final class BeamSearch {
  private static final float STEEPNESS = 3;

  /**
   * A way is not followed if its probability is less than this part of a label's. A smaller part
   * costs time and changes no answer; three times as much loses labels that ought to be ranked.
   */
  private static final double HOPELESS = 0.03;

  /** Keeps scores finite. */
  private static final double CERTAIN = 1 - 1e-6;

  private final TreesFile trees;
  private final int beam;
  private final float[] margins;
  private final int[] outputs;

  /** Sum of the probabilities of each label in the trees; 0 between uses. */
  private final double[] sums;

  private int[] reached = new int[256];
  private int reachedSize;

  /** The largest probability of a label in this tree. */
  private double best;

  private Level level = new Level();
  private Level next = new Level();

  /**
   * @param labels how many labels there are
   * @param beam how many nodes of a level are followed
   */
  BeamSearch(TreesFile trees, int labels, int beam) {
    this.trees = trees;
    this.beam = beam;
    int widest = trees.widest();
    this.margins = new float[widest];
    this.outputs = new int[widest];
    this.sums = new double[labels];
  }

  /** Nodes of a level with their probabilities. */
  private static final class Level {
    private int[] nodes = new int[64];
    private float[] probabilities = new float[64];
    private long[] order = new long[64];
    private int size;

    void add(int node, double probability) {
      if (size == nodes.length) {
        nodes = Arrays.copyOf(nodes, 2 * size);
        probabilities = Arrays.copyOf(probabilities, 2 * size);
        order = new long[2 * size];
      }
      nodes[size] = node;
      probabilities[size++] = (float) probability;
    }

    /** Orders the places of nodes by falling probability. */
    void sort() {
      for (int i = 0; i < size; i++) { // bits of positive floats are in the order of the floats
        order[i] = (long) ~Float.floatToIntBits(probabilities[i]) << Integer.SIZE | i;
      }
      Arrays.sort(order, 0, size);
    }

    int place(int rank) {
      return (int) order[rank];
    }
  }

  /**
   * Adds the labels that come into question for a document.
   *
   * @return how many outputs of nodes were looked at, which is what it costs: of every level at
   *     most those of {@code beam} nodes
   */
  int find(SparseVector vector, Scores scores) {
    var blocks = trees.blocks(vector);
    int looked = 0;
    for (int tree = 0; tree < trees.trees(); tree++) {
      looked += search(trees.root(tree), vector, blocks);
    }
    for (int i = 0; i < reachedSize; i++) {
      int label = reached[i];
      double p = Math.min(sums[label] / trees.trees(), CERTAIN);
      scores.add(label, (float) (Math.log(p / (1 - p)) / STEEPNESS));
      sums[label] = 0;
    }
    reachedSize = 0;
    return looked;
  }

  private int search(int root, SparseVector vector, long[] blocks) {
    int looked = 0;
    best = 0;
    next.size = 0;
    next.add(root, 1);
    while (next.size > 0) {
      var following = next;
      next = level;
      next.size = 0;
      level = following;
      following.sort();
      for (int rank = 0; rank < Math.min(beam, following.size); rank++) {
        int i = following.place(rank);
        if (following.probabilities[i] < HOPELESS * best) {
          break;
        }
        looked += follow(following.nodes[i], following.probabilities[i], vector, blocks);
      }
    }
    return looked;
  }

  private int follow(int node, double way, SparseVector vector, long[] blocks) {
    int size = trees.margins(node, vector, blocks, margins, outputs);
    float hopeless = margin(HOPELESS * best / way);
    for (int k = 0; k < size; k++) {
      if (margins[k] <= hopeless) {
        continue;
      }
      double p = way / (1 + Math.exp(-STEEPNESS * margins[k]));
      if (outputs[k] >= 0) {
        next.add(outputs[k], p);
      } else {
        reach(~outputs[k], p);
        if (p > best) {
          best = p;
          hopeless = margin(HOPELESS * best / way);
        }
      }
    }
    return size;
  }

  /** The margin of an output that is taken with a probability. */
  private static float margin(double probability) {
    return (float) (Math.log(probability / (1 - probability)) / STEEPNESS);
  }

  private void reach(int label, double probability) {
    if (sums[label] == 0) {
      if (reachedSize == reached.length) {
        reached = Arrays.copyOf(reached, 2 * reachedSize);
      }
      reached[reachedSize++] = label;
    }
    sums[label] += probability;
  }
}
