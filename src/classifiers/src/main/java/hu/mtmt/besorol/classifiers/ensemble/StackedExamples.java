package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Ranking;
import java.util.Arrays;

/**
 * Training documents with what members said of them that had not learnt from them.
 *
 * @param rankings of each member for the documents
 * @param truths labels of each document, ascending
 * @param lengths how many features each document has
 * @param others labels of the training documents that no member was asked about
 */
record StackedExamples(Rankings[] rankings, int[][] truths, int[] lengths, int[][] others) {
  /** Statistics of labels for a document are made without its part of the documents. */
  private static final int PARTS = 5;

  int size() {
    return truths.length;
  }

  /** How every member ranks a document. */
  Ranking[] rankings(int document) {
    return Mixture.rankings(rankings, document);
  }

  int[] truth(int document) {
    return truths[document];
  }

  int length(int document) {
    return lengths[document];
  }

  /** Which of the {@link #statistics} know nothing of a document. */
  int part(int document) {
    return document % PARTS;
  }

  /**
   * Statistics of the labels for each part of the documents, from all documents but those of the
   * part, and, at the end, from all documents.
   */
  LabelStatistics[] statistics(Mixture mixture, int labels) {
    var counters = new LabelStatistics.Counter[PARTS + 1];
    Arrays.setAll(counters, p -> new LabelStatistics.Counter(labels));
    for (var truth : others) {
      for (var counter : counters) {
        counter.document(truth);
      }
    }
    var candidates = new Candidates(mixture, labels);
    for (int i = 0; i < size(); i++) {
      candidates.of(rankings(i));
      for (int p = 0; p <= PARTS; p++) {
        if (p != part(i)) {
          count(truths[i], candidates, counters[p]);
        }
      }
    }
    return Arrays.stream(counters)
        .map(LabelStatistics.Counter::finish)
        .toArray(LabelStatistics[]::new);
  }

  private static void count(int[] truth, Candidates candidates, LabelStatistics.Counter counter) {
    counter.document(truth);
    for (int c = 0; c < candidates.size(); c++) {
      int label = candidates.label(c);
      counter.candidate(label, candidates.mean(c), Arrays.binarySearch(truth, label) >= 0);
    }
  }
}
