package hu.mtmt.besorol.evaluation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How far scores can be taken at their word: of the answered subjects, the ones people see. */
public final class Calibration {
  private static final int BINS = 15;

  private Calibration() {}

  /**
   * Answered subjects of about the same score.
   *
   * @param answered how many, at least one
   * @param score their mean score
   * @param right the share of them that is true
   */
  public record Bin(long answered, double score, double right) {}

  /**
   * The reliability curve: the answered subjects by score in 15 bins of equal width, the lowest
   * first, without the empty bins.
   */
  public static List<Bin> bins(Collection<Judged> documents) {
    var scores = new double[BINS];
    var answered = new long[BINS];
    var right = new long[BINS];
    for (var judged : documents) {
      for (int i = 0; i < judged.answered(); i++) {
        float score = judged.scores()[i];
        int bin = Math.clamp((int) (score * BINS), 0, BINS - 1);
        scores[bin] += score;
        answered[bin]++;
        right[bin] += judged.isTrue(judged.ranked()[i]) ? 1 : 0;
      }
    }
    var bins = new ArrayList<Bin>();
    for (int b = 0; b < BINS; b++) {
      if (answered[b] > 0) {
        bins.add(new Bin(answered[b], scores[b] / answered[b], (double) right[b] / answered[b]));
      }
    }
    return bins;
  }

  /**
   * The expected calibration error (Guo et al. 2017, equation 3): the distance between mean score
   * and share of right subjects, averaged over {@link #bins}, weighted by their size. 0 if nothing
   * was answered.
   */
  static double error(Collection<Judged> documents) {
    double error = 0;
    long answered = 0;
    for (var bin : bins(documents)) {
      error += bin.answered() * Math.abs(bin.right() - bin.score());
      answered += bin.answered();
    }
    return Formula.share(error, answered);
  }
}
