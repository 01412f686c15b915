package hu.mtmt.besorol.classifiers.answers;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Ranking;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingData;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How the validation documents are answered before calibration: what thresholds and calibration are
 * chosen on. Documents whose subjects are not known, or that have no known n-gram, are left out.
 *
 * @param documents the documents, in their order
 */
record ValidationRanking(List<Ranked> documents) {
  /** How many labels of a document are kept: no answer is longer. */
  static final int LENGTH = 10;

  /**
   * The best ranked labels of a document.
   *
   * @param labels which labels, the best first
   * @param margins their margins
   * @param right whether the document has them
   * @param truths how many labels the document has in all
   */
  record Ranked(int[] labels, float[] margins, boolean[] right, int truths) {}

  /** The answers to {@code data}'s validation part. */
  static ValidationRanking of(Scorer scorer, TrainingData data, TrainingContext context) {
    var batches = new ConcurrentSkipListMap<Integer, List<Ranked>>();
    var done = new AtomicInteger();
    BatchedWork.run(
        data.validation(),
        BatchedWork.DOCUMENTS,
        context.threads(),
        context.cancelled(),
        Scores::new,
        (scores, number, batch) -> {
          batches.put(number, rank(scorer, scores, batch));
          double share = (double) done.addAndGet(batch.size()) / data.validationSize();
          context.listener().at(Stage.CALIBRATING, Math.min(1, share), null, null);
        });
    return new ValidationRanking(batches.values().stream().flatMap(List::stream).toList());
  }

  private static List<Ranked> rank(Scorer scorer, Scores scores, List<Example> batch) {
    var documents = new ArrayList<Ranked>(batch.size());
    for (var example : batch) {
      if (example.labels().length == 0) {
        continue;
      }
      scores.clear();
      try (var query = new Query(example.document())) {
        scorer.score(query, scores);
      }
      if (scores.size() > 0) {
        documents.add(ranked(scores.best(LENGTH), example.labels()));
      }
    }
    return documents;
  }

  private static Ranked ranked(Ranking best, int[] truth) {
    var right = new boolean[best.size()];
    for (int i = 0; i < right.length; i++) {
      right[i] = Arrays.binarySearch(truth, best.labels()[i]) >= 0;
    }
    return new Ranked(best.labels(), best.values(), right, truth.length);
  }

  int size() {
    return documents.size();
  }
}
