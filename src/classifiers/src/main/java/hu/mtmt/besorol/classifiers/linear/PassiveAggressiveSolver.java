package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.text.LabelledVectors;
import hu.mtmt.besorol.contract.LinearParameters;
import java.util.Arrays;

/**
 * On-line passive-aggressive updates, variant PA-I of Crammer, Dekel, Keshet, Shalev-Shwartz and
 * Singer (2006), "Online passive-aggressive algorithms", section 3: the smallest change that brings
 * a margin to 1, at most C long. The result is the mean of the weights after every document (Freund
 * and Schapire 1999), which evens out what the last documents did. A lane ends when a pass has not
 * lowered the mean loss by the tolerance, as a share.
 */
final class PassiveAggressiveSolver extends LaneSolver {
  private final float cost;
  private final double tolerance;

  /**
   * Sum of all steps, each times the number of documents seen before it: the mean of the weights
   * after every document is the last weights minus this over all documents seen.
   */
  private final float[] weightedSteps;

  private final double[] weightedBiases = new double[Lanes.COUNT];
  private final float[] scaled = new float[Lanes.COUNT];
  private long seen;

  private final double[] losses = new double[Lanes.COUNT];
  private final double[] lossesBefore = new double[Lanes.COUNT];

  PassiveAggressiveSolver(
      LabelledVectors data, int[] labels, LinearParameters parameters, long seed) {
    super(data, labels, parameters, seed);
    this.cost = (float) parameters.costValue();
    this.tolerance = parameters.toleranceValue();
    this.weightedSteps = new float[Math.multiplyExact(data.features(), Lanes.COUNT)];
    Arrays.fill(lossesBefore, Double.POSITIVE_INFINITY);
  }

  @Override
  float step(int document, int lane, float margin, float squaredLength) {
    if (lane == 0) { // every lane sees every document
      seen++;
    }
    float slack = Math.max(0, 1 - margin);
    losses[lane] += slack;
    return Math.min(cost, slack / squaredLength);
  }

  @Override
  void stepped(int[] indices, float[] values, int from, int to, float[] factors) {
    for (int k = 0; k < lanes(); k++) {
      scaled[k] = factors[k] * (seen - 1);
      weightedBiases[k] += scaled[k];
    }
    Lanes.add(weightedSteps, indices, values, from, to, scaled);
  }

  @Override
  void finish(float[] weights, float[] biases) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] -= weightedSteps[i] / seen;
    }
    for (int k = 0; k < lanes(); k++) {
      biases[k] -= (float) (weightedBiases[k] / seen);
    }
  }

  @Override
  double loss(float margin) {
    return Math.max(0, 1 - margin);
  }

  @Override
  int nextPass(int live) {
    boolean falling = false;
    for (int k = 0; k < lanes(); k++) {
      falling |= losses[k] < (1 - tolerance) * lossesBefore[k];
      lossesBefore[k] = losses[k];
      losses[k] = 0;
    }
    return falling ? live : 0; // lanes end together: they share the count of documents
  }
}
