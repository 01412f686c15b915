package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.contract.TextFeatures;
import java.util.Arrays;

/**
 * The tf-idf weights of a vector: log₂(1 + tf) · idf, where tf is the weighted count of an n-gram
 * in the document and idf = ln((1 + N) / (1 + df)) + 1; every space is scaled to its weight and the
 * whole vector to length one. The logarithm of counts is Salton and Buckley's (1988) damping in a
 * form that suits weights below one; the idf is scikit-learn's smooth one.
 *
 * <p>Not thread-safe.
 */
final class Weighting {
  private static final double LN_2 = StrictMath.log(2);
  private static final float[] LOGARITHMS = new float[64];

  static {
    for (int n = 0; n < LOGARITHMS.length; n++) {
      LOGARITHMS[n] = (float) (StrictMath.log(1 + n) / LN_2);
    }
  }

  private final double[] spaceWeights;
  private final double[] squares;

  Weighting(TextFeatures features) {
    this.spaceWeights = NgramExtractor.spaceWeights(features);
    this.squares = new double[spaceWeights.length];
  }

  /** log₂(1 + {@code count}). */
  static float damped(float count) {
    int whole = (int) count;
    return whole == count && whole < LOGARITHMS.length
        ? LOGARITHMS[whole]
        : (float) (StrictMath.log(1 + count) / LN_2);
  }

  /** idf of an n-gram that {@code frequency} of {@code documents} documents have. */
  static float idf(int frequency, int documents) {
    return (float) (StrictMath.log((1.0 + documents) / (1.0 + frequency)) + 1);
  }

  /**
   * Scales the spaces of a vector and the whole.
   *
   * @param values tf · idf; scaled in place
   * @param spaces the space of each value
   * @param from first entry of the vector
   * @param to behind the last one
   */
  void normalize(float[] values, byte[] spaces, int from, int to) {
    Arrays.fill(squares, 0);
    for (int i = from; i < to; i++) {
      squares[spaces[i - from]] += (double) values[i] * values[i];
    }
    double total = 0;
    for (int s = 0; s < squares.length; s++) {
      if (squares[s] > 0) {
        total += spaceWeights[s] * spaceWeights[s];
      }
    }
    for (int s = 0; s < squares.length; s++) {
      squares[s] = spaceWeights[s] / Math.sqrt(squares[s] * total);
    }
    for (int i = from; i < to; i++) {
      values[i] *= (float) squares[spaces[i - from]];
    }
  }
}
