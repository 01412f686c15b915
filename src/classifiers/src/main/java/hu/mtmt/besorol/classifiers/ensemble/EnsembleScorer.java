package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Pool;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Reasons;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.Reason;
import java.util.ArrayList;
import java.util.List;

/** Asks the members and combines what they say. */
final class EnsembleScorer implements Scorer {
  private final List<String> names;
  private final Members members;
  private final Mixture mixture;
  private final Pool<Worker> workers;

  /** What a thread needs for itself. */
  private record Worker(Candidates candidates, Combiner combiner, Scores scores) {}

  EnsembleScorer(
      List<AlgorithmParameters> parameters,
      Members members,
      Mixture mixture,
      Combination combination,
      int labels) {
    this.names = MemberNames.of(parameters);
    this.members = members;
    this.mixture = mixture;
    this.workers =
        new Pool<>(
            () ->
                new Worker(new Candidates(mixture, labels), combination.combiner(), new Scores()));
  }

  @Override
  public void score(Query query, Scores scores) {
    var worker = workers.borrow();
    worker.candidates.of(members.rank(query, worker.scores));
    worker.combiner.combine(worker.candidates, members.length(query), scores);
    workers.giveBack(worker);
  }

  /**
   * What each member adds to the mean, and in between the reasons of the one that adds most, scaled
   * so that they make up its share.
   */
  @Override
  public List<Reason> explain(Query query, int label, int limit) {
    var worker = workers.borrow();
    var candidates = worker.candidates;
    candidates.of(members.rank(query, worker.scores));
    var reasons = new ArrayList<Reason>();
    int weightiest = mixture.weightiest();
    double most = 0;
    for (int c = 0; c < candidates.size(); c++) {
      if (candidates.label(c) != label) {
        continue;
      }
      for (int m = 0; m < names.size(); m++) {
        double share = mixture.weights()[m] * candidates.probability(m, c);
        reasons.add(new Reason(Reason.Kind.MEMBER, names.get(m), share));
        if (share > most) {
          most = share;
          weightiest = m;
        }
      }
    }
    workers.giveBack(worker);
    var shares = Reasons.weightiest(reasons, limit);
    var decided = new ArrayList<>(shares);
    decided.addAll(members.scorers().get(weightiest).explain(query, label, limit - shares.size()));
    return decided;
  }
}
