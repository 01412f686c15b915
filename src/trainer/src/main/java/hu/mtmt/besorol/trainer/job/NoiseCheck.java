package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.ModelTraining;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.evaluation.ConfidentLearning;
import hu.mtmt.besorol.evaluation.ConfidentLearning.Suspect;
import hu.mtmt.besorol.trainer.data.CheckedTrainingData;
import hu.mtmt.besorol.trainer.data.TemporaryDirectory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds documents whose subjects are probably wrong: {@value #FOLDS} logistic regressions score the
 * documents that they have not seen, and {@link ConfidentLearning} looks at what they say.
 * Documents of the same text are not seen either.
 */
public final class NoiseCheck {
  private static final int FOLDS = 5;

  /** Logistic regression, whose scores are probabilities without a calibration. */
  private static final String PARAMETERS =
      """
      {"loss": "Logistic", "cost": "10", "features": {"words": {"minimum": 1, "maximum": 1}}}\
      """;

  private final CheckedTrainingData data;
  private final TrainingContext context;

  public NoiseCheck(CheckedTrainingData data, TrainingContext context) {
    this.data = data;
    this.context = context;
  }

  /**
   * Trains and looks.
   *
   * @return the documents that are suspected, numbered as {@code data} has them, the most suspected
   *     first
   * @throws CancelledException if the context asked to stop
   */
  public List<Suspect> run() {
    var parameters =
        ContractJson.readPart(
            PARAMETERS.getBytes(StandardCharsets.UTF_8), LinearParameters.class, "parameters");
    var set = new TrainingSet(data, context);
    var learning = new ConfidentLearning(data.labels().size());
    for (int fold = 0; fold < FOLDS; fold++) {
      var held = documents(fold, true);
      if (held.length > 0 && held.length < data.trainingSize()) {
        score(parameters, set, fold, held, learning);
      }
    }
    return learning.suspects();
  }

  private int[] documents(int fold, boolean held) {
    return IntStream.range(0, data.trainingSize())
        .filter(
            document ->
                (Math.floorMod(data.places().get(document).identity() ^ context.seed(), FOLDS)
                        == fold)
                    == held)
        .toArray();
  }

  private void score(
      LinearParameters parameters,
      TrainingSet set,
      int fold,
      int[] held,
      ConfidentLearning learning) {
    var remedy = "check the free space of " + System.getProperty("java.io.tmpdir");
    try (var directory = TemporaryDirectory.make("besorol-data-check-", remedy)) {
      var files = new ModelFiles(directory.path(), data.labels(), data.defaultLanguage());
      var scorer =
          ModelTraining.train(parameters, set.part(documents(fold, false)), ofFold(fold), files);
      try (var documents = set.part(held).documents()) {
        var next = new int[1];
        OrderedWork.run(
            documents.iterator(),
            context.threads(),
            example -> new Answered(example.labels(), probabilities(scorer, example.document())),
            (answered, last) ->
                learning.add(held[next[0]++], answered.labels(), answered.probabilities()));
      }
    }
  }

  private record Answered(int[] labels, float[] probabilities) {}

  private TrainingContext ofFold(int fold) {
    return context.part(
        "fold-" + fold,
        context.threads(),
        (stage, share, epoch, loss) -> {
          if (stage == Stage.TRAINING) {
            context.listener().at(stage, (fold + share) / FOLDS, null, null);
          }
        });
  }

  private float[] probabilities(Scorer scorer, Document document) {
    if (context.cancelled().getAsBoolean()) {
      throw new CancelledException();
    }
    var scores = new Scores();
    try (var query = new Query(document)) {
      scorer.score(query, scores);
    }
    var probabilities = new float[data.labels().size()];
    for (int i = 0; i < scores.size(); i++) {
      probabilities[scores.label(i)] = (float) (1 / (1 + StrictMath.exp(-scores.value(i))));
    }
    return probabilities;
  }
}
