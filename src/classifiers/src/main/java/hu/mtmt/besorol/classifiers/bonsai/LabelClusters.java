package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Pool;
import hu.mtmt.besorol.classifiers.Ranking;
import hu.mtmt.besorol.classifiers.bonsai.LabelTree.Branch;
import hu.mtmt.besorol.classifiers.bonsai.LabelTree.Part;
import hu.mtmt.besorol.classifiers.text.Centroids;
import hu.mtmt.besorol.contract.BonsaiParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveTask;
import java.util.function.BooleanSupplier;

/**
 * The tree in which labels with similar documents are together: from the root down, the labels of a
 * node are halved by spherical 2-means over their centroids until there are as many parts as a node
 * may have children. Balanced, each half gets its share of the labels, those first that are nearest
 * to it by comparison (Prabhu et al. 2018, "Parabel: partitioned label trees"); otherwise a label
 * goes to the nearer half, as long as the other keeps a good part, and the largest part is halved
 * next (bisecting k-means).
 */
final class LabelClusters {
  private static final int MAXIMUM_ROUNDS = 20;

  /** Rounds end when the mean cosine to the own half grows by less. */
  private static final double LEAST_GAIN = 1e-4;

  /**
   * Without balance a half has at least one of so many labels. Labels that have nothing in common
   * would be split off one by one otherwise, until the tree is as deep as it may be.
   */
  private static final int SMALLEST_HALF = 8;

  private final Centroids centroids;
  private final int features;
  private final BonsaiParameters parameters;
  private final int leafSize;
  private final BooleanSupplier cancelled;
  private final Pool<Bisection> bisections = new Pool<>(Bisection::new);

  private LabelClusters(
      Centroids centroids,
      int features,
      BonsaiParameters parameters,
      int leafSize,
      BooleanSupplier cancelled) {
    this.centroids = centroids;
    this.features = features;
    this.parameters = parameters;
    this.leafSize = leafSize;
    this.cancelled = cancelled;
  }

  /**
   * A tree of some labels.
   *
   * @param features how many features the centroids are of
   * @param present the labels that are learnt; each has a centroid
   * @param leafSize a node of at most so many labels is not divided any more
   * @throws CancelledException if {@code cancelled} says so
   */
  static LabelTree tree(
      Centroids centroids,
      int features,
      int[] present,
      BonsaiParameters parameters,
      int leafSize,
      long seed,
      int threads,
      BooleanSupplier cancelled) {
    var clusters = new LabelClusters(centroids, features, parameters, leafSize, cancelled);
    try (var pool = new ForkJoinPool(threads)) {
      var root = pool.invoke(clusters.new Growth(present.clone(), 1, new SplittableRandom(seed)));
      return LabelTree.of(root);
    }
  }

  /** Makes a branch of labels; large parts of it are made by other threads. */
  private final class Growth extends RecursiveTask<Branch> {
    private static final long serialVersionUID = 1;

    private final transient int[] labels;
    private final int depth;
    private final transient SplittableRandom random;

    Growth(int[] labels, int depth, SplittableRandom random) {
      this.labels = labels;
      this.depth = depth;
      this.random = random;
    }

    @Override
    protected Branch compute() {
      if (labels.length <= leafSize || depth >= parameters.maximumDepth()) {
        return LabelTree.branchOf(Arrays.stream(labels).sorted());
      }
      var below =
          divide(labels, random).stream()
              .map(part -> new Growth(part, depth + 1, random.split()))
              .toList();
      invokeAll(below);
      return new Branch(below.stream().<Part>map(Growth::join).toList());
    }
  }

  private List<int[]> divide(int[] labels, SplittableRandom random) {
    int wanted = Math.min(parameters.branching(), Math.ceilDiv(labels.length, leafSize));
    var bisection = bisections.borrow();
    var parts = new ArrayList<int[]>();
    if (parameters.balanced()) {
      bisection.balanced(labels, wanted, random, parts);
    } else {
      parts.add(labels);
      while (parts.size() < wanted) {
        int largest = 0;
        for (int i = 1; i < parts.size(); i++) {
          largest = parts.get(i).length > parts.get(largest).length ? i : largest;
        }
        var halved = parts.remove(largest);
        int front = bisection.halve(halved, -1, random);
        parts.add(largest, Arrays.copyOf(halved, front));
        parts.add(largest + 1, Arrays.copyOfRange(halved, front, halved.length));
      }
    }
    bisections.giveBack(bisection);
    return parts;
  }

