package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.text.LabelledVectors;
import hu.mtmt.besorol.contract.LinearParameters;
import java.util.Arrays;

/**
 * Support vector machine with squared hinge loss, by dual coordinate descent with shrinking: Hsieh,
 * Chang, Lin, Keerthi and Sundararajan (2008), "A dual coordinate descent method for large-scale
 * linear SVM", algorithm 3; the same as LIBLINEAR's solver 1.
 */
final class SquaredHingeSolver extends LaneSolver {
  /** 1 / 2C: what the squared hinge adds to the diagonal of the dual problem. */
  private final float diagonal;

  private final double tolerance;
  private final float[] alphas;

  /**
   * Largest and smallest projected gradient of the pass, by lane: their distance is the violation
   * of optimality.
   */
  private final float[] largest = new float[Lanes.COUNT];

  private final float[] smallest = new float[Lanes.COUNT];

  /**
   * A document whose gradient was above this, at its bound, is left out until the others are
   * settled.
   */
  private final float[] shrinkAbove = new float[Lanes.COUNT];

  private final boolean[] shrunk = new boolean[Lanes.COUNT];

  SquaredHingeSolver(LabelledVectors data, int[] labels, LinearParameters parameters, long seed) {
    super(data, labels, parameters, seed);
    this.diagonal = (float) (0.5 / parameters.costValue());
    this.tolerance = parameters.toleranceValue();
    this.alphas = new float[Math.multiplyExact(data.size(), Lanes.COUNT)];
    Arrays.fill(shrinkAbove, Float.POSITIVE_INFINITY);
    resetViolations();
  }

  @Override
  float step(int document, int lane, float margin, float squaredLength) {
    int i = document * Lanes.COUNT + lane;
    float alpha = alphas[i];
    float gradient = margin - 1 + diagonal * alpha;
    float projected = gradient;
    if (alpha == 0) {
      if (gradient > shrinkAbove[lane]) {
        close(document, lane);
        shrunk[lane] = true;
        return 0;
      }
      projected = Math.min(gradient, 0);
    }
    largest[lane] = Math.max(largest[lane], projected);
    smallest[lane] = Math.min(smallest[lane], projected);
    if (projected == 0) {
      return 0;
    }
    float next = Math.max(alpha - gradient / (squaredLength + diagonal), 0);
    alphas[i] = next;
    return next - alpha;
  }

  @Override
  double loss(float margin) {
    double slack = Math.max(0, 1 - margin);
    return slack * slack;
  }

  @Override
  int nextPass(int live) {
    int next = live;
    for (int k = 0; k < lanes(); k++) {
      if ((live >>> k & 1) == 0) {
        continue;
      }
      if (largest[k] - smallest[k] > tolerance) {
        shrinkAbove[k] = largest[k] <= 0 ? Float.POSITIVE_INFINITY : largest[k];
      } else if (shrunk[k]) { // settled among those it looked at: look at all again
        reopen(k);
        shrunk[k] = false;
        shrinkAbove[k] = Float.POSITIVE_INFINITY;
      } else {
        next &= ~(1 << k);
      }
    }
    resetViolations();
    return next;
  }

  private void resetViolations() {
    Arrays.fill(largest, Float.NEGATIVE_INFINITY);
    Arrays.fill(smallest, Float.POSITIVE_INFINITY);
  }
}
