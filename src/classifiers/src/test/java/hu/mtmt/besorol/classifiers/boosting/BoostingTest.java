package hu.mtmt.besorol.classifiers.boosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.classifiers.CancelledException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoostingTest {
  private static final int ROWS = 4000;

  /** The outcome follows from whether two features have the same sign, and noise. */
  private static final class Rows {
    final float[][] columns = new float[5][ROWS];
    final boolean[] outcomes = new boolean[ROWS];
    final boolean[] aside = new boolean[ROWS];
    final float[] base = new float[ROWS];

    Rows(long seed) {
      var random = new SplittableRandom(seed);
      for (int row = 0; row < ROWS; row++) {
        for (var column : columns) {
          column[row] = (float) (2 * random.nextDouble() - 1);
        }
        columns[4][row] = random.nextInt(3); // few different values
        boolean same = columns[0][row] > 0 == columns[1][row] > 0;
        outcomes[row] = random.nextInt(10) == 0 ? !same : same;
        aside[row] = row % 8 == 0;
      }
    }

    float[] row(int row) {
      var values = new float[columns.length];
      for (int f = 0; f < values.length; f++) {
        values[f] = columns[f][row];
      }
      return values;
    }
  }

  private static Boosting.Parameters parameters(int trees, int leaves, double featureShare) {
    return new Boosting.Parameters(trees, leaves, 6, 0.3, 2, 1, featureShare, 10, 7);
  }

  private static BoostedTrees train(Rows rows, Boosting.Parameters parameters, int threads) {
    return Boosting.train(
        parameters,
        rows.columns,
        rows.outcomes,
        rows.aside,
        rows.base,
        ROWS,
        threads,
        () -> false,
        (tree, loss) -> {});
  }

  private static float score(BoostedTrees trees, float[] row) {
    var scores = new float[1];
    trees.score(row, 1, scores);
    return scores[0];
  }

  @Test
  void learnsWhatNoSingleFeatureTells() {
    var trees = train(new Rows(1), parameters(200, 8, 1), 2);

    var unseen = new Rows(2);
    int right = 0;
    for (int row = 0; row < ROWS; row++) {
      boolean same = unseen.columns[0][row] > 0 == unseen.columns[1][row] > 0;
      right += score(trees, unseen.row(row)) > 0 == same ? 1 : 0;
    }
    assertThat((double) right / ROWS).isGreaterThan(0.95);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void treesAreTheSameWhateverTheThreads(int threads) throws IOException {
    var rows = new Rows(1);

    assertThat(bytes(train(rows, parameters(30, 16, 0.6), threads)))
        .isEqualTo(bytes(train(rows, parameters(30, 16, 0.6), 1)));
  }

  /** Tries every way to part the rows by every value, with sums made from scratch. */
  @Test
  void theFirstTreeIsTheOneOfANaiveSearch() {
    var rows = new Rows(3);
    Arrays.fill(rows.aside, false);
    for (int row = 0; row < ROWS; row++) { // fewer values than bins: nothing is rounded
      for (int f = 0; f < 5; f++) {
        rows.columns[f][row] = Math.round(rows.columns[f][row] * 50);
      }
      rows.base[row] = rows.columns[2][row] / 100;
    }
    var parameters = new Boosting.Parameters(1, 4, 3, 0.3, 2, 1, 1, 10, 7);
    var trees = train(rows, parameters, 1);

    var naive = new NaiveTree(rows, parameters);
    for (int row = 0; row < 500; row++) {
      assertThat(score(trees, rows.row(row))).isCloseTo((float) naive.value(row), within(1e-5f));
    }
  }

  private static final class NaiveTree {
    private final Rows rows;
    private final Boosting.Parameters parameters;
    private final int[] leafOf = new int[ROWS];

    NaiveTree(Rows rows, Boosting.Parameters parameters) {
      this.rows = rows;
      this.parameters = parameters;
      for (int leaves = 1; leaves < parameters.leaves(); leaves++) {
        split(leaves);
      }
    }

    private void split(int leaves) {
      double bestGain = 0;
      int bestLeaf = -1;
      int bestFeature = -1;
      float bestValue = 0;
      for (int leaf = 0; leaf < leaves; leaf++) {
        for (int f = 0; f < rows.columns.length; f++) {
          for (float value = -50; value < 50; value++) {
            var left = new double[2];
            var right = new double[2];
            for (int row = 0; row < ROWS; row++) {
              if (leafOf[row] == leaf) {
                add(row, rows.columns[f][row] <= value ? left : right);
              }
            }
            if (Math.min(left[1], right[1]) >= parameters.minimumHessian()) {
              double gain =
                  gain(left)
                      + gain(right)
                      - gain(new double[] {left[0] + right[0], left[1] + right[1]});
              if (gain > bestGain + 1e-9) {
                bestGain = gain;
                bestLeaf = leaf;
                bestFeature = f;
                bestValue = value;
              }
            }
          }
        }
      }
      for (int row = 0; row < ROWS; row++) {
        if (leafOf[row] == bestLeaf && rows.columns[bestFeature][row] > bestValue) {
          leafOf[row] = leaves;
        }
      }
    }

    private void add(int row, double[] sums) {
      double p = 1 / (1 + Math.exp(-rows.base[row]));
      sums[0] += p - (rows.outcomes[row] ? 1 : 0);
      sums[1] += p * (1 - p);
    }

    private double gain(double[] sums) {
      return sums[0] * sums[0] / (sums[1] + parameters.lambda());
    }

    double value(int wanted) {
      var sums = new double[2];
      for (int row = 0; row < ROWS; row++) {
        if (leafOf[row] == leafOf[wanted]) {
          add(row, sums);
        }
      }
      return -parameters.learningRate() * sums[0] / (sums[1] + parameters.lambda());
    }
  }

  @Test
  void rowsSideBySideGetTheScoresOfSingleOnes() {
    var rows = new Rows(1);
    var trees = train(rows, parameters(20, 16, 1), 2);
    int count = 11; // two times four, and three
    var together = new float[count];
    var values = new float[count * trees.features()];
    for (int row = 0; row < count; row++) {
      System.arraycopy(rows.row(row), 0, values, row * trees.features(), trees.features());
    }
    trees.score(values, count, together);

    for (int row = 0; row < count; row++) {
      assertThat(together[row]).isEqualTo(score(trees, rows.row(row)));
    }
  }

  @Test
  void noiseGetsHardlyAnyTrees() {
    var rows = new Rows(4);
    var random = new SplittableRandom(9);
    for (int row = 0; row < ROWS; row++) {
      rows.outcomes[row] = random.nextBoolean();
    }

    assertThat(train(rows, parameters(200, 8, 1), 2).trees()).isLessThan(10);
  }

  @Test
  void aBaseThatIsRightNeedsNoTrees() {
    var rows = new Rows(5);
    for (int row = 0; row < ROWS; row++) {
      rows.base[row] = rows.outcomes[row] ? 120 : -120;
    }

    assertThat(train(rows, parameters(200, 8, 1), 2).trees()).isZero();
  }

  @Test
  void rowsOfOneValueOrNoneAreNoObstacle() {
    var rows = new Rows(6);
    Arrays.fill(rows.outcomes, true);
    for (var column : rows.columns) {
      Arrays.fill(column, 1);
    }
    assertThat(score(train(rows, parameters(5, 8, 1), 1), rows.row(0))).isPositive();

    var none =
        Boosting.train(
            parameters(5, 8, 1),
            rows.columns,
            rows.outcomes,
            rows.aside,
            rows.base,
            0,
            1,
            () -> false,
            (tree, loss) -> {});
    assertThat(none.trees()).isZero();
  }

  @Test
  void stopsWhenAsked() {
    var rows = new Rows(1);

    assertThatThrownBy(
            () ->
                Boosting.train(
                    parameters(5, 8, 1),
                    rows.columns,
                    rows.outcomes,
                    rows.aside,
                    rows.base,
                    ROWS,
                    1,
                    () -> true,
                    (tree, loss) -> {}))
        .isInstanceOf(CancelledException.class);
  }

  @Test
  void treesThatWereWrittenAreReadAgain() throws IOException {
    var rows = new Rows(1);
    var trees = train(rows, parameters(20, 8, 1), 2);
    var bytes = bytes(trees);
    var read = read(bytes);

    for (int row = 0; row < 100; row++) {
      assertThat(score(read, rows.row(row))).isEqualTo(score(trees, rows.row(row)));
    }
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(IOException.class);
    bytes[bytes.length - 12] = 7; // a feature that is not there
    assertThatThrownBy(() -> read(bytes)).isInstanceOf(IOException.class);
  }

  private static byte[] bytes(BoostedTrees trees) throws IOException {
    var bytes = new ByteArrayOutputStream();
    trees.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static BoostedTrees read(byte[] bytes) throws IOException {
    return BoostedTrees.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