  /** 2-means. Not thread-safe. */
  private final class Bisection {
    /** The difference of the two halves' directions; 0 between uses. */
    private final float[] difference = new float[features];

    /** The sum of the second half's centroids; 0 between uses. */
    private final float[] second = new float[features];

    /** Divides labels into so many parts of nearly equal size. */
    void balanced(int[] labels, int wanted, SplittableRandom random, List<int[]> parts) {
      if (wanted == 1) {
        parts.add(labels);
        return;
      }
      int frontParts = wanted / 2;
      int front = (int) ((long) labels.length * frontParts / wanted);
      halve(labels, front, random);
      balanced(Arrays.copyOf(labels, front), frontParts, random, parts);
      balanced(
          Arrays.copyOfRange(labels, front, labels.length), wanted - frontParts, random, parts);
    }

    /**
     * Orders labels so that the first half comes first.
     *
     * @param front how many the first half has, or -1 for as many as are nearer to it
     * @return how many the first half has, at least one and not all
     */
    int halve(int[] labels, int front, SplittableRandom random) {
      int a = random.nextInt(labels.length);
      int b = random.nextInt(labels.length - 1);
      b += b >= a ? 1 : 0;
      add(labels[a], difference, 1);
      add(labels[b], difference, -1);
      var order = new long[labels.length];
      int size = 0;
      double before = Double.NEGATIVE_INFINITY;
      for (int round = 0; ; round++) {
        if (cancelled.getAsBoolean()) {
          throw new CancelledException();
        }
        int nearer = order(labels, order);
        int fewest = Math.max(1, labels.length / SMALLEST_HALF);
        size = front > 0 ? front : Math.clamp(nearer, fewest, labels.length - fewest);
        double gained = sumsToDifference(labels, size);
        if (round == MAXIMUM_ROUNDS || gained - before < LEAST_GAIN) {
          break;
        }
        before = gained;
      }
      clear(labels, difference);
      return size;
    }

    /**
     * Orders labels by how much nearer they are to the first half.
     *
     * @return how many are nearer to it than to the second
     */
    private int order(int[] labels, long[] order) {
      int nearer = 0;
      for (int i = 0; i < labels.length; i++) {
        float dot = dot(labels[i], difference);
        nearer += dot > 0 ? 1 : 0;
        order[i] = (long) Ranking.sortable(-dot) << Integer.SIZE | labels[i];
      }
      Arrays.sort(order);
      for (int i = 0; i < labels.length; i++) {
        labels[i] = (int) order[i];
      }
      return nearer;
    }

    /**
     * Makes {@code difference} that of the halves' directions.
     *
     * @return the mean cosine of a label to its half
     */
    private double sumsToDifference(int[] labels, int front) {
      clear(labels, difference);
      for (int i = 0; i < labels.length; i++) {
        add(labels[i], i < front ? difference : second, 1);
      }
      double firstLength = length(labels, 0, front, difference);
      double secondLength = length(labels, front, labels.length, second);
      clear(labels, difference);
      clear(labels, second);
      for (int i = 0; i < labels.length; i++) {
        add(labels[i], difference, (float) (i < front ? 1 / firstLength : -1 / secondLength));
      }
      return (firstLength + secondLength) / labels.length;
    }

    /** ‖Σ c‖² is the sum of c · Σ c. */
    private double length(int[] labels, int from, int to, float[] sum) {
      double squares = 0;
      for (int i = from; i < to; i++) {
        squares += dot(labels[i], sum);
      }
      return Math.sqrt(squares);
    }

    private float dot(int label, float[] dense) {
      var centroid = centroids.of(label);
      var indices = centroid.features();
      var values = centroid.values();
      float sum = 0;
      for (int i = 0; i < indices.length; i++) {
        sum += values[i] * dense[indices[i]];
      }
      return sum;
    }

    private void add(int label, float[] dense, float factor) {
      var centroid = centroids.of(label);
      var indices = centroid.features();
      var values = centroid.values();
      for (int i = 0; i < indices.length; i++) {
        dense[indices[i]] += factor * values[i];
      }
    }

    private void clear(int[] labels, float[] dense) {
      for (int label : labels) {
        for (int feature : centroids.of(label).features()) {
          dense[feature] = 0;
        }
      }
    }
  }
}
