package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.answers.Answering;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import java.io.IOException;
import java.nio.file.Path;

/** Trains a classifier of any family, and chooses how its scores become answers. */
public final class ModelTraining {
  /** What a team knows the trained files by. */
  private static final String MODEL = "model";

  private ModelTraining() {}

  /**
   * Trains into a directory.
   *
   * @return how scores become answers, chosen on the validation documents
   * @throws CancelledException if the context asked it to stop; what was finished is in the
   *     checkpoint
   * @throws hu.mtmt.besorol.contract.BesorolException if this cannot be learnt
   */
  public static Decision train(
      Algorithm algorithm, TrainingData data, TrainingContext context, Path directory) {
    var files = new ModelFiles(directory, data.labels(), data.defaultLanguage());
    var scorer = train(algorithm.parameters(), new TrainingSet(data, context), context, files);
    context
        .team()
        .give(MODEL, out -> TravellingFiles.write(directory, TravellingFiles.in(directory), out));
    try {
      return Answering.choose(algorithm.answers(), scorer, data, context, files).decision();
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  /**
   * Does the part of a process that does not lead its team: learns, and scores its share of the
   * validation documents.
   *
   * @param directory gets the trained files
   * @throws CancelledException as {@link #train}
   * @throws hu.mtmt.besorol.contract.BesorolException as {@link #train}
   */
  public static void assist(
      Algorithm algorithm, TrainingData data, TrainingContext context, Path directory) {
    var files = new ModelFiles(directory, data.labels(), data.defaultLanguage());
    var scorer = assist(algorithm.parameters(), new TrainingSet(data, context), context, files);
    Answering.assist(algorithm.answers(), scorer, data, context);
  }

  private static <P extends AlgorithmParameters> Scorer assist(
      P parameters, TrainingSet set, TrainingContext context, ModelFiles files) {
    var family = ClassifierFamilies.of(parameters);
    family.train(parameters, set, context, files);
    context
        .team()
        .take(
            MODEL,
            in -> {
              TravellingFiles.read(files.directory(), in);
              return MODEL;
            });
    return family.load(parameters, files);
  }

  /** Trains a family and loads what it learnt. */
  public static <P extends AlgorithmParameters> Scorer train(
      P parameters, TrainingSet set, TrainingContext context, ModelFiles files) {
    var family = ClassifierFamilies.of(parameters);
    family.train(parameters, set, context, files);
    return family.load(parameters, files);
  }
}
