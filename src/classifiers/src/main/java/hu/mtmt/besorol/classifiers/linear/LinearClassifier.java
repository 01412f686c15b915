package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.Classifier;
import hu.mtmt.besorol.corpus.Document;
import java.util.Arrays;

/** The trained classifier: margins, calibrated. */
final class LinearClassifier implements Classifier {
  private final MarginScorer scorer;
  private final Calibration calibration;

  LinearClassifier(MarginScorer scorer, Calibration calibration) {
    this.scorer = scorer;
    this.calibration = calibration;
  }

  @Override
  public int labels() {
    return scorer.labels();
  }

  @Override
  public void scores(Document document, float[] scores) {
    if (scorer.margins(document, scores)) {
      calibration.apply(scores);
    } else {
      Arrays.fill(scores, 0, labels(), 0);
    }
  }
}
