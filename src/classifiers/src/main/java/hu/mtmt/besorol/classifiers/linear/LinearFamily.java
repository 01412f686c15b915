package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.ClassifierFamily;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.LinearParameters;
import java.io.IOException;

/** The family {@code Linear}: one linear classifier per subject, one versus rest. */
public final class LinearFamily implements ClassifierFamily<LinearParameters> {

  @Override
  public void train(
      LinearParameters parameters, TrainingSet set, TrainingContext context, ModelFiles files) {
    int labels = set.labels().size();
    if (labels > Weights.MAXIMUM_LABELS) {
      throw BesorolException.plan(
          "Linear learns at most %d subjects, not %d: set a lower level of the taxonomy, or take Bonsai."
              .formatted(Weights.MAXIMUM_LABELS, labels));
    }
    var vectors = set.vectors(parameters.features());
    var groups = new OneVersusRest(parameters, vectors, labels, context).train();
    try {
      files.write(parameters.features(), vectors.vocabulary());
      Weights.write(files.path(Weights.FILE), groups, labels, vectors.features());
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  @Override
  public Scorer load(LinearParameters parameters, ModelFiles files) {
    try {
      var space = files.features(parameters.features());
      var weights = Weights.map(files.path(Weights.FILE));
      if (weights.labels() != files.labels().size()) {
        throw new IOException(
            "%s has %d subjects, the package %d"
                .formatted(Weights.FILE, weights.labels(), files.labels().size()));
      }
      if (space.size() != weights.features()) {
        throw new IOException(
            "the vocabulary has %d features, %s %d"
                .formatted(space.size(), Weights.FILE, weights.features()));
      }
      return new LinearScorer(space, weights);
    } catch (IOException e) {
      throw files.unreadable(e);
    }
  }
}
