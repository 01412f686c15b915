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
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How the validation documents are answered before calibration: what thresholds and calibration are
 * chosen on. Documents whose subjects are not known, or that say nothing to the classifier, are
 * left out.
 *
 * @param documents the documents, in their order
 */
record ValidationRanking(List<Ranked> documents) {

  /**
   * The best ranked labels of a document.
   *
   * @param labels which labels, the best first
   * @param margins their raw scores
   * @param truth the labels that the document has
   */
  record Ranked(int[] labels, float[] margins, int[] truth) {

    /** Whether the document has the label at a rank. */
    boolean right(int rank) {
      for (int label : truth) {
        if (label == labels[rank]) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * The answers to {@code data}'s validation part.
   *
   * @param length how many labels of a document are kept
   */
  static ValidationRanking of(
      Scorer scorer, TrainingData data, int length, TrainingContext context) {
    var batches = new ConcurrentSkipListMap<Integer, List<Ranked>>();
    var done = new AtomicInteger();
    BatchedWork.run(
        data.validation(),
        BatchedWork.DOCUMENTS,
        context.threads(),
        context.cancelled(),
        Scores::new,
        (scores, number, batch) -> {
          batches.put(number, rank(scorer, scores, length, batch));
          double share = (double) done.addAndGet(batch.size()) / data.validationSize();
          context.listener().at(Stage.CALIBRATING, Math.min(1, share), null, null);
        });
    return new ValidationRanking(batches.values().stream().flatMap(List::stream).toList());
  }

  private static List<Ranked> rank(Scorer scorer, Scores scores, int length, List<Example> batch) {
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
        Ranking best = scores.best(length);
        documents.add(new Ranked(best.labels(), best.values(), example.labels()));
      }
    }
    return documents;
  }

  int size() {
    return documents.size();
  }
}
