package hu.mtmt.besorol.classifiers.answers;

import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.contract.AnswerParameters;
import hu.mtmt.besorol.contract.AnswerParameters.Objective;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses how scores become answers on the validation documents. {@link #choose}: of all
 * thresholds, together with the smallest and the largest number of subjects, those that are best by
 * the objective; if several are best, the ones that let the fewest subjects through. {@link
 * #thresholds}: a threshold for each label.
 */
final class DecisionChooser {
  private static final int LONGEST_WITHOUT_DOCUMENTS = 3;

  /**
   * A label's own threshold counts as much as the common one when so many validation documents have
   * the label.
   */
  private static final double SHRINKAGE = 10;

  /**
   * What a label counts is its calibrated probability as much as whether it is right when there are
   * so many validation documents. The fewer there are, the more a threshold chosen by what is right
   * is one of these documents alone; chosen by probabilities, the best one for F1 is half the F1
   * that it reaches (Lipton, Elkan and Naryanaswamy 2014, "Optimal thresholding of classifiers to
   * maximize F1 measure").
   */
  private static final double BY_PROBABILITY = 1000;

  /**
   * Strict F1 that makes no difference: among thresholds that differ by less, the one of the best
   * lenient F1 is taken, since a sibling of the right subject is more use than nothing.
   */
  private static final double INDIFFERENT = 0.001;

  private final AnswerParameters parameters;
  private final double byProbability;
  private final int[] truths;
  private final List<Candidate> candidates = new ArrayList<>();

  /** A label of the ranking of some document. */
  private record Candidate(int label, float score, int rank, boolean right, boolean near) {
    /** What it counts as a right answer, from 0 to 1. */
    double right(double byProbability) {
      return byProbability * score + (1 - byProbability) * (right ? 1 : 0);
    }
  }

  /**
   * @param answers how the validation documents are answered
   */
  DecisionChooser(
      AnswerParameters parameters, ValidationRanking ranking, Answering answers, Labels labels) {
    this.parameters = parameters;
    // scores that were made to keep to the tree are no probabilities; nor are there enough answers
    // of one label for its own F1
    this.byProbability =
        parameters.consistent() || parameters.objective() == Objective.MACRO_F1
            ? 0
            : BY_PROBABILITY / (BY_PROBABILITY + ranking.size());
    this.truths = new int[labels.size()];
    if (ranking.size() < Calibration.FEWEST_DOCUMENTS) {
      return;
    }
    for (var document : ranking.documents()) {
      for (int label : document.truth()) {
        truths[label]++;
      }
      var scored = answers.scored(document.labels(), document.margins());
      for (int rank = 0; rank < scored.size(); rank++) {
        int label = scored.labels()[rank];
        candidates.add(
            new Candidate(
                label,
                scored.values()[rank],
                rank,
                Arrays.stream(document.truth()).anyMatch(t -> t == label),
                Objectives.near(labels, label, document.truth())));
      }
    }
    candidates.sort((a, b) -> Float.compare(b.score, a.score));
  }

  Decision choose() {
    if (candidates.isEmpty()) {
      return new Decision(
          0.5, 1, Math.min(LONGEST_WITHOUT_DOCUMENTS, parameters.maximumSubjects()));
    }
    var objective = parameters.objective();
    var best = best(objective, Double.NEGATIVE_INFINITY);
    return objective == Objective.STRICT_F1
        ? best(Objective.LENIENT_F1, best.aim - INDIFFERENT).decision
        : best.decision;
  }

  /**
   * A decision and what it is worth.
   *
   * @param aim by the objective that was asked for
   * @param value by the one that is looked at
   */
  private record Scored(Decision decision, double aim, double value) {}

  /** The best decision by an objective among those that reach what was asked for. */
  private Scored best(Objective by, double least) {
    Scored best = null;
    for (int minimum = 0; minimum <= 1; minimum++) {
      for (int maximum = 1; maximum <= parameters.maximumSubjects(); maximum++) {
        best = best(by, least, minimum, maximum, best);
      }
    }
    return best;
  }

  /**
   * Lowers the threshold past one candidate after the other and keeps the best place. The threshold
   * itself lies half-way between the two candidates that it parts.
   *
   * @param before the best so far, or null
   */
  private Scored best(Objective by, double least, int minimum, int maximum, Scored before) {
    var aim = Objectives.of(parameters.objective(), truths);
    var value = by == parameters.objective() ? aim : Objectives.of(by, truths);
    var counted = value == aim ? List.of(aim) : List.of(aim, value);
    for (var c : candidates) {
      if (c.rank < minimum) {
        counted.forEach(o -> o.answered(c.label, c.right(byProbability), c.near));
      }
    }
    var best = before;
    if (aim.value() >= least && (best == null || value.value() > best.value)) {
      best = new Scored(new Decision(1.0, minimum, maximum), aim.value(), value.value());
    }
    for (int i = 0; i < candidates.size(); i++) {
      var c = candidates.get(i);
      if (c.rank < minimum || c.rank >= maximum) {
        continue;
      }
      counted.forEach(o -> o.answered(c.label, c.right(byProbability), c.near));
      float next = i + 1 < candidates.size() ? candidates.get(i + 1).score : 0;
      if (next < c.score && aim.value() >= least && (best == null || value.value() > best.value)) {
        double threshold = ((double) c.score + next) / 2;
        best = new Scored(new Decision(threshold, minimum, maximum), aim.value(), value.value());
      }
    }
    return best;
  }

  /**
   * A threshold for each label, given the common decision. Where the objective is a mean over
   * labels it is the one of the label's best F1; where all pairs count alike, the one that is best
   * for the whole, which is the maximum of right − F/2 · answered at the common F (Dinkelbach 1967,
   * "On nonlinear fractional programming"). It is drawn towards the common threshold, in log odds,
   * the more the fewer validation documents have the label.
   */
  float[] thresholds(Decision common) {
    var thresholds = new float[truths.length];
    Arrays.fill(thresholds, common.threshold().floatValue());
    double f1 = f1(common);
    var byLabel = new ArrayList<List<Candidate>>();
    for (int label = 0; label < truths.length; label++) {
      byLabel.add(new ArrayList<>());
    }
    for (var c : candidates) {
      if (c.rank >= common.minimumSubjects() && c.rank < common.maximumSubjects()) {
        byLabel.get(c.label).add(c);
      }
    }
    for (int label = 0; label < thresholds.length; label++) {
      if (truths[label] > 0 && !byLabel.get(label).isEmpty()) {
        double own = own(byLabel.get(label), truths[label], f1);
        double weight = truths[label] / (truths[label] + SHRINKAGE);
        thresholds[label] =
            (float) sigmoid(weight * logit(own) + (1 - weight) * logit(common.threshold()));
      }
    }
    return thresholds;
  }

  private double f1(Decision decision) {
    var objective = Objectives.of(Objective.STRICT_F1, truths);
    for (var c : candidates) {
      if (c.rank < decision.minimumSubjects()
          || c.rank < decision.maximumSubjects() && c.score >= decision.threshold()) {
        objective.answered(c.label, c.right(0), c.near);
      }
    }
    return objective.value();
  }

  private double own(List<Candidate> candidates, int truths, double f1) {
    double best = 0;
    double threshold = 1;
    int right = 0;
    for (int i = 0; i < candidates.size(); i++) {
      right += candidates.get(i).right ? 1 : 0;
      double value =
          parameters.objective() == Objective.MACRO_F1
              ? 2.0 * right / (truths + i + 1)
              : right - f1 / 2 * (i + 1);
      float next = i + 1 < candidates.size() ? candidates.get(i + 1).score : 0;
      if (value > best && next < candidates.get(i).score) {
        best = value;
        threshold = ((double) candidates.get(i).score + next) / 2;
      }
    }
    return threshold;
  }

  private static double logit(double p) {
    double inside = Math.clamp(p, 0.001, 0.999);
    return StrictMath.log(inside / (1 - inside));
  }

  private static double sigmoid(double z) {
    return 1 / (1 + StrictMath.exp(-z));
  }
}
