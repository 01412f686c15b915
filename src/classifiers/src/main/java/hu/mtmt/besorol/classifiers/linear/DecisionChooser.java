package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.Ranking;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import java.util.Arrays;

/**
 * Chooses how scores become answers: of all thresholds, together with the smallest and the largest
 * number of subjects, those with the best strict F1 on the validation documents. If several are
 * best, the ones that let the fewest subjects through.
 */
final class DecisionChooser {
  /** No answer is longer than this. */
  private static final int LARGEST_ANSWER = 10;

  private static final Decision WITHOUT_DOCUMENTS = new Decision(0.5, 1, 3);

  private DecisionChooser() {}

  /** A subject of the ranking of some document. */
  private record Candidate(float score, int rank, boolean right) {}

  static Decision choose(ValidationMargins margins, Calibration calibration) {
    if (margins.size() < Calibration.FEWEST_DOCUMENTS) {
      return WITHOUT_DOCUMENTS;
    }
    int longest = Math.min(LARGEST_ANSWER, calibration.labels());
    var candidates = new Candidate[margins.size() * longest];
    long truths = 0;
    for (int d = 0; d < margins.size(); d++) {
      var scores = margins.rows().get(d).clone();
      calibration.apply(scores);
      var truth = margins.truths().get(d);
      truths += truth.length;
      var best = Ranking.best(scores, longest);
      for (int rank = 0; rank < longest; rank++) {
        boolean right = Arrays.binarySearch(truth, best[rank]) >= 0;
        candidates[d * longest + rank] = new Candidate(scores[best[rank]], rank, right);
      }
    }
    Arrays.sort(candidates, (a, b) -> Float.compare(b.score, a.score));
    Scored best = null;
    for (int minimum = 0; minimum <= 1; minimum++) {
      for (int maximum = 1; maximum <= longest; maximum++) {
        var scored = bestThreshold(candidates, truths, minimum, maximum);
        if (best == null || scored.f1 > best.f1) {
          best = scored;
        }
      }
    }
    return best.decision;
  }

  private record Scored(Decision decision, double f1) {}

  /**
   * Lowers the threshold past one candidate after the other and keeps the best place. The threshold
   * itself lies half-way between the two candidates that it parts.
   */
  private static Scored bestThreshold(
      Candidate[] candidates, long truths, int minimum, int maximum) {
    long answered = 0;
    long right = 0;
    for (var c : candidates) {
      if (c.rank < minimum) {
        answered++;
        right += c.right ? 1 : 0;
      }
    }
    double best = f1(right, answered, truths);
    double threshold = 1;
    for (int i = 0; i < candidates.length; i++) {
      var c = candidates[i];
      if (c.rank >= minimum && c.rank < maximum) {
        answered++;
        right += c.right ? 1 : 0;
      }
      float next = i + 1 < candidates.length ? candidates[i + 1].score : 0;
      double f1 = f1(right, answered, truths);
      if (f1 > best && next < c.score) {
        best = f1;
        threshold = ((double) c.score + next) / 2;
      }
    }
    return new Scored(new Decision(threshold, minimum, maximum), best);
  }

  private static double f1(long right, long answered, long truths) {
    return answered + truths == 0 ? 0 : 2.0 * right / (answered + truths);
  }
}
