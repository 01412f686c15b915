package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Ranking;
import hu.mtmt.besorol.classifiers.answers.LogisticRegression;
import hu.mtmt.besorol.classifiers.answers.LogisticRegression.Observation;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * Makes scores of different members comparable: the logit of a label is
 *
 * <pre>score · v/σ + best · b/σ + rank · ln(1 + r) + intercept</pre>
 *
 * where v is its raw score, b the best raw score of the document, r its rank from 0 and σ the
 * standard deviation of raw scores. Not learning anything of single labels, it is fitted well by
 * few documents.
 */
record MemberCalibration(double score, double best, double rank, double intercept) {
  /** With fewer documents nothing is fitted. */
  private static final int FEWEST_DOCUMENTS = 20;

  /** So many documents are enough, and more would only take time. */
  private static final int MOST_DOCUMENTS = 20_000;

  private static final int RANKS = 10;

  /** A score of 0 is undecided, ±1 rather sure. */
  private static final MemberCalibration PRIOR = new MemberCalibration(2, 0, 0, 0);

  private static final double PRECISION = 0.01;
  private static final double[] LOGARITHMS = new double[Rankings.LENGTH];

  static {
    for (int rank = 0; rank < LOGARITHMS.length; rank++) {
      LOGARITHMS[rank] = StrictMath.log(1 + rank);
    }
  }

  /**
   * Fits a member's scores to the truth.
   *
   * @param truths labels of each document, ascending
   */
  static MemberCalibration fit(Rankings rankings, int[][] truths) {
    if (truths.length < FEWEST_DOCUMENTS) {
      return PRIOR;
    }
    int documents = Math.min(truths.length, MOST_DOCUMENTS);
    double unit = deviation(rankings, documents);
    if (unit == 0) {
      return PRIOR;
    }
    var observations = new ArrayList<Observation>(documents * RANKS);
    for (int i = 0; i < documents; i++) {
      int document = (int) ((long) i * truths.length / documents);
      var ranking = rankings.get(document);
      for (int rank = 0; rank < Math.min(RANKS, ranking.size()); rank++) {
        var variables =
            new double[] {
              ranking.values()[rank] / unit, ranking.values()[0] / unit, LOGARITHMS[rank], 1
            };
        observations.add(
            new Observation(
                variables, Arrays.binarySearch(truths[document], ranking.labels()[rank]) >= 0));
      }
    }
    var c = LogisticRegression.fit(observations, new double[] {1, 0, 0, 0}, PRECISION);
    return new MemberCalibration(c[0] / unit, c[1] / unit, c[2], c[3]);
  }

  private static double deviation(Rankings rankings, int documents) {
    double sum = 0;
    double squares = 0;
    long count = 0;
    for (int i = 0; i < documents; i++) {
      int document = (int) ((long) i * rankings.documents() / documents);
      var values = rankings.get(document).values();
      for (int rank = 0; rank < Math.min(RANKS, values.length); rank++) {
        sum += values[rank];
        squares += (double) values[rank] * values[rank];
        count++;
      }
    }
    return count == 0 ? 0 : Math.sqrt(Math.max(0, squares / count - sum / count * (sum / count)));
  }

  /** The probability of the label at a rank. */
  float probability(Ranking ranking, int at) {
    double z =
        score * ranking.values()[at]
            + best * ranking.values()[0]
            + rank * LOGARITHMS[at]
            + intercept;
    return (float) (1 / (1 + Math.exp(-z)));
  }

  void write(DataOutputStream out) throws IOException {
    out.writeDouble(score);
    out.writeDouble(best);
    out.writeDouble(rank);
    out.writeDouble(intercept);
  }

  static MemberCalibration read(DataInputStream in) throws IOException {
    return new MemberCalibration(
        in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble());
  }
}
