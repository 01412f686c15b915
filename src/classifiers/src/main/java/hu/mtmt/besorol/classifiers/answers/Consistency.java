package hu.mtmt.besorol.classifiers.answers;

import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.Ranking;
import hu.mtmt.besorol.classifiers.Scores;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes scores keep to the tree: what belongs to a subject belongs to its ancestors too, so an
 * ancestor is never less likely than its descendants.
 */
final class Consistency {
  /** The nearest ancestor of each label that is a label itself, or -1. */
  private final int[] parents;

  Consistency(Labels labels) {
    this.parents = new int[labels.size()];
    var taxonomy = labels.target().taxonomy();
    for (int label = 0; label < parents.length; label++) {
      int subject = taxonomy.parent(labels.subject(label));
      while (subject >= 0 && labels.labelOf(subject) < 0) {
        subject = taxonomy.parent(subject);
      }
      parents[label] = subject < 0 ? -1 : labels.labelOf(subject);
    }
  }

  /** The ranking in which every label's ancestors have at least its score. */
  Ranking raise(Ranking ranking) {
    var raised = new LinkedHashMap<Integer, Float>();
    for (int rank = 0; rank < ranking.size(); rank++) {
      float score = ranking.values()[rank];
      for (int label = ranking.labels()[rank]; label >= 0; label = parents[label]) {
        raised.merge(label, score, Math::max);
      }
    }
    return rank(raised);
  }

  /**
   * The answer in which no label is less likely than {@code least}, as far as there are ancestors:
   * a label that is gives way to its parent, which is right if any of its children is; their
   * chances are taken as independent.
   *
   * @param ranking raised
   * @param decided how many of it, from the front, are the answer
   */
  Ranking backOff(Ranking ranking, int decided, double least) {
    var answer = new LinkedHashMap<Integer, Float>();
    for (int rank = 0; rank < decided; rank++) {
      int label = ranking.labels()[rank];
      float score = ranking.values()[rank];
      while (score < least && parents[label] >= 0) {
        label = parents[label];
        score = any(ranking, label);
      }
      answer.merge(label, score, Math::max);
    }
    return rank(answer);
  }

  /** The chance of a label: its own, or that any of its children is right. */
  private float any(Ranking ranking, int label) {
    double none = 1;
    float own = 0;
    for (int rank = 0; rank < ranking.size(); rank++) {
      if (ranking.labels()[rank] == label) {
        own = ranking.values()[rank];
      } else if (parents[ranking.labels()[rank]] == label) {
        none *= 1 - ranking.values()[rank];
      }
    }
    return Math.max(own, (float) (1 - none));
  }

  private static Ranking rank(Map<Integer, Float> byLabel) {
    var scores = new Scores();
    byLabel.forEach(scores::add);
    return scores.best(byLabel.size());
  }
}
