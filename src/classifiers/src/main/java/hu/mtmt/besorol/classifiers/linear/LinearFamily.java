package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.ClassifierFamily;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.classifiers.weights.WeightMatrix;
import hu.mtmt.besorol.classifiers.weights.WeightScorer;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.LinearParameters;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The family {@code Linear}: one linear classifier per subject. */
public final class LinearFamily implements ClassifierFamily<LinearParameters> {
  /** With more, every label would still be looked at for every document. */
  private static final int MAXIMUM_LABELS = 1 << 16;

  /** Weights that are nearer to 0 are not kept: they are many, and no answer hangs on them. */
  private static final float MINIMUM_WEIGHT = 0.02f;

  @Override
  public void train(
      LinearParameters parameters, TrainingSet set, TrainingContext context, ModelFiles files) {
    int labels = set.labels().size();
    if (labels > MAXIMUM_LABELS) {
      throw BesorolException.plan(
          "Linear learns at most %d subjects, not %d: set a lower level of the taxonomy, or take Bonsai."
              .formatted(MAXIMUM_LABELS, labels));
    }
    var vectors = set.vectors(parameters.features());
    var groups = groups(parameters, vectors, labels, context);
    if (!context.team().leads()) {
      return;
    }
    try {
      files.write(parameters.features(), vectors.vocabulary());
      WeightMatrix.write(
          files.path(WeightMatrix.FILE), vectors.features(), biases(groups, labels), groups);
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  private static List<LaneWeights> groups(
      LinearParameters parameters, DocumentVectors vectors, int labels, TrainingContext context) {
    return parameters.loss() == LinearParameters.Loss.CRAMMER_SINGER
        ? new CrammerSinger(parameters, vectors, labels, context).train(MINIMUM_WEIGHT)
        : new OneVersusRest(parameters, vectors, labels, context).train(MINIMUM_WEIGHT);
  }

  private static float[] biases(List<LaneWeights> groups, int labels) {
    var biases = new float[labels];
    Arrays.fill(biases, WeightMatrix.NEVER);
    for (var group : groups) {
      for (int k = 0; k < group.labels().length; k++) {
        biases[group.labels()[k]] = group.biases()[k];
      }
    }
    return biases;
  }

  @Override
  public Scorer load(LinearParameters parameters, ModelFiles files) {
    return WeightScorer.load(parameters.features(), files);
  }
}
