package hu.mtmt.besorol.evaluation;

import java.util.Arrays;
import java.util.List;

/**
 * Whether two classifiers differ in F1 on one subject: the paired randomization test (Noreen 1989;
 * for F1 of two classifiers on the same documents Yeh 2000, "More accurate tests for the
 * statistical significance of result differences"), computed exactly instead of by sampling.
 *
 * <p>If they do not differ, it is a coin's throw which of the two gave which of the two answers to
 * a document. Documents that both answered alike stay as they are. Of the n documents that have the
 * subject and only one of the two found, the first has found x with binomial probability b(x; n,
 * ½), and likewise y of the m documents that do not have it and to which only one answered it. All
 * (n + 1)(m + 1) outcomes can be gone through, so the p-value has no error of sampling and is as
 * small as the data allow: what control of false discoveries over thousands of subjects needs.
 *
 * @param documents that have the subject
 * @param bothRight of them, those to which both answered it
 * @param rightOfFirst of them, those to which only the first did
 * @param rightOfSecond of them, those to which only the second did
 * @param bothWrong documents without the subject to which both answered it
 * @param wrongOfFirst to which only the first did
 * @param wrongOfSecond to which only the second did
 */
record SubjectTest(
    int documents,
    int bothRight,
    int rightOfFirst,
    int rightOfSecond,
    int bothWrong,
    int wrongOfFirst,
    int wrongOfSecond) {
  /** Differences that are equal but for rounding. */
  private static final double ROUNDING = 1e-12;

  private static final double LOG_OF_2 = StrictMath.log(2);

  /**
   * Whether chance could have made any difference in F1; else there is nothing to test. F1 is 0
   * whatever is answered if no document has the subject, or if nobody found one.
   */
  boolean canDiffer() {
    return bothRight + rightOfFirst + rightOfSecond > 0
        && rightOfFirst + rightOfSecond + wrongOfFirst + wrongOfSecond > 0;
  }

  /** F1 of the first minus F1 of the second. */
  double difference() {
    return difference(rightOfFirst, wrongOfFirst);
  }

  double f1OfFirst() {
    return f1(rightOfFirst, wrongOfFirst);
  }

  double f1OfSecond() {
    return f1(rightOfSecond, wrongOfSecond);
  }

  /** Probability, above 0, of a difference as large in either direction if it is all chance. */
  double pValue() {
    double observed = Math.abs(difference()) - ROUNDING;
    var right = halves(rightOfFirst + rightOfSecond);
    var wrong = halves(wrongOfFirst + wrongOfSecond);
    double p = 0;
    for (int x = 0; x < right.length; x++) {
      for (int y = 0; y < wrong.length; y++) {
        if (Math.abs(difference(x, y)) >= observed) {
          p += right[x] * wrong[y];
        }
      }
    }
    return Math.clamp(p, Double.MIN_NORMAL, 1);
  }

  /** The difference if the first had found x and wrongly answered y of the documents in dispute. */
  private double difference(int x, int y) {
    return f1(x, y) - f1(rightOfFirst + rightOfSecond - x, wrongOfFirst + wrongOfSecond - y);
  }

  private double f1(int right, int wrong) {
    double found = bothRight + right;
    return Formula.share(2 * found, documents + found + bothWrong + wrong);
  }

  /** Probabilities of 0 to n successes in n throws of a coin. */
  private static double[] halves(int n) {
    var probabilities = new double[n + 1];
    double log = -n * LOG_OF_2; // the probability itself is too small from 1,075 on
    for (int k = 0; k <= n; k++) {
      probabilities[k] = StrictMath.exp(log);
      log += StrictMath.log((double) (n - k) / (k + 1));
    }
    return probabilities;
  }

  /**
   * The tests of all subjects.
   *
   * @param first answers of one classifier
   * @param second answers of another to the same documents
   * @param subjects how many subjects there are
   * @return by number of the subject
   */
  static SubjectTest[] of(List<Judged> first, List<Judged> second, int subjects) {
    var counts = new int[subjects][7];
    for (int d = 0; d < first.size(); d++) {
      var one = first.get(d);
      var other = second.get(d).answer();
      Arrays.sort(other);
      for (int s : one.truth()) {
        counts[s][0]++;
      }
      for (int s : one.answer()) {
        counts[s][(one.isTrue(s) ? 1 : 4) + (contains(other, s) ? 0 : 1)]++;
      }
      var answerOfOne = one.answer();
      Arrays.sort(answerOfOne);
      for (int s : other) {
        if (!contains(answerOfOne, s)) {
          counts[s][one.isTrue(s) ? 3 : 6]++;
        }
      }
    }
    return Arrays.stream(counts)
        .map(c -> new SubjectTest(c[0], c[1], c[2], c[3], c[4], c[5], c[6]))
        .toArray(SubjectTest[]::new);
  }

  private static boolean contains(int[] ascending, int subject) {
    return Arrays.binarySearch(ascending, subject) >= 0;
  }
}
