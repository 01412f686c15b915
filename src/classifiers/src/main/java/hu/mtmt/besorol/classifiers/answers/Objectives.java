package hu.mtmt.besorol.classifiers.answers;

import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.contract.AnswerParameters.Objective;

/** Counts answers as they come, and says what they are worth by an objective. */
abstract sealed class Objectives {

  /**
   * One more answer.
   *
   * @param label what was answered
   * @param right 1 if the document has it, 0 if not; or how probable that is
   * @param near whether the document has a sibling of it
   */
  abstract void answered(int label, double right, boolean near);

  /** The F1 of what was answered so far. */
  abstract double value();

  /**
   * An empty count.
   *
   * @param truths how many documents have each label
   */
  static Objectives of(Objective objective, int[] truths) {
    return switch (objective) {
      case STRICT_F1 -> new Micro(truths, 0);
      case LENIENT_F1 -> new Micro(truths, 0.5);
      case MACRO_F1 -> new Macro(truths);
    };
  }

  /** Whether {@code truth} has a sibling of a label, but not the label. */
  static boolean near(Labels labels, int label, int[] truth) {
    var taxonomy = labels.target().taxonomy();
    boolean near = false;
    for (int t : truth) {
      if (t == label) {
        return false;
      }
      near |= taxonomy.siblings(labels.subject(t), labels.subject(label));
    }
    return near;
  }

  /** Over all pairs of documents and labels. */
  private static final class Micro extends Objectives {
    private final double nearCounts;
    private final long truths;
    private long answers;
    private double right;
    private long near;

    Micro(int[] truths, double nearCounts) {
      long sum = 0;
      for (int n : truths) {
        sum += n;
      }
      this.truths = sum;
      this.nearCounts = nearCounts;
    }

    @Override
    void answered(int label, double right, boolean near) {
      answers++;
      this.right += right;
      this.near += near ? 1 : 0;
    }

    @Override
    double value() {
      double precision = answers == 0 ? 0 : (right + nearCounts * near) / answers;
      double recall = truths == 0 ? 0 : right / truths;
      return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }
  }

  /** The mean over labels that some document has. */
  private static final class Macro extends Objectives {
    private final int[] truths;
    private final int[] answers;
    private final double[] right;
    private final int labels;
    private double sum;

    Macro(int[] truths) {
      this.truths = truths;
      this.answers = new int[truths.length];
      this.right = new double[truths.length];
      int present = 0;
      for (int n : truths) {
        present += n > 0 ? 1 : 0;
      }
      this.labels = present;
    }

    @Override
    void answered(int label, double isRight, boolean near) {
      if (truths[label] > 0) {
        sum -= f1(label);
      }
      answers[label]++;
      right[label] += isRight;
      if (truths[label] > 0) {
        sum += f1(label);
      }
    }

    private double f1(int label) {
      return 2 * right[label] / (truths[label] + answers[label]);
    }

    @Override
    double value() {
      return labels == 0 ? 0 : sum / labels;
    }
  }
}
