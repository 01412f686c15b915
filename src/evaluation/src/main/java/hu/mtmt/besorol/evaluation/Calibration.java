package hu.mtmt.besorol.evaluation;

import java.util.Collection;

/** How far scores can be taken at their word. */
final class Calibration {
  private static final int BINS = 15;

  private Calibration() {}

  /**
   * The expected calibration error (Guo et al. 2017, equation 3) of the answered subjects, the ones
   * whose scores people see: they fall by score into 15 bins of equal width, and the distance
   * between mean score and share of right subjects is averaged over bins, weighted by their size. 0
   * if nothing was answered.
   */
  static double error(Collection<Judged> documents) {
    var scores = new double[BINS];
    var right = new long[BINS];
    long answered = 0;
    for (var judged : documents) {
      answered += judged.answered();
      for (int i = 0; i < judged.answered(); i++) {
        float score = judged.scores()[i];
        int bin = Math.clamp((int) (score * BINS), 0, BINS - 1);
        scores[bin] += score;
        right[bin] += judged.isTrue(judged.ranked()[i]) ? 1 : 0;
      }
    }
    double error = 0;
    for (int b = 0; b < BINS; b++) { // a bin's size cancels out: n · |right/n − scores/n|
      error += Math.abs(right[b] - scores[b]);
    }
    return Formula.share(error, answered);
  }
}
