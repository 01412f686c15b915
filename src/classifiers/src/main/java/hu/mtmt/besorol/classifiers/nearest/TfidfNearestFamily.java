package hu.mtmt.besorol.classifiers.nearest;

import hu.mtmt.besorol.classifiers.ClassifierFamily;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.classifiers.text.Centroids;
import hu.mtmt.besorol.classifiers.text.Centroids.Centroid;
import hu.mtmt.besorol.classifiers.weights.WeightMatrix;
import hu.mtmt.besorol.classifiers.weights.WeightScorer;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.contract.TfidfNearestParameters;
import java.io.IOException;
import java.util.ArrayList;

/**
 * The family {@code TfidfNearest}: cosine between the document and the centroid of each subject's
 * documents. The score is the cosine over the one that is to be expected between a document and its
 * own subject, less 1: 0 is a document of the subject like any other.
 */
public final class TfidfNearestFamily implements ClassifierFamily<TfidfNearestParameters> {
  /** Entries of a centroid that are kept: on 48,000 abstracts with no loss of strict F1. */
  private static final int KEPT = 5_000;

  @Override
  public void train(
      TfidfNearestParameters parameters,
      TrainingSet set,
      TrainingContext context,
      ModelFiles files) {
    int labels = set.labels().size();
    if (labels > WeightMatrix.MAXIMUM_LABELS) {
      throw BesorolException.plan(
          "TfidfNearest learns at most %d subjects, not %d: set a lower level of the taxonomy."
              .formatted(WeightMatrix.MAXIMUM_LABELS, labels));
    }
    var vectors = set.vectors(parameters.features());
    context.listener().at(Stage.TRAINING, 0, null, null);
    var centroids = Centroids.of(vectors, labels, KEPT, context.threads(), context.cancelled());
    double expected = centroids.expectedCosine();
    var offsets = new float[labels];
    var rows = new ArrayList<Row>(labels);
    for (int label = 0; label < labels; label++) {
      var centroid = centroids.of(label);
      offsets[label] = centroid.documents() == 0 ? WeightMatrix.NEVER : -1;
      rows.add(new Row(label, centroid, (float) (1 / expected)));
    }
    try {
      files.write(parameters.features(), vectors.vocabulary());
      WeightMatrix.write(files.path(WeightMatrix.FILE), vectors.features(), offsets, rows);
    } catch (IOException e) {
      throw files.unwritable(e);
    }
    context.listener().at(Stage.TRAINING, 1, null, null);
  }

  /** A centroid as weights. */
  private record Row(int label, Centroid centroid, float factor) implements WeightMatrix.Entries {
    @Override
    public int size() {
      return centroid.size();
    }

    @Override
    public int feature(int i) {
      return centroid.features()[i];
    }

    @Override
    public int label(int i) {
      return label;
    }

    @Override
    public float value(int i) {
      return centroid.values()[i] * factor;
    }
  }

  @Override
  public Scorer load(TfidfNearestParameters parameters, ModelFiles files) {
    return WeightScorer.load(parameters.features(), files);
  }
}
