package hu.mtmt.besorol.classifiers.weights;

import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Reasons;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.text.FeatureSpace;
import hu.mtmt.besorol.contract.Reason;
import hu.mtmt.besorol.contract.TextFeatures;
import java.io.IOException;
import java.util.List;

/** Scores are those of a {@link WeightMatrix}. */
public final class WeightScorer implements Scorer {
  private final FeatureSpace space;
  private final WeightMatrix weights;

  private WeightScorer(FeatureSpace space, WeightMatrix weights) {
    this.space = space;
    this.weights = weights;
  }

  /**
   * The scorer of {@value WeightMatrix#FILE}.
   *
   * @param features what the weights are of
   * @throws hu.mtmt.besorol.contract.BesorolException if the files do not belong together
   */
  public static WeightScorer load(TextFeatures features, ModelFiles files) {
    try {
      var space = files.features(features);
      var weights = WeightMatrix.map(files.path(WeightMatrix.FILE));
      files.requireFitting(WeightMatrix.FILE, weights.labels(), weights.features(), space);
      return new WeightScorer(space, weights);
    } catch (IOException e) {
      throw files.unreadable(e);
    }
  }

  @Override
  public void score(Query query, Scores scores) {
    var vector = query.vector(space);
    if (vector.size() > 0) {
      weights.scores(vector, scores.all(weights.labels()));
    }
  }

  @Override
  public List<Reason> explain(Query query, int label, int limit) {
    return Reasons.ofTerms(query, space, feature -> weights.weight(feature, label), limit);
  }
}
