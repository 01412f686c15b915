package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Reasons;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.text.FeatureSpace;
import hu.mtmt.besorol.contract.Reason;
import java.util.List;

/** Scores are the margins of the labels' classifiers. */
final class LinearScorer implements Scorer {
  private final FeatureSpace space;
  private final Weights weights;

  LinearScorer(FeatureSpace space, Weights weights) {
    this.space = space;
    this.weights = weights;
  }

  @Override
  public void score(Query query, Scores scores) {
    var vector = query.vector(space);
    if (vector.size() > 0) {
      weights.margins(vector, scores.all(weights.labels()));
    }
  }

  @Override
  public List<Reason> explain(Query query, int label, int limit) {
    return Reasons.ofTerms(query, space, feature -> weights.weight(feature, label), limit);
  }
}
