package hu.mtmt.besorol.classifiers.answers;

import io.fabric8.generator.annotation.Required;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Isotonic calibration (Zadrozny and Elkan 2002, "Transforming classifier scores into accurate
 * multiclass probability estimates"): the rising function of the score that is nearest to the
 * truth, found by pooling adjacent violators, and straight between the middles of its steps.
 *
 * @param scores the middles of the steps, ascending
 * @param shares the share of right labels of each step, rising
 */
record Isotonic(@Required List<Double> scores, @Required List<Double> shares) {

  Isotonic {
    scores = List.copyOf(scores);
    shares = List.copyOf(shares);
  }

  /** Leaves scores as they are. */
  static final Isotonic NONE = new Isotonic(List.of(), List.of());

  /** A score and whether its label was right. */
  record Observation(double score, boolean right) {}

  /** Fits the function to at least one observation. */
  static Isotonic fit(List<Observation> observations) {
    var sorted =
        observations.stream().sorted(Comparator.comparingDouble(Observation::score)).toList();
    var steps = new ArrayList<Step>();
    for (var o : sorted) {
      var step = new Step(o.score, o.right ? 1 : 0, 1);
      while (!steps.isEmpty() && steps.getLast().share() >= step.share()) {
        step = steps.removeLast().with(step);
      }
      steps.add(step);
    }
    return new Isotonic(
        steps.stream().map(s -> s.scores / s.size).toList(),
        steps.stream().map(Step::share).toList());
  }

  /** Observations that have one value. */
  private record Step(double scores, double right, long size) {
    double share() {
      return right / size;
    }

    Step with(Step next) {
      return new Step(scores + next.scores, right + next.right, size + next.size);
    }
  }

  /** The calibrated score; a score of 0, which is never answered, stays 0. */
  float apply(float score) {
    if (score == 0 || scores.isEmpty()) {
      return score;
    }
    int above = 0;
    while (above < scores.size() && scores.get(above) < score) {
      above++;
    }
    if (above == 0) {
      return shares.getFirst().floatValue();
    }
    if (above == scores.size()) {
      return shares.getLast().floatValue();
    }
    double from = scores.get(above - 1);
    double share = (score - from) / (scores.get(above) - from);
    return (float) (shares.get(above - 1) * (1 - share) + shares.get(above) * share);
  }
}
