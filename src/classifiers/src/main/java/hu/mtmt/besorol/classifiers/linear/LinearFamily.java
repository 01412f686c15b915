package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.Classifier;
import hu.mtmt.besorol.classifiers.ClassifierFamily;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingData;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.classifiers.text.Vocabulary;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The family {@code Linear}: one linear classifier per subject, one versus rest. */
public final class LinearFamily implements ClassifierFamily<LinearParameters> {

  @Override
  public Decision train(
      LinearParameters parameters, TrainingData data, TrainingContext context, Path directory) {
    int labels = data.labels().size();
    if (labels > Weights.MAXIMUM_LABELS) {
      throw BesorolException.plan(
          "Linear learns at most %d subjects, not %d: set a lower level of the taxonomy."
              .formatted(Weights.MAXIMUM_LABELS, labels));
    }
    try {
      var vectors = learnVectors(parameters, data, context);
      vectors.vocabulary().write(directory.resolve(Vocabulary.FILE));
      var positives = positives(vectors, labels);
      var groups = new OneVersusRest(parameters, vectors, positives, context).train();
      Weights.write(directory.resolve(Weights.FILE), groups, labels, vectors.features());
      return calibrate(parameters, data, context, directory);
    } catch (IOException e) {
      throw BesorolException.machine(
          "The model cannot be written to %s (%s): check that the disk is not full and can be written."
              .formatted(directory, e),
          e);
    }
  }

  private static DocumentVectors learnVectors(
      LinearParameters parameters, TrainingData data, TrainingContext context) {
    var vectors =
        DocumentVectors.learn(
            data.training().filter(e -> e.labels().length > 0),
            parameters.features(),
            data.defaultLanguage(),
            context.threads(),
            context.cancelled(),
            read ->
                context
                    .listener()
                    .at(
                        Stage.FEATURES,
                        Math.min(1, (double) read / data.trainingSize()),
                        null,
                        null));
    if (vectors.size() == 0) {
      throw BesorolException.data(
          "There are no training documents with subjects: give a file that has some.");
    }
    if (vectors.features() == 0) {
      throw BesorolException.data(
          "No word of the %d training documents can become a feature: they need text, and features.minimumDocuments (%d) and features.maximumDocumentShare (%s) must leave some words."
              .formatted(
                  vectors.size(),
                  parameters.features().minimumDocuments(),
                  parameters.features().maximumDocumentShare()));
    }
    return vectors;
  }

  /** How many training documents each label has. */
  private static int[] positives(DocumentVectors vectors, int labels) {
    var positives = new int[labels];
    for (int b = 0; b < vectors.blocks(); b++) {
      for (var labelsOfDocument : vectors.block(b).labels()) {
        for (int label : labelsOfDocument) {
          positives[label]++;
        }
      }
    }
    long present = Arrays.stream(positives).filter(p -> p > 0).count();
    if (present < 2) {
      throw BesorolException.data(
          "The training documents have %s: a classifier needs at least two subjects to tell apart."
              .formatted(present == 0 ? "no subject" : "only one subject"));
    }
    return positives;
  }

  private static Decision calibrate(
      LinearParameters parameters, TrainingData data, TrainingContext context, Path directory)
      throws IOException {
    var scorer = scorer(parameters, directory, data.defaultLanguage());
    var ranking = ValidationRanking.of(scorer, data, context);
    var calibration = Calibration.fit(ranking);
    calibration.write(directory.resolve(Calibration.FILE));
    return DecisionChooser.choose(ranking, calibration);
  }

  @Override
  public Classifier load(
      LinearParameters parameters, Path directory, int labels, String defaultLanguage) {
    try {
      var scorer = scorer(parameters, directory, defaultLanguage);
      var calibration = Calibration.read(directory.resolve(Calibration.FILE));
      if (scorer.labels() != labels) {
        throw new IOException(
            "%s has %d subjects, the manifest %d".formatted(Weights.FILE, scorer.labels(), labels));
      }
      return new LinearClassifier(scorer, calibration);
    } catch (IOException e) {
      throw BesorolException.data(
          "The model in %s cannot be loaded: %s.".formatted(directory, e.getMessage()));
    }
  }

  private static MarginScorer scorer(
      LinearParameters parameters, Path directory, String defaultLanguage) throws IOException {
    var vocabulary = Vocabulary.map(directory.resolve(Vocabulary.FILE));
    var weights = Weights.map(directory.resolve(Weights.FILE));
    if (vocabulary.size() != weights.features()) {
      throw new IOException(
          "%s has %d features, %s %d"
              .formatted(Vocabulary.FILE, vocabulary.size(), Weights.FILE, weights.features()));
    }
    return new MarginScorer(parameters.features(), defaultLanguage, vocabulary, weights);
  }
}
