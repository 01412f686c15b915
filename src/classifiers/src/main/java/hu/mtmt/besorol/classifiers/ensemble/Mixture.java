package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Ranking;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The weighted mean of the members' calibrated scores (a linear opinion pool). The weights are
 * those that make the truth most probable, found by expectation maximisation, where {@value #PRIOR}
 * observations beforehand speak for equal ones.
 *
 * @param calibrations of the members
 * @param weights of the members; their sum is 1
 */
record Mixture(MemberCalibration[] calibrations, double[] weights) {
  private static final double PRIOR = 50;
  private static final int STEPS = 50;
  private static final int MOST_DOCUMENTS = 20_000;

  /**
   * Learns calibrations and weights.
   *
   * @param rankings of each member for the same documents
   * @param truths labels of each document, ascending
   */
  static Mixture fit(Rankings[] rankings, int[][] truths, int labels) {
    var calibrations =
        Arrays.stream(rankings)
            .map(r -> MemberCalibration.fit(r, truths))
            .toArray(MemberCalibration[]::new);
    var equal = new double[rankings.length];
    Arrays.fill(equal, 1.0 / equal.length);
    var mixture = new Mixture(calibrations, equal);
    return new Mixture(calibrations, mixture.likeliest(rankings, truths, labels));
  }

  private double[] likeliest(Rankings[] rankings, int[][] truths, int labels) {
    var likelihoods = likelihoods(rankings, truths, labels);
    int members = weights.length;
    var current = weights.clone();
    for (int step = 0; step < STEPS; step++) {
      var next = new double[members];
      Arrays.fill(next, PRIOR / members);
      for (int at = 0; at < likelihoods.length; at += members) {
        double sum = 0;
        for (int m = 0; m < members; m++) {
          sum += current[m] * likelihoods[at + m];
        }
        for (int m = 0; m < members; m++) {
          next[m] += current[m] * likelihoods[at + m] / sum;
        }
      }
      double total = PRIOR + (double) likelihoods.length / members;
      for (int m = 0; m < members; m++) {
        current[m] = next[m] / total;
      }
    }
    return current;
  }

  /** How probable each member holds what is true of each candidate. */
  private float[] likelihoods(Rankings[] rankings, int[][] truths, int labels) {
    int members = weights.length;
    int documents = Math.min(truths.length, MOST_DOCUMENTS);
    var candidates = new Candidates(this, labels);
    var likelihoods = new float[documents * members * 16];
    int size = 0;
    for (int i = 0; i < documents; i++) {
      int document = (int) ((long) i * truths.length / documents);
      candidates.of(rankings(rankings, document));
      for (int c = 0; c < candidates.size(); c++) {
        boolean right = Arrays.binarySearch(truths[document], candidates.label(c)) >= 0;
        if (size + members > likelihoods.length) {
          likelihoods = Arrays.copyOf(likelihoods, 2 * likelihoods.length);
        }
        for (int m = 0; m < members; m++) {
          float p = Math.clamp(candidates.probability(m, c), 1e-4f, 1 - 1e-4f);
          likelihoods[size++] = right ? p : 1 - p;
        }
      }
    }
    return Arrays.copyOf(likelihoods, size);
  }

  /** How every member ranks a document. */
  static Ranking[] rankings(Rankings[] rankings, int document) {
    return Arrays.stream(rankings).map(r -> r.get(document)).toArray(Ranking[]::new);
  }

  int members() {
    return weights.length;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(weights.length);
    for (int m = 0; m < weights.length; m++) {
      calibrations[m].write(out);
      out.writeDouble(weights[m]);
    }
  }

  static Mixture read(DataInputStream in) throws IOException {
    int members = in.readInt();
    if (members < 1 || members > 1024) {
      throw new IOException("a mixture of %d members".formatted(members));
    }
    var mixture = new Mixture(new MemberCalibration[members], new double[members]);
    for (int m = 0; m < members; m++) {
      mixture.calibrations[m] = MemberCalibration.read(in);
      mixture.weights[m] = in.readDouble();
    }
    return mixture;
  }

  /** The member that counts most. */
  int weightiest() {
    return IntStream.range(0, weights.length).reduce(0, (a, b) -> weights[b] > weights[a] ? b : a);
  }
}
