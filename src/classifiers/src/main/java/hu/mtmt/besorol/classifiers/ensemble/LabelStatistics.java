package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Labels;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * What is known of labels beside any document: how many documents have them, how often they come
 * together, and how far the members' mean is off.
 */
final class LabelStatistics {
  /** So many documents speak beforehand for labels that do not come together. */
  private static final float SMOOTHING = 3;

  /** So many candidates speak beforehand for a mean that is right. */
  private static final float RESIDUAL_SMOOTHING = 20;

  private final int documents;

  /** Documents of each label. */
  private final int[] counts;

  /** Other labels of the documents of each label, summed. */
  private final int[] companies;

  private final int[] starts;
  private final int[] companions;
  private final int[] together;
  private final float[] residuals;

  private LabelStatistics(
      int documents,
      int[] counts,
      int[] companies,
      int[] starts,
      int[] companions,
      int[] together,
      float[] residuals) {
    this.documents = documents;
    this.counts = counts;
    this.companies = companies;
    this.starts = starts;
    this.companions = companions;
    this.together = together;
    this.residuals = residuals;
  }

  /** Counts labels, documents one by one. */
  static final class Counter {
    private final int labels;
    private final int[] counts;
    private final int[] companies;
    private final float[] residuals;
    private final int[] candidates;
    private long[] pairs = new long[1024];
    private int size;
    private int documents;

    Counter(int labels) {
      this.labels = labels;
      this.counts = new int[labels];
      this.companies = new int[labels];
      this.residuals = new float[labels];
      this.candidates = new int[labels];
    }

    /** A document's labels. */
    void document(int[] truth) {
      documents++;
      for (int label : truth) {
        counts[label]++;
        companies[label] += truth.length - 1;
        for (int other : truth) {
          if (other != label) {
            if (size == pairs.length) {
              pairs = Arrays.copyOf(pairs, 2 * size);
            }
            pairs[size++] = (long) label << Integer.SIZE | other;
          }
        }
      }
    }

    /** A candidate of a document: what the mean said, and whether it was right. */
    void candidate(int label, float mean, boolean right) {
      residuals[label] += (right ? 1 : 0) - mean;
      candidates[label]++;
    }

    LabelStatistics finish() {
      Arrays.sort(pairs, 0, size);
      var starts = new int[labels + 1];
      var companions = new int[size];
      var together = new int[size];
      int different = 0;
      for (int i = 0; i < size; i++) {
        if (i == 0 || pairs[i] != pairs[i - 1]) {
          companions[different] = (int) pairs[i];
          starts[(int) (pairs[i] >>> Integer.SIZE) + 1]++;
          different++;
        }
        together[different - 1]++;
      }
      for (int label = 0; label < labels; label++) {
        starts[label + 1] += starts[label];
      }
      for (int label = 0; label < labels; label++) {
        residuals[label] /= candidates[label] + RESIDUAL_SMOOTHING;
      }
      return new LabelStatistics(
          documents,
          counts,
          companies,
          starts,
          Arrays.copyOf(companions, different),
          Arrays.copyOf(together, different),
          residuals);
    }
  }

  /** Logarithm of a label's share of the documents. */
  float logShare(int label) {
    return (float) StrictMath.log((counts[label] + 0.5) / (documents + 1.0));
  }

  /** How many other labels a document with this label has on average. */
  float company(int label) {
    return companies[label] / (counts[label] + 1f);
  }

  /** What the mean says too little about a label on average. */
  float residual(int label) {
    return residuals[label];
  }

  /** P(label | given): the share of documents with {@code given} that have {@code label} too. */
  float probability(int label, int given) {
    int at = Arrays.binarySearch(companions, starts[given], starts[given + 1], label);
    float prior = SMOOTHING * counts[label] / (documents + 1f);
    return ((at < 0 ? 0 : together[at]) + prior) / (counts[given] + SMOOTHING);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(documents);
    out.writeInt(counts.length);
    for (int label = 0; label < counts.length; label++) {
      out.writeInt(counts[label]);
      out.writeInt(companies[label]);
      out.writeFloat(residuals[label]);
      out.writeInt(starts[label + 1] - starts[label]);
      for (int i = starts[label]; i < starts[label + 1]; i++) {
        out.writeInt(companions[i]);
        out.writeInt(together[i]);
      }
    }
  }

  static LabelStatistics read(DataInputStream in, Labels known) throws IOException {
    int documents = in.readInt();
    int labels = in.readInt();
    if (labels != known.size()) {
      throw new IOException(
          "statistics of %d subjects, the package has %d".formatted(labels, known.size()));
    }
    var counts = new int[labels];
    var companies = new int[labels];
    var residuals = new float[labels];
    var starts = new int[labels + 1];
    var companions = new int[1024];
    var together = new int[1024];
    for (int label = 0; label < labels; label++) {
      counts[label] = in.readInt();
      companies[label] = in.readInt();
      residuals[label] = in.readFloat();
      int size = in.readInt();
      if (size < 0 || size >= labels) {
        throw new IOException("a subject that comes together with %d others".formatted(size));
      }
      starts[label + 1] = starts[label] + size;
      if (starts[label + 1] > companions.length) {
        int length = Math.max(starts[label + 1], 2 * companions.length);
        companions = Arrays.copyOf(companions, length);
        together = Arrays.copyOf(together, length);
      }
      for (int i = starts[label]; i < starts[label + 1]; i++) {
        companions[i] = in.readInt();
        together[i] = in.readInt();
      }
    }
    int end = starts[labels];
    return new LabelStatistics(
        documents,
        counts,
        companies,
        starts,
        Arrays.copyOf(companions, end),
        Arrays.copyOf(together, end),
        residuals);
  }
}
