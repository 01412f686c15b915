package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.answers.Answering;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import java.io.IOException;
import java.nio.file.Path;

/** Trains a classifier of any family, and chooses how its scores become answers. */
public final class ModelTraining {
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
    try {
      return Answering.choose(algorithm.answers(), scorer, data, context, files).decision();
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  /** Trains a family and loads what it learnt. */
  public static <P extends AlgorithmParameters> Scorer train(
      P parameters, TrainingSet set, TrainingContext context, ModelFiles files) {
    var family = ClassifierFamilies.of(parameters);
    family.train(parameters, set, context, files);
    return family.load(parameters, files);
  }
}
