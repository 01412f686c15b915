package hu.mtmt.besorol.evaluation;

/**
 * A learning curve: a share that is measured with n training documents is about limit − factor ·
 * n^(−exponent), the inverse power law of Figueroa et al. 2012 ("Predicting sample size required
 * for classification performance"), which errors of many learners follow (Hestness et al. 2017,
 * "Deep learning scaling is predictable, empirically").
 *
 * @param limit what infinitely many documents would reach, at most 1
 * @param factor how far below the limit it starts, at least 0: more documents do no harm
 * @param exponent how fast the limit is approached
 */
record PowerLaw(double limit, double factor, double exponent) {
  private static final double SMALLEST_EXPONENT = 0.05;

  /** Faster than 1/n no learner of fixed size comes near its limit; a fit that says so is noise. */
  private static final double LARGEST_EXPONENT = 1;

  private static final int EXPONENTS = 96; // in steps of 0.01

  /** The value with so many training documents, at least one. */
  double at(double documents) {
    return limit - factor * StrictMath.pow(documents, -exponent);
  }

  /** What further documents bring. */
  double gain(double documents, double further) {
    return at(documents + further) - at(documents);
  }

  /**
   * The curve of least weighted squares. As Figueroa et al. have it, the j-th of m points weighs
   * j/m: what comes is foretold by the larger samples.
   *
   * @param documents how many were learnt, ascending, each at least 1; at least three
   * @param values what was measured
   */
  static PowerLaw fit(double[] documents, double[] values) {
    PowerLaw best = null;
    double smallest = Double.POSITIVE_INFINITY;
    for (double exponent : exponents()) {
      var law = fit(documents, values, exponent);
      double error = law.error(documents, values);
      if (error < smallest) {
        smallest = error;
        best = law;
      }
    }
    return best;
  }

  /** The exponents that are tried. */
  static double[] exponents() {
    var exponents = new double[EXPONENTS];
    for (int i = 0; i < EXPONENTS; i++) {
      exponents[i] =
          SMALLEST_EXPONENT + i * (LARGEST_EXPONENT - SMALLEST_EXPONENT) / (EXPONENTS - 1);
    }
    return exponents;
  }

  /**
   * The curve of least weighted squares with this exponent: a linear regression on x =
   * n^(−exponent), or if that breaks a bound, the better of the two that lie on one.
   */
  static PowerLaw fit(double[] documents, double[] values, double exponent) {
    int m = documents.length;
    double weights = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int j = 0; j < m; j++) {
      double weight = weight(j, m);
      double x = StrictMath.pow(documents[j], -exponent);
      weights += weight;
      sumX += weight * x;
      sumY += weight * values[j];
      sumXx += weight * x * x;
      sumXy += weight * x * values[j];
    }
    double spread = weights * sumXx - sumX * sumX;
    double slope = spread > 0 ? (weights * sumXy - sumX * sumY) / spread : 0;
    double limit = (sumY - slope * sumX) / weights;
    if (slope > 0) {
      return new PowerLaw(Math.min(1, sumY / weights), 0, exponent);
    }
    if (limit > 1) {
      return new PowerLaw(1, Math.max(0, (sumX - sumXy) / sumXx), exponent);
    }
    return new PowerLaw(limit, Math.abs(slope), exponent);
  }

  /** The weighted sum of squared distances. */
  double error(double[] documents, double[] values) {
    double error = 0;
    for (int j = 0; j < documents.length; j++) {
      double distance = values[j] - at(documents[j]);
      error += weight(j, documents.length) * distance * distance;
    }
    return error;
  }

  private static double weight(int point, int points) {
    return (point + 1.0) / points;
  }
}
