package hu.mtmt.besorol.classifiers.labelmatch;

import hu.mtmt.besorol.classifiers.ClassifierFamily;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.contract.LabelMatchParameters;
import java.io.IOException;

/** The family {@code LabelMatch}: subjects found by their names in the text. */
public final class LabelMatchFamily implements ClassifierFamily<LabelMatchParameters> {

  @Override
  public void train(
      LabelMatchParameters parameters, TrainingSet set, TrainingContext context, ModelFiles files) {
    try {
      var survey = Survey.of(set);
      var file = files.path(LabelIndex.FILE);
      LabelIndexBuilder.write(
          file,
          files.labels().target(),
          parameters.descriptions(),
          survey.languages(),
          files.defaultLanguage());
      var index = LabelIndex.map(file);
      new WeightLearner(index, set, context)
          .learn(parameters, survey)
          .write(files.path(LabelWeights.FILE));
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  @Override
  public Scorer load(LabelMatchParameters parameters, ModelFiles files) {
    try {
      var index = LabelIndex.map(files.path(LabelIndex.FILE));
      var weights = LabelWeights.read(files.path(LabelWeights.FILE));
      if (weights.rarities().length != index.words()
          || weights.pasts().length != LabelWeights.PAST * files.labels().size()
          || weights.coefficients().length != LabelWeights.VARIABLES) {
        throw new IOException(
            "%s and %s do not belong together".formatted(LabelIndex.FILE, LabelWeights.FILE));
      }
      return new LabelMatchScorer(index, weights, files.labels(), files.defaultLanguage());
    } catch (IOException e) {
      throw files.unreadable(e);
    }
  }
}
