package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.text.LabelledVectors;
import hu.mtmt.besorol.contract.LinearParameters;
import java.util.Arrays;

/**
 * Logistic regression by dual coordinate descent: Yu, Huang and Lin (2011), "Dual coordinate
 * descent methods for logistic regression and maximum entropy models", algorithm 5; the same as
 * LIBLINEAR's solver 7. Each step minimises a function of one variable, z log z + (C − z) log(C −
 * z) + a/2 (z − α)² + b (z − α), by Newton's method.
 */
final class LogisticSolver extends LaneSolver {
  private static final double SMALLEST_INNER_TOLERANCE = 1e-8;
  private static final int NEWTON_STEPS = 100;

  private final double cost;
  private final double tolerance;

  /**
   * 0 < α < C of each document and lane, kept as the distance to the nearer end: α if it is
   * positive, C − α if it is negative. Near C a float could not hold α itself. 0 stands for a
   * document not yet visited.
   */
  private final float[] alphas;

  private final double[] largestGradients = new double[Lanes.COUNT];
  private final double[] innerTolerances = new double[Lanes.COUNT];
  private final long[] newtonSteps = new long[Lanes.COUNT];

  LogisticSolver(LabelledVectors data, int[] labels, LinearParameters parameters, long seed) {
    super(data, labels, parameters, seed);
    this.cost = parameters.costValue();
    this.tolerance = parameters.toleranceValue();
    this.alphas = new float[Math.multiplyExact(data.size(), Lanes.COUNT)];
    Arrays.fill(innerTolerances, Math.min(1e-2, tolerance));
  }

  @Override
  float step(int document, int lane, float margin, float squaredLength) {
    int i = document * Lanes.COUNT + lane;
    double start = 0;
    if (alphas[i] == 0) { // the paper's start, brought into the weights by the first step
      start = Math.min(0.001 * cost, 1e-8);
      alphas[i] = (float) start;
      margin += (float) (start * squaredLength);
    }
    double near = Math.abs(alphas[i]);
    double alpha = alphas[i] > 0 ? near : cost - near;
    double rest = alphas[i] > 0 ? cost - near : near;
    // The variable is α or C − α, whichever makes Newton's method converge from its left.
    boolean other = 0.5 * squaredLength * (rest - alpha) + margin < 0;
    double sign = other ? -1 : 1;
    double old = other ? rest : alpha;
    double z = cost - old < 0.5 * cost ? 0.1 * old : old;
    double gradient = gradient(z, old, squaredLength, sign * margin);
    largestGradients[lane] = Math.max(largestGradients[lane], Math.abs(gradient));
    int steps = 0;
    while (Math.abs(gradient) >= innerTolerances[lane] && steps < NEWTON_STEPS) {
      double curvature = squaredLength + cost / (cost - z) / z;
      double next = z - gradient / curvature;
      z = next <= 0 ? 0.1 * z : next;
      gradient = gradient(z, old, squaredLength, sign * margin);
      steps++;
    }
    newtonSteps[lane] += steps;
    if (steps == 0) {
      return (float) start;
    }
    double now = other ? cost - z : z;
    alphas[i] = (float) (now <= 0.5 * cost ? (other ? cost - z : z) : -(other ? z : cost - z));
    return (float) (start + sign * (z - old));
  }

  private double gradient(double z, double old, double squaredLength, double margin) {
    return squaredLength * (z - old) + margin + Math.log(z / (cost - z));
  }

  @Override
  double loss(float margin) {
    return margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin));
  }

  @Override
  int nextPass(int live) {
    int next = live;
    for (int k = 0; k < lanes(); k++) {
      if (largestGradients[k] < tolerance) {
        next &= ~(1 << k);
      }
      if (newtonSteps[k] <= documents() / 10) {
        innerTolerances[k] = Math.max(SMALLEST_INNER_TOLERANCE, 0.1 * innerTolerances[k]);
      }
      largestGradients[k] = 0;
      newtonSteps[k] = 0;
    }
    return next;
  }
}
