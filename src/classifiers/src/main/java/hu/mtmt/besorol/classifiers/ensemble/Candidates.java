package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Ranking;
import java.util.Arrays;

/**
 * The labels that some member ranks among its {@value #OF_A_MEMBER} best for a document, and what
 * the members say of them: sorted by the members' weighted mean, the best first. Arrays are used
 * again for every document. Not thread-safe.
 */
final class Candidates {
  /** How many labels of each member come into question. */
  static final int OF_A_MEMBER = 10;

  /** So many candidates stay, however little the members think of them. */
  private static final int ALWAYS = 10;

  /** Of the others those of a smaller mean are left out. */
  private static final float HOPELESS = 0.01f;

  /** Rank of a label that is not among the best of a member. */
  static final int UNRANKED = Rankings.LENGTH;

  private static final float SMALLEST = 1e-6f;

  private final Mixture mixture;
  private final int members;

  /** Place of each label, or −1. */
  private final int[] places;

  private final int[] labels;
  private final int[] ranks;
  private final float[] values;
  private final float[] probabilities;
  private final float[] means;
  private final float[] best;
  private final long[] keys;
  private int[] order;
  private int size;

  /**
   * @param mixture how means are made
   * @param labels how many labels there are in all
   */
  Candidates(Mixture mixture, int labels) {
    this.mixture = mixture;
    this.members = mixture.members();
    int most = Math.min(labels, OF_A_MEMBER * members);
    this.places = new int[labels];
    Arrays.fill(places, -1);
    this.labels = new int[most];
    this.ranks = new int[most * members];
    this.values = new float[most * members];
    this.probabilities = new float[most * members];
    this.means = new float[most];
    this.best = new float[members];
    this.keys = new long[most];
    this.order = new int[most];
  }

  /** Makes these the candidates of a document. */
  void of(Ranking[] rankings) {
    size = 0;
    for (var ranking : rankings) {
      for (int i = 0; i < Math.min(OF_A_MEMBER, ranking.size()); i++) {
        int label = ranking.labels()[i];
        if (places[label] < 0) {
          places[label] = size;
          labels[size++] = label;
        }
      }
    }
    Arrays.fill(ranks, 0, size * members, UNRANKED);
    Arrays.fill(values, 0, size * members, 0);
    Arrays.fill(probabilities, 0, size * members, 0);
    Arrays.fill(means, 0, size, 0);
    for (int m = 0; m < members; m++) {
      collect(rankings[m], m);
    }
    sort();
    for (int c = 0; c < size; c++) {
      places[labels[c]] = -1;
    }
    while (size > ALWAYS && mean(size - 1) < HOPELESS) {
      size--;
    }
  }

  private void collect(Ranking ranking, int member) {
    best[member] = ranking.size() == 0 ? 0 : ranking.values()[0];
    var calibration = mixture.calibrations()[member];
    float weight = (float) mixture.weights()[member];
    // what a member does not rank is at most as good as what it ranks last
    float last = ranking.size() == 0 ? 0 : ranking.values()[ranking.size() - 1];
    for (int c = 0; c < size; c++) {
      values[c * members + member] = last;
    }
    for (int i = 0; i < ranking.size(); i++) {
      int c = places[ranking.labels()[i]];
      if (c >= 0) {
        float p = calibration.probability(ranking, i);
        ranks[c * members + member] = i;
        values[c * members + member] = ranking.values()[i];
        probabilities[c * members + member] = p;
        means[c] += weight * p;
      }
    }
  }

  /** By falling mean, then by label. */
  private void sort() {
    for (int c = 0; c < size; c++) {
      // means are not negative, so their bits are in their order
      keys[c] = (long) ~Float.floatToIntBits(means[c]) << Integer.SIZE | labels[c];
    }
    Arrays.sort(keys, 0, size);
    for (int i = 0; i < size; i++) {
      order[i] = places[(int) keys[i]];
    }
  }

  int size() {
    return size;
  }

  int members() {
    return members;
  }

  /** Label of candidate {@code i}. */
  int label(int i) {
    return labels[order[i]];
  }

  /** Rank from 0 by a member, or {@link #UNRANKED}. */
  int rank(int member, int i) {
    return ranks[order[i] * members + member];
  }

  /** Raw score by a member; its smallest one where it does not rank it. */
  float value(int member, int i) {
    return values[order[i] * members + member];
  }

  /** Largest raw score by a member. */
  float best(int member) {
    return best[member];
  }

  /** Calibrated score by a member, 0 where it does not rank it. */
  float probability(int member, int i) {
    return probabilities[order[i] * members + member];
  }

  /** Weighted mean of the calibrated scores. */
  float mean(int i) {
    return means[order[i]];
  }

  /** The logit of {@link #mean}. */
  float logit(int i) {
    float p = Math.clamp(mean(i), SMALLEST, 1 - SMALLEST);
    return (float) Math.log(p / (1 - p));
  }
}
