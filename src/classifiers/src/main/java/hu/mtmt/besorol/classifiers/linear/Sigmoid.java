package hu.mtmt.besorol.classifiers.linear;

import java.util.List;

/**
 * The function 1 / (1 + e^−(slope · margin + intercept)), which makes a probability of a margin:
 * Platt (1999), "Probabilistic outputs for support vector machines".
 */
record Sigmoid(double slope, double intercept) {
  private static final int STEPS = 50;
  private static final double SMALLEST_STEP = 1e-6;

  /** Margins of one label, and which of their documents have it. */
  record Column(float[] margins, boolean[] positive) {}

  /** Value at a margin, 0 to 1. */
  double at(double margin) {
    return 1 / (1 + Math.exp(-(slope * margin + intercept)));
  }

  /**
   * The sigmoid that makes the data most probable, if before this one was the most probable: the
   * maximum of the likelihood times two normal distributions around this slope and this intercept.
   * The objective is convex; Newton's method with halved steps finds its minimum.
   *
   * @param precision of the normal distributions, 1/σ²: how much data outweighs this sigmoid
   */
  Sigmoid fit(List<Column> columns, double precision) {
    var best = this;
    double cost = best.cost(columns, this, precision);
    for (int step = 0; step < STEPS; step++) {
      var full = best.newtonStep(columns, this, precision);
      double length = 1;
      Sigmoid next;
      double nextCost;
      do {
        next =
            new Sigmoid(best.slope + length * full.slope, best.intercept + length * full.intercept);
        nextCost = next.cost(columns, this, precision);
        length /= 2;
      } while (nextCost > cost && length > SMALLEST_STEP);
      if (!(nextCost < cost)) {
        return best;
      }
      boolean settled = cost - nextCost < 1e-9 * cost;
      best = next;
      cost = nextCost;
      if (settled) {
        return best;
      }
    }
    return best;
  }

  private double cost(List<Column> columns, Sigmoid prior, double precision) {
    double cost =
        precision
            / 2
            * ((slope - prior.slope) * (slope - prior.slope)
                + (intercept - prior.intercept) * (intercept - prior.intercept));
    for (var column : columns) {
      for (int d = 0; d < column.margins.length; d++) {
        double f = slope * column.margins[d] + intercept;
        double wrong = column.positive[d] ? -f : f;
        cost += wrong > 0 ? wrong + Math.log1p(Math.exp(-wrong)) : Math.log1p(Math.exp(wrong));
      }
    }
    return cost;
  }

  private Sigmoid newtonStep(List<Column> columns, Sigmoid prior, double precision) {
    double gradientSlope = precision * (slope - prior.slope);
    double gradientIntercept = precision * (intercept - prior.intercept);
    double hessianSlope = precision;
    double hessianBoth = 0;
    double hessianIntercept = precision;
    for (var column : columns) {
      for (int d = 0; d < column.margins.length; d++) {
        double m = column.margins[d];
        double p = at(m);
        double error = column.positive[d] ? p - 1 : p;
        double weight = p * (1 - p);
        gradientSlope += error * m;
        gradientIntercept += error;
        hessianSlope += weight * m * m;
        hessianBoth += weight * m;
        hessianIntercept += weight;
      }
    }
    double determinant = hessianSlope * hessianIntercept - hessianBoth * hessianBoth;
    return new Sigmoid(
        -(hessianIntercept * gradientSlope - hessianBoth * gradientIntercept) / determinant,
        -(hessianSlope * gradientIntercept - hessianBoth * gradientSlope) / determinant);
  }
}
