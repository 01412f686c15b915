package hu.mtmt.besorol.classifiers.answers;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Packed;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Ranking;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingData;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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
  private static final String VALIDATION = "validation-";

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
    var team = context.team();
    var batches = batches(scorer, data, length, context);
    for (int rank = 1; rank < team.size(); rank++) {
      batches.putAll(team.take(VALIDATION + rank, ValidationRanking::read));
    }
    return new ValidationRanking(batches.values().stream().flatMap(List::stream).toList());
  }

  /** Gives the share of a process that does not lead its team. */
  static void give(Scorer scorer, TrainingData data, int length, TrainingContext context) {
    var batches = batches(scorer, data, length, context);
    context.team().give(VALIDATION + context.team().rank(), out -> write(batches, out));
  }

  /** The share of this process: batches take turns. */
  private static SortedMap<Integer, List<Ranked>> batches(
      Scorer scorer, TrainingData data, int length, TrainingContext context) {
    var team = context.team();
    var batches = new ConcurrentSkipListMap<Integer, List<Ranked>>();
    var done = new AtomicInteger();
    BatchedWork.run(
        data.validation(document -> team.takesTurn(document / BatchedWork.DOCUMENTS)),
        BatchedWork.DOCUMENTS,
        context.threads(),
        context.cancelled(),
        Scores::new,
        (scores, number, batch) -> {
          batches.put(number * team.size() + team.rank(), rank(scorer, scores, length, batch));
          int all = done.addAndGet(batch.size()) * team.size();
          double share = (double) all / data.validationSize();
          context.listener().at(Stage.CALIBRATING, Math.min(1, share), null, null);
        });
    return batches;
  }

  private static void write(SortedMap<Integer, List<Ranked>> batches, DataOutputStream out)
      throws IOException {
    out.writeInt(batches.size());
    for (var batch : batches.entrySet()) {
      out.writeInt(batch.getKey());
      out.writeInt(batch.getValue().size());
      for (var document : batch.getValue()) {
        Packed.write(out, document.labels);
        Packed.write(out, document.margins);
        Packed.write(out, document.truth);
      }
    }
  }

  private static SortedMap<Integer, List<Ranked>> read(DataInputStream in) throws IOException {
    var batches = new TreeMap<Integer, List<Ranked>>();
    for (int left = in.readInt(); left > 0; left--) {
      var documents = new ArrayList<Ranked>();
      batches.put(in.readInt(), documents);
      for (int more = in.readInt(); more > 0; more--) {
        documents.add(new Ranked(Packed.ints(in), Packed.floats(in), Packed.ints(in)));
      }
    }
    return batches;
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
