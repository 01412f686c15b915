package hu.mtmt.besorol.classifiers.answers;

import java.util.List;

/**
 * Logistic regression on few variables: finds the coefficients that make the observed outcomes most
 * probable, if before there were only the prior ones, each with a normal distribution around it.
 * The objective is convex; Newton's method with halved steps finds its minimum.
 */
public final class LogisticRegression {
  private static final int STEPS = 50;
  private static final double SMALLEST_STEP = 1e-6;
  private static final double SETTLED = 1e-10;

  private final List<Observation> observations;
  private final double[] prior;
  private final double precision;

  private LogisticRegression(List<Observation> observations, double[] prior, double precision) {
    this.observations = observations;
    this.prior = prior;
    this.precision = precision;
  }

  /** Values of the variables, and whether it happened. */
  public record Observation(double[] variables, boolean outcome) {}

  /**
   * The coefficients.
   *
   * @param precision of the normal distributions, 1/σ²
   */
  public static double[] fit(List<Observation> observations, double[] prior, double precision) {
    return new LogisticRegression(observations, prior, precision).minimize();
  }

  private double[] minimize() {
    var best = prior.clone();
    double cost = cost(best);
    for (int step = 0; step < STEPS; step++) {
      var direction = newtonDirection(best);
      double length = 1;
      var next = moved(best, direction, length);
      double nextCost = cost(next);
      while (nextCost > cost && length > SMALLEST_STEP) {
        length /= 2;
        next = moved(best, direction, length);
        nextCost = cost(next);
      }
      if (!(nextCost < cost)) {
        break;
      }
      boolean settled = cost - nextCost < SETTLED * cost;
      best = next;
      cost = nextCost;
      if (settled) {
        break;
      }
    }
    return best;
  }

  private static double[] moved(double[] from, double[] direction, double length) {
    var to = from.clone();
    for (int i = 0; i < to.length; i++) {
      to[i] += length * direction[i];
    }
    return to;
  }

  /** Negative logarithm of the probability, up to a constant. */
  private double cost(double[] coefficients) {
    double cost = 0;
    for (int i = 0; i < prior.length; i++) {
      double distance = coefficients[i] - prior[i];
      cost += precision / 2 * distance * distance;
    }
    for (var o : observations) {
      double logit = dot(coefficients, o.variables);
      double wrong = o.outcome ? -logit : logit;
      cost += wrong > 0 ? wrong + Math.log1p(Math.exp(-wrong)) : Math.log1p(Math.exp(wrong));
    }
    return cost;
  }

  /** −H⁻¹g of the cost. */
  private double[] newtonDirection(double[] coefficients) {
    int n = prior.length;
    var system = new double[n][n + 1]; // H and, in the last column, −g
    for (int i = 0; i < n; i++) {
      system[i][i] = precision;
      system[i][n] = -precision * (coefficients[i] - prior[i]);
    }
    for (var o : observations) {
      double p = 1 / (1 + Math.exp(-dot(coefficients, o.variables)));
      double error = o.outcome ? p - 1 : p;
      double weight = p * (1 - p);
      for (int i = 0; i < n; i++) {
        system[i][n] -= error * o.variables[i];
        for (int j = 0; j < n; j++) {
          system[i][j] += weight * o.variables[i] * o.variables[j];
        }
      }
    }
    return solve(system);
  }

  /** Gaussian elimination; the matrix is positive definite, so no pivots need be looked for. */
  private static double[] solve(double[][] system) {
    int n = system.length;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        double factor = system[j][i] / system[i][i];
        for (int k = i; k <= n; k++) {
          system[j][k] -= factor * system[i][k];
        }
      }
    }
    var solution = new double[n];
    for (int i = n - 1; i >= 0; i--) {
      double rest = system[i][n];
      for (int k = i + 1; k < n; k++) {
        rest -= system[i][k] * solution[k];
      }
      solution[i] = rest / system[i][i];
    }
    return solution;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
