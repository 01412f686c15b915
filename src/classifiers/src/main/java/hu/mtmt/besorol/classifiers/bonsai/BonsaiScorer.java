package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.Pool;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Reasons;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.text.FeatureSpace;
import hu.mtmt.besorol.contract.Reason;
import java.util.List;
import java.util.stream.IntStream;

/** Scores the labels that a beam search finds in trees. */
final class BonsaiScorer implements Scorer {
  private final FeatureSpace space;
  private final TreesFile trees;
  private final Pool<BeamSearch> searches;

  BonsaiScorer(FeatureSpace space, TreesFile trees, int labels, int beam) {
    this.space = space;
    this.trees = trees;
    this.searches = new Pool<>(() -> new BeamSearch(trees, labels, beam));
  }

  @Override
  public void score(Query query, Scores scores) {
    var vector = query.vector(space);
    if (vector.size() == 0) {
      return;
    }
    var search = searches.borrow();
    search.find(vector, scores);
    searches.giveBack(search);
  }

  @Override
  public List<Reason> explain(Query query, int label, int limit) {
    var ways = IntStream.range(0, trees.trees()).mapToObj(t -> trees.wayTo(label, t)).toList();
    return Reasons.ofTerms(
        query,
        space,
        feature -> {
          double sum = 0;
          for (var way : ways) {
            sum += trees.weight(feature, way);
          }
          return sum / ways.size();
        },
        limit);
  }
}
