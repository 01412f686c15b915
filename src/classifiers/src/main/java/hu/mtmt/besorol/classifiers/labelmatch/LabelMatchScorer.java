package hu.mtmt.besorol.classifiers.labelmatch;

import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.Pool;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Reasons;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.contract.Reason;
import java.util.List;

/** Scores are half the log-odds, so that 0 is undecided and ±1 rather sure. */
final class LabelMatchScorer implements Scorer {
  private static final double SCALE = 0.5;

  private final LabelWeights weights;
  private final Pool<Worker> workers;

  /** What one thread needs. */
  private record Worker(Candidates candidates, double[] variables) {}

  LabelMatchScorer(LabelIndex index, LabelWeights weights, Labels labels, String defaultLanguage) {
    this.weights = weights;
    this.workers =
        new Pool<>(
            () ->
                new Worker(
                    new Candidates(index, weights.rarities(), labels, defaultLanguage),
                    new double[LabelWeights.VARIABLES]));
  }

  @Override
  public void score(Query query, Scores scores) {
    var worker = workers.borrow();
    worker.candidates.find(
        query.document(),
        query.words(),
        worker.variables,
        (label, variables) -> scores.add(label, (float) score(label, variables)));
    workers.giveBack(worker);
  }

  @Override
  public List<Reason> explain(Query query, int label, int limit) {
    var worker = workers.borrow();
    var reasons =
        worker.candidates.reasons(query.document(), label, variables -> score(label, variables));
    workers.giveBack(worker);
    return Reasons.weightiest(reasons, limit);
  }

  private double score(int label, double[] variables) {
    return SCALE * weights.logit(label, variables);
  }
}
