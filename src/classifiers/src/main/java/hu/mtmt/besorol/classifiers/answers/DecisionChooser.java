package hu.mtmt.besorol.classifiers.answers;

import hu.mtmt.besorol.contract.ModelManifest.Decision;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses how scores become answers: of all thresholds, together with the smallest and the largest
 * number of subjects, those with the best strict F1 on the validation documents. If several are
 * best, the ones that let the fewest subjects through.
 */
final class DecisionChooser {
  private static final Decision WITHOUT_DOCUMENTS = new Decision(0.5, 1, 3);

  private DecisionChooser() {}

  /** A subject of the ranking of some document. */
  private record Candidate(float score, int rank, boolean right) {}

  static Decision choose(ValidationRanking ranking, Calibration calibration) {
    if (ranking.size() < Calibration.FEWEST_DOCUMENTS) {
      return WITHOUT_DOCUMENTS;
    }
    var candidates = new ArrayList<Candidate>();
    long truths = 0;
    for (var document : ranking.documents()) {
      truths += document.truths();
      var margins = document.margins();
      for (int rank = 0; rank < margins.length; rank++) {
        float score = calibration.score(margins, rank);
        candidates.add(new Candidate(score, rank, document.right()[rank]));
      }
    }
    candidates.sort((a, b) -> Float.compare(b.score, a.score));
    Scored best = null;
    for (int minimum = 0; minimum <= 1; minimum++) {
      for (int maximum = 1; maximum <= ValidationRanking.LENGTH; maximum++) {
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
      List<Candidate> candidates, long truths, int minimum, int maximum) {
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
    for (int i = 0; i < candidates.size(); i++) {
      var c = candidates.get(i);
      if (c.rank >= minimum && c.rank < maximum) {
        answered++;
        right += c.right ? 1 : 0;
      }
      float next = i + 1 < candidates.size() ? candidates.get(i + 1).score : 0;
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
