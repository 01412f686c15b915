package hu.mtmt.besorol.classifiers.answers;

import hu.mtmt.besorol.classifiers.answers.LogisticRegression.Observation;
import io.fabric8.generator.annotation.Required;
import java.util.ArrayList;

/**
 * Turns margins into scores that can be read as probabilities: 1 / (1 + e⁻ᶻ) with
 *
 * <pre>z = slope · m + positiveSlope · max(m, 0) + rival · r + intercept</pre>
 *
 * where m is the margin of a label and r the largest margin of the document's other labels. This is
 * Platt's sigmoid (1999, "Probabilistic outputs for support vector machines") with two things more:
 * another slope beyond the boundary, without which high scores are too high, and the rival, since a
 * label is less probable where another fits well. Both are the same for all labels: most have too
 * few validation documents for a sigmoid of their own.
 *
 * <p>It is fitted on the {@value #RANKS} best ranked labels of each validation document, the ones
 * whose scores are looked at. Scores keep the order of margins.
 *
 * @param slope what a margin counts
 * @param positiveSlope what a margin counts in addition beyond 0
 * @param rival what the largest margin of the other labels counts
 * @param intercept what is added
 */
record Calibration(
    @Required Double slope,
    @Required Double positiveSlope,
    @Required Double rival,
    @Required Double intercept) {
  /** With fewer validation documents nothing is fitted. */
  static final int FEWEST_DOCUMENTS = 20;

  /** How many of the best ranked labels of a document are looked at. */
  static final int RANKS = 5;

  /** What holds before there is data: 0 is undecided, ±1 is rather sure. */
  private static final Calibration PRIOR = new Calibration(2.0, 0.0, 0.0, 0.0);

  private static final double PRECISION = 1;

  /** Fits the scores to the truth. */
  static Calibration fit(ValidationRanking ranking) {
    if (ranking.size() < FEWEST_DOCUMENTS) {
      return PRIOR;
    }
    var fitted = fit(ranking, true);
    if (!fitted.keepsOrder()) {
      fitted = fit(ranking, false);
    }
    return fitted.keepsOrder() ? fitted : PRIOR;
  }

  private static Calibration fit(ValidationRanking ranking, boolean all) {
    var observations = new ArrayList<Observation>(RANKS * ranking.size());
    for (var document : ranking.documents()) {
      var margins = document.margins();
      for (int i = 0; i < Math.min(RANKS, margins.length); i++) {
        double m = margins[i];
        double r = margins.length == 1 ? m : margins[i == 0 ? 1 : 0];
        var variables = all ? new double[] {m, Math.max(m, 0), r, 1} : new double[] {m, 0, 0, 1};
        observations.add(new Observation(variables, document.right(i)));
      }
    }
    var prior = new double[] {PRIOR.slope, PRIOR.positiveSlope, PRIOR.rival, PRIOR.intercept};
    var c = LogisticRegression.fit(observations, prior, PRECISION);
    return new Calibration(c[0], c[1], c[2], c[3]);
  }

  /**
   * Whether of two labels of a document the one with the larger margin gets the larger score. The
   * rival of the best label is the second and the rival of all others the best, so the difference
   * of their margins counts with the slope less the rival.
   */
  private boolean keepsOrder() {
    double least = slope + Math.min(0, positiveSlope);
    return least > 0 && least - rival > 0;
  }

  /**
   * The score of a label.
   *
   * @param margin its margin
   * @param rivalMargin the largest margin of the other labels
   */
  float score(float margin, float rivalMargin) {
    double z =
        slope * margin + positiveSlope * Math.max(margin, 0) + rival * rivalMargin + intercept;
    return (float) (1 / (1 + Math.exp(-z)));
  }

  /**
   * The scores of a document's best labels.
   *
   * @param margins their margins, the best first; the second must be there if there is one
   */
  float[] apply(float[] margins) {
    var scores = new float[margins.length];
    for (int rank = 0; rank < scores.length; rank++) {
      scores[rank] = score(margins, rank);
    }
    return scores;
  }

  /** The score of the label at a rank. */
  float score(float[] margins, int rank) {
    float rivalMargin = margins.length == 1 ? margins[0] : margins[rank == 0 ? 1 : 0];
    return score(margins[rank], rivalMargin);
  }
}
