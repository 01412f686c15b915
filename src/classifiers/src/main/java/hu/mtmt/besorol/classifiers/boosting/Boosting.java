package hu.mtmt.besorol.classifiers.boosting;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Shuffle;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Learns {@link BoostedTrees} that correct the logit of an outcome: each tree is a Newton step
 * against the logistic loss (Friedman, Hastie and Tibshirani 2000), grown leaf by leaf where the
 * loss falls most. It stops when the loss on rows that are kept aside no longer falls.
 *
 * <p>The result depends on rows, parameters and seed alone: threads share out features, and every
 * sum is made in the order of the rows.
 */
public final class Boosting {
  /** So many rows are a piece of work. */
  private static final int CHUNK = 1 << 14;

  private final Parameters parameters;
  private final BinnedColumns columns;
  private final boolean[] outcomes;

  /** Rows that are learnt from; the others say when to stop. */
  private final int[] learnt;

  private final int[] kept;
  private final Parallel parallel;
  private final float[] scores;
  private final float[] gradients;
  private final float[] hessians;

  /**
   * How trees are grown.
   *
   * @param trees how many at most
   * @param leaves how many a tree has at most
   * @param depth how many decisions there are at most on the way to a leaf
   * @param learningRate what a tree counts
   * @param minimumHessian smallest sum of p(1 − p) of the rows in a leaf
   * @param lambda L2 regularisation of the values of leaves
   * @param featureShare share of the features that a tree may use
   * @param patience how many trees may go by without the loss falling
   * @param seed of the choice of features
   */
  public record Parameters(
      int trees,
      int leaves,
      int depth,
      double learningRate,
      double minimumHessian,
      double lambda,
      double featureShare,
      int patience,
      long seed) {}

  /** Is told how far it is. */
  public interface Listener {
    /**
     * @param tree how many trees there are
     * @param loss logistic loss on the rows kept aside, or on those learnt from if there are none
     */
    void grown(int tree, double loss);
  }

  private Boosting(
      Parameters parameters,
      BinnedColumns columns,
      boolean[] outcomes,
      boolean[] aside,
      float[] base,
      Parallel parallel) {
    this.parameters = parameters;
    this.columns = columns;
    this.outcomes = outcomes;
    this.learnt = rows(columns.rows(), aside, false);
    this.kept = rows(columns.rows(), aside, true);
    this.parallel = parallel;
    this.scores = Arrays.copyOf(base, columns.rows());
    this.gradients = new float[columns.rows()];
    this.hessians = new float[columns.rows()];
  }

  private static int[] rows(int size, boolean[] aside, boolean wanted) {
    var rows = new int[size];
    int count = 0;
    for (int row = 0; row < size; row++) {
      if (aside[row] == wanted) {
        rows[count++] = row;
      }
    }
    return Arrays.copyOf(rows, count);
  }

  /**
   * Learns.
   *
   * @param columns values of each feature by row; no NaN
   * @param outcomes of each row
   * @param aside which rows only say when to stop
   * @param base logit of each row that the trees are added to
   * @param rows how many rows there are; the arrays may be longer
   * @throws CancelledException if {@code cancelled} says so, asked before every tree
   */
  public static BoostedTrees train(
      Parameters parameters,
      float[][] columns,
      boolean[] outcomes,
      boolean[] aside,
      float[] base,
      int rows,
      int threads,
      BooleanSupplier cancelled,
      Listener listener) {
    try (var parallel = new Parallel(threads)) {
      var binned = BinnedColumns.of(columns, rows, parallel);
      return new Boosting(parameters, binned, outcomes, aside, base, parallel)
          .train(cancelled, listener);
    }
  }

  private BoostedTrees train(BooleanSupplier cancelled, Listener listener) {
    var builder = new BoostedTrees.Builder(columns.features());
    var random = new SplittableRandom(parameters.seed);
    var grower = new TreeGrower(parameters, columns, parallel);
    int best = 0;
    double bestLoss = loss();
    for (int tree = 1; tree <= parameters.trees && tree - best <= parameters.patience; tree++) {
      if (cancelled.getAsBoolean()) {
        throw new CancelledException();
      }
      differentiate();
      grower.grow(builder, learnt, kept, gradients, hessians, features(random), scores);
      double loss = loss();
      listener.grown(tree, loss);
      if (loss < bestLoss) {
        bestLoss = loss;
        best = tree;
      }
    }
    return builder.build(best);
  }

  private void differentiate() {
    parallel.forEach(
        Math.ceilDiv(learnt.length, CHUNK),
        chunk -> {
          int end = Math.min(learnt.length, (chunk + 1) * CHUNK);
          for (int i = chunk * CHUNK; i < end; i++) {
            int row = learnt[i];
            float p = (float) (1 / (1 + StrictMath.exp(-scores[row])));
            gradients[row] = p - (outcomes[row] ? 1 : 0);
            hessians[row] = p * (1 - p);
          }
        });
  }

  /** The features that the next tree may use. */
  private int[] features(SplittableRandom random) {
    int[] all = new int[columns.features()];
    Arrays.setAll(all, f -> f);
    int wanted = Math.max(1, (int) Math.round(parameters.featureShare * all.length));
    Shuffle.draw(all, all.length, wanted, random);
    var chosen = Arrays.copyOf(all, wanted);
    Arrays.sort(chosen);
    return chosen;
  }

  private double loss() {
    var rows = kept.length > 0 ? kept : learnt;
    var losses = new double[Math.ceilDiv(rows.length, CHUNK)];
    parallel.forEach(
        losses.length,
        chunk -> {
          int end = Math.min(rows.length, (chunk + 1) * CHUNK);
          double sum = 0;
          for (int i = chunk * CHUNK; i < end; i++) {
            double z = outcomes[rows[i]] ? -scores[rows[i]] : scores[rows[i]];
            sum += Math.max(z, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
          }
          losses[chunk] = sum;
        });
    return Arrays.stream(losses).sum() / rows.length;
  }
}
