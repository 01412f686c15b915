package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.answers.Answering;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.AnswerParameters;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import hu.mtmt.besorol.contract.Reason;
import hu.mtmt.besorol.corpus.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A family trained on a {@link ToyCorpus} into a directory and loaded again. */
public record FamilyTrial(
    Path directory, Decision decision, Scorer scorer, Answering answering, int labels) {

  /** Trains and loads. */
  public static FamilyTrial train(
      AlgorithmParameters parameters, ToyCorpus corpus, TrainingContext context, Path scratch) {
    try {
      var directory = Files.createTempDirectory(scratch, "model");
      var decision = ModelTraining.train(Algorithm.of(parameters), corpus, context, directory);
      return load(parameters, corpus, directory, decision);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads what was trained. */
  public static FamilyTrial load(
      AlgorithmParameters parameters, ToyCorpus corpus, Path directory, Decision decision) {
    var files = new ModelFiles(directory, corpus.labels(), "en");
    try {
      var scorer = ClassifierFamilies.of(parameters).load(parameters, files);
      int labels = corpus.labels().size();
      return new FamilyTrial(
          directory,
          decision,
          scorer,
          Answering.read(ContractJson.defaults(AnswerParameters.class), files, decision),
          labels);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A context without checkpoints that is never cancelled. */
  public static TrainingContext context(int threads) {
    return context(1, threads, null);
  }

  /** A context that is never cancelled. */
  public static TrainingContext context(int seed, int threads, Path checkpoints) {
    return new TrainingContext(
        seed, threads, checkpoints, null, () -> false, (stage, share, epoch, loss) -> {});
  }

  /** Parameters as they stand in a plan. */
  public static <P extends Record> P parameters(Class<P> type, String json) {
    return ContractJson.readPart(json.getBytes(StandardCharsets.UTF_8), type, "parameters");
  }

  /** Raw scores of the labels that come into question. */
  public Map<Integer, Float> scores(Document document) {
    var scores = new Scores();
    try (var query = new Query(document)) {
      scorer.score(query, scores);
    }
    var byLabel = new TreeMap<Integer, Float>();
    for (int i = 0; i < scores.size(); i++) {
      if (byLabel.put(scores.label(i), scores.value(i)) != null) {
        throw new AssertionError("label " + scores.label(i) + " has two scores");
      }
    }
    return byLabel;
  }

  public List<Reason> explain(Document document, int label, int limit) {
    try (var query = new Query(document)) {
      return scorer.explain(query, label, limit);
    }
  }

  /** Micro F1 of the answers as they were chosen. */
  public double strictF1(List<Example> examples) {
    int hits = 0;
    int answered = 0;
    int truths = 0;
    for (var example : examples) {
      var scores = new Scores();
      try (var query = new Query(example.document())) {
        scorer.score(query, scores);
      }
      var answer = answering.answer(scores, labels);
      truths += example.labels().length;
      int longest = Math.min(decision.maximumSubjects(), answer.labels().length);
      for (int rank = 0; rank < longest; rank++) {
        if (rank < decision.minimumSubjects() || answer.scores()[rank] >= decision.threshold()) {
          answered++;
          hits += Arrays.binarySearch(example.labels(), answer.labels()[rank]) >= 0 ? 1 : 0;
        }
      }
    }
    return 2.0 * hits / (answered + truths);
  }

  /** The digests of all files by name. */
  public Map<String, Digest> digests() {
    var digests = new TreeMap<String, Digest>();
    try (var files = Files.newDirectoryStream(directory)) {
      for (var file : files) {
        digests.put(file.getFileName().toString(), Digest.of(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digests;
  }
}
