package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingData;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The margins of the validation documents, in their order: what thresholds and calibration are
 * chosen on. Documents whose subjects are not known, or that have no known n-gram, are left out.
 *
 * @param rows margins of every label, by document
 * @param truths true labels of each document, ascending
 */
record ValidationMargins(List<float[]> rows, List<int[]> truths) {
  /** Most margins that are kept, 128 MB; of more documents every second, third … is used. */
  private static final long MOST_MARGINS = 32_000_000;

  /** The margins of {@code data}'s validation part. */
  static ValidationMargins of(MarginScorer scorer, TrainingData data, TrainingContext context) {
    long step = Math.ceilDiv((long) data.validationSize() * scorer.labels(), MOST_MARGINS);
    var batches = new ConcurrentSkipListMap<Integer, ValidationMargins>();
    var done = new AtomicInteger();
    BatchedWork.run(
        everyOf(data.validation(), step),
        BatchedWork.DOCUMENTS,
        context.threads(),
        context.cancelled(),
        () -> scorer,
        (s, number, batch) -> {
          batches.put(number, of(s, batch));
          double share = (double) step * done.addAndGet(batch.size()) / data.validationSize();
          context.listener().at(Stage.CALIBRATING, Math.min(1, share), null, null);
        });
    var all = new ValidationMargins(new ArrayList<>(), new ArrayList<>());
    for (var batch : batches.values()) {
      all.rows.addAll(batch.rows);
      all.truths.addAll(batch.truths);
    }
    return all;
  }

  private static Stream<Example> everyOf(Stream<Example> examples, long step) {
    var known = examples.filter(e -> e.labels().length > 0);
    if (step <= 1) {
      return known;
    }
    var number = new AtomicLong();
    return known.filter(e -> number.getAndIncrement() % step == 0);
  }

  private static ValidationMargins of(MarginScorer scorer, List<Example> batch) {
    var rows = new ArrayList<float[]>(batch.size());
    var truths = new ArrayList<int[]>(batch.size());
    for (var example : batch) {
      var margins = new float[scorer.labels()];
      if (scorer.margins(example.document(), margins)) {
        rows.add(margins);
        truths.add(example.labels());
      }
    }
    return new ValidationMargins(rows, truths);
  }

  /** The margins of one label. */
  Sigmoid.Column column(int label) {
    var margins = new float[size()];
    var positive = new boolean[size()];
    for (int d = 0; d < margins.length; d++) {
      margins[d] = rows.get(d)[label];
      positive[d] = Arrays.binarySearch(truths.get(d), label) >= 0;
    }
    return new Sigmoid.Column(margins, positive);
  }

  /** How many documents there are. */
  int size() {
    return rows.size();
  }
}
