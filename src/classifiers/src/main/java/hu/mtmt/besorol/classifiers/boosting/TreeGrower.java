package hu.mtmt.besorol.classifiers.boosting;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Grows one tree after the other. A leaf's histogram has for every bin of every feature the sums of
 * gradients and Hessians of its rows; of two new leaves only the smaller one's is summed up, the
 * other's is the difference from their parent's.
 */
final class TreeGrower {
  /** With fewer rows threads cost more than they bring. */
  private static final int ROWS_WORTH_THREADS = 2048;

  private final Boosting.Parameters parameters;
  private final BinnedColumns columns;
  private final Parallel parallel;

  /** Learnt rows in front, sorted by leaf; those kept aside behind, sorted alike. */
  private final int[] rows;

  private final int[] moved;
  private final float[] gradients;
  private final float[] hessians;
  private final double[][] histograms;
  private final Leaf[] leaves;
  private int[] features;
  private float[] rowGradients;
  private float[] rowHessians;

  /** A leaf of the tree that is being grown: its rows and the best way to part them. */
  private static final class Leaf {
    int node;
    int depth;
    int from;
    int to;
    int asideFrom;
    int asideTo;
    double gradient;
    double hessian;
    double[] histogram;
    Split split;
  }

  /** Rows of at most this bin go left. */
  private record Split(int feature, int bin, double gain, double gradient, double hessian) {}

  TreeGrower(Boosting.Parameters parameters, BinnedColumns columns, Parallel parallel) {
    this.parameters = parameters;
    this.columns = columns;
    this.parallel = parallel;
    this.rows = new int[columns.rows()];
    this.moved = new int[columns.rows()];
    this.gradients = new float[columns.rows()];
    this.hessians = new float[columns.rows()];
    this.histograms = new double[parameters.leaves()][];
    this.leaves = new Leaf[parameters.leaves()];
  }

  /**
   * Adds a tree to {@code builder} and its values to {@code scores}.
   *
   * @param learnt rows that it is learnt from
   * @param kept rows that only get scores
   * @param features that it may use
   */
  void grow(
      BoostedTrees.Builder builder,
      int[] learnt,
      int[] kept,
      float[] gradients,
      float[] hessians,
      int[] features,
      float[] scores) {
    this.features = features;
    this.rowGradients = gradients;
    this.rowHessians = hessians;
    System.arraycopy(learnt, 0, rows, 0, learnt.length);
    System.arraycopy(kept, 0, rows, learnt.length, kept.length);
    var root = new Leaf();
    root.node = builder.root();
    root.to = learnt.length;
    root.asideFrom = learnt.length;
    root.asideTo = learnt.length + kept.length;
    for (int row : learnt) {
      root.gradient += gradients[row];
      root.hessian += hessians[row];
    }
    root.histogram = histogram(0);
    sumUp(root);
    findSplit(root);
    leaves[0] = root;
    int size = 1;
    while (size < parameters.leaves()) {
      int best = bestLeaf(size);
      if (best < 0) {
        break;
      }
      leaves[size] = part(leaves[best], builder, histogram(size));
      size++;
    }
    for (int i = 0; i < size; i++) {
      finish(leaves[i], builder, scores);
    }
  }

  private double[] histogram(int leaf) {
    if (histograms[leaf] == null) {
      histograms[leaf] = new double[columns.features() * BinnedColumns.BINS * 2];
    }
    return histograms[leaf];
  }

  private int bestLeaf(int size) {
    int best = -1;
    for (int i = 0; i < size; i++) {
      var split = leaves[i].split;
      if (split != null && (best < 0 || split.gain > leaves[best].split.gain)) {
        best = i;
      }
    }
    return best;
  }

