package hu.mtmt.besorol.classifiers.trees;

import hu.mtmt.besorol.classifiers.ClassifierFamily;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.DecisionTreeParameters;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.io.IOException;

/** The family {@code DecisionTree}: a classification tree or a random forest. */
public final class DecisionTreeFamily implements ClassifierFamily<DecisionTreeParameters> {
  /**
   * Every decision counts all labels of the documents that it divides: with more it takes too long.
   */
  private static final int MAXIMUM_LABELS = 10_000;

  @Override
  public void train(
      DecisionTreeParameters parameters,
      TrainingSet set,
      TrainingContext context,
      ModelFiles files) {
    int labels = set.labels().size();
    if (labels > MAXIMUM_LABELS) {
      throw BesorolException.plan(
          "DecisionTree learns at most %d subjects, not %d: set a lower level of the taxonomy, or take Bonsai."
              .formatted(MAXIMUM_LABELS, labels));
    }
    var vectors = set.vectors(parameters.features());
    var training = new ForestTraining(parameters, vectors, labels, context);
    var trees = training.train();
    try {
      files.write(parameters.features(), vectors.vocabulary());
      var file = files.path(Forest.FILE);
      Forest.write(file, trees, vectors.features(), labels);
      var outOfBag = training.outOfBag(Forest.map(file));
      if (outOfBag != null) {
        outOfBag.write(files.path(OutOfBag.FILE));
        context.listener().at(Stage.TRAINING, 1, trees.size(), outOfBag.error());
      }
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  @Override
  public Scorer load(DecisionTreeParameters parameters, ModelFiles files) {
    try {
      var space = files.features(parameters.features());
      var forest = Forest.map(files.path(Forest.FILE));
      files.requireFitting(Forest.FILE, forest.labels(), forest.features(), space);
      return new ForestScorer(space, forest);
    } catch (IOException e) {
      throw files.unreadable(e);
    }
  }
}
