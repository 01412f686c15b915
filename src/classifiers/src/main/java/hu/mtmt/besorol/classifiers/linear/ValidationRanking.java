package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Ranking;
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
   * @param margins their margins, the best first
   * @param right whether the document has them
   * @param truths how many labels the document has in all
   */
  record Ranked(float[] margins, boolean[] right, int truths) {}

  /** The answers to {@code data}'s validation part. */
  static ValidationRanking of(MarginScorer scorer, TrainingData data, TrainingContext context) {
    var batches = new ConcurrentSkipListMap<Integer, List<Ranked>>();
    var done = new AtomicInteger();
    BatchedWork.run(
        data.validation(),
        BatchedWork.DOCUMENTS,
        context.threads(),
        context.cancelled(),
        () -> new float[scorer.labels()],
        (margins, number, batch) -> {
          batches.put(number, rank(scorer, margins, batch));
          double share = (double) done.addAndGet(batch.size()) / data.validationSize();
          context.listener().at(Stage.CALIBRATING, Math.min(1, share), null, null);
        });
    return new ValidationRanking(batches.values().stream().flatMap(List::stream).toList());
  }

  private static List<Ranked> rank(MarginScorer scorer, float[] margins, List<Example> batch) {
    var documents = new ArrayList<Ranked>(batch.size());
    for (var example : batch) {
      if (example.labels().length > 0 && scorer.margins(example.document(), margins)) {
        var best = Ranking.best(margins, LENGTH);
        var ranked =
            new Ranked(new float[best.length], new boolean[best.length], example.labels().length);
        for (int i = 0; i < best.length; i++) {
          ranked.margins[i] = margins[best[i]];
          ranked.right[i] = Arrays.binarySearch(example.labels(), best[i]) >= 0;
        }
        documents.add(ranked);
      }
    }
    return documents;
  }

  int size() {
    return documents.size();
  }
}