  /** Parts a leaf: it becomes its left child; the right one is returned. */
  private Leaf part(Leaf leaf, BoostedTrees.Builder builder, double[] histogram) {
    var split = leaf.split;
    int child = builder.split(leaf.node, split.feature, columns.bound(split.feature, split.bin));
    int middle = part(leaf.from, leaf.to, split);
    int asideMiddle = part(leaf.asideFrom, leaf.asideTo, split);
    var right = new Leaf();
    right.node = child + 1;
    right.from = middle;
    right.to = leaf.to;
    right.asideFrom = asideMiddle;
    right.asideTo = leaf.asideTo;
    right.gradient = leaf.gradient - split.gradient;
    right.hessian = leaf.hessian - split.hessian;
    var parent = leaf.histogram;
    leaf.node = child;
    leaf.depth++;
    right.depth = leaf.depth;
    leaf.to = middle;
    leaf.asideTo = asideMiddle;
    leaf.gradient = split.gradient;
    leaf.hessian = split.hessian;
    boolean leftIsSmaller = leaf.to - leaf.from <= right.to - right.from;
    var smaller = leftIsSmaller ? leaf : right;
    var larger = leftIsSmaller ? right : leaf;
    smaller.histogram = histogram;
    larger.histogram = parent;
    sumUp(smaller);
    parallel.forEach(
        features.length,
        i -> {
          int f = features[i];
          int from = f * BinnedColumns.BINS * 2;
          int to = from + 2 * columns.size(f);
          for (int at = from; at < to; at++) {
            parent[at] -= histogram[at];
          }
        });
    findSplit(smaller);
    findSplit(larger);
    return right;
  }

  /** Puts the rows that go left in front, keeping their order; returns where the others begin. */
  private int part(int from, int to, Split split) {
    var bins = columns.bins(split.feature);
    int left = from;
    int right = 0;
    for (int i = from; i < to; i++) {
      int row = rows[i];
      if ((bins[row] & 0xFF) <= split.bin) {
        rows[left++] = row;
      } else {
        moved[right++] = row;
      }
    }
    System.arraycopy(moved, 0, rows, left, right);
    return left;
  }

  private void sumUp(Leaf leaf) {
    for (int i = leaf.from; i < leaf.to; i++) {
      gradients[i] = rowGradients[rows[i]];
      hessians[i] = rowHessians[rows[i]];
    }
    parallelIf(
        leaf.to - leaf.from >= ROWS_WORTH_THREADS,
        f -> {
          var histogram = leaf.histogram;
          int base = f * BinnedColumns.BINS * 2;
          Arrays.fill(histogram, base, base + 2 * columns.size(f), 0);
          var bins = columns.bins(f);
          for (int i = leaf.from; i < leaf.to; i++) {
            int at = base + 2 * (bins[rows[i]] & 0xFF);
            histogram[at] += gradients[i];
            histogram[at + 1] += hessians[i];
          }
        });
  }

  private void parallelIf(boolean worthIt, IntConsumer work) {
    if (worthIt) {
      parallel.forEach(features.length, i -> work.accept(features[i]));
    } else {
      for (int f : features) {
        work.accept(f);
      }
    }
  }

  private void findSplit(Leaf leaf) {
    leaf.split = null;
    if (leaf.depth == parameters.depth() || leaf.hessian < 2 * parameters.minimumHessian()) {
      return;
    }
    for (int f : features) {
      var split = bestSplit(leaf, f);
      if (split != null && (leaf.split == null || split.gain > leaf.split.gain)) {
        leaf.split = split;
      }
    }
  }

  private Split bestSplit(Leaf leaf, int feature) {
    double whole = value(leaf.gradient, leaf.hessian);
    int base = feature * BinnedColumns.BINS * 2;
    double gradient = 0;
    double hessian = 0;
    int best = -1;
    double bestGain = 1e-6;
    double bestGradient = 0;
    double bestHessian = 0;
    for (int bin = 0; bin < columns.size(feature) - 1; bin++) {
      gradient += leaf.histogram[base + 2 * bin];
      hessian += leaf.histogram[base + 2 * bin + 1];
      if (hessian < parameters.minimumHessian()) {
        continue;
      }
      if (leaf.hessian - hessian < parameters.minimumHessian()) {
        break;
      }
      double gain =
          value(gradient, hessian)
              + value(leaf.gradient - gradient, leaf.hessian - hessian)
              - whole;
      if (gain > bestGain) {
        best = bin;
        bestGain = gain;
        bestGradient = gradient;
        bestHessian = hessian;
      }
    }
    return best < 0 ? null : new Split(feature, best, bestGain, bestGradient, bestHessian);
  }

  /** Twice the loss that a leaf of its best value takes away. */
  private double value(double gradient, double hessian) {
    return gradient * gradient / (hessian + parameters.lambda());
  }

  private void finish(Leaf leaf, BoostedTrees.Builder builder, float[] scores) {
    float value =
        (float) (-parameters.learningRate() * leaf.gradient / (leaf.hessian + parameters.lambda()));
    builder.value(leaf.node, value);
    for (int i = leaf.from; i < leaf.to; i++) {
      scores[rows[i]] += value;
    }
    for (int i = leaf.asideFrom; i < leaf.asideTo; i++) {
      scores[rows[i]] += value;
    }
  }
}
