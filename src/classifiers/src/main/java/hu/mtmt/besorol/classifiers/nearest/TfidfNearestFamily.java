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
import java.util.List;

/**
 * The family {@code TfidfNearest}: cosine between the document and the centroid of each subject's
 * documents, in both of which a feature counts the more the fewer centroids have it. The score is
 * the cosine over the one that is to be expected between a document and its own subject, less 1: 0
 * is a document of the subject like any other.
 */
public final class TfidfNearestFamily implements ClassifierFamily<TfidfNearestParameters> {
  /**
   * Entries of a centroid that are kept: the many others are so small that they hardly move a
   * cosine.
   */
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
    var rarities = rarities(centroids, vectors.features());
    var offsets = new float[labels];
    var directions = new ArrayList<Direction>(labels);
    for (int label = 0; label < labels; label++) {
      var centroid = centroids.of(label);
      offsets[label] = centroid.documents() == 0 ? WeightMatrix.NEVER : -1;
      directions.add(Direction.of(centroid, rarities));
    }
    double expected = expectedCosine(directions);
    var rows = new ArrayList<Row>(labels);
    for (int label = 0; label < labels; label++) {
      rows.add(new Row(label, directions.get(label), 1 / expected));
    }
    try {
      files.write(parameters.features(), vectors.vocabulary());
      WeightMatrix.write(files.path(WeightMatrix.FILE), vectors.features(), offsets, rows);
    } catch (IOException e) {
      throw files.unwritable(e);
    }
    context.listener().at(Stage.TRAINING, 1, null, null);
  }

  /**
   * By feature, (ln((1 + L) / (1 + l)) + 1)² where l of L centroids have it: the logarithm counts
   * once for the document and once for the centroid, as tf-idf does on both sides of a cosine.
   */
  private static float[] rarities(Centroids centroids, int features) {
    var frequencies = new int[features];
    for (int label = 0; label < centroids.size(); label++) {
      for (int feature : centroids.of(label).features()) {
        frequencies[feature]++;
      }
    }
    var rarities = new float[features];
    for (int feature = 0; feature < features; feature++) {
      double rarity = StrictMath.log((1.0 + centroids.size()) / (1.0 + frequencies[feature])) + 1;
      rarities[feature] = (float) (rarity * rarity);
    }
    return rarities;
  }

  /**
   * What a document is multiplied with.
   *
   * @param values of the centroid's features
   * @param factor that gives them length 1
   */
  private record Direction(Centroid centroid, float[] values, double factor) {
    static Direction of(Centroid centroid, float[] rarities) {
      var values = centroid.values().clone();
      double squares = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] *= rarities[centroid.features()[i]];
        squares += (double) values[i] * values[i];
      }
      return new Direction(centroid, values, squares == 0 ? 0 : 1 / Math.sqrt(squares));
    }

    /**
     * Sum of the products with the centroid's documents, each left out of the centroid: it has as
     * large a part in them as in the length of the centroid.
     */
    double products() {
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += (double) values[i] * centroid.values()[i];
      }
      double length = centroid.length();
      return sum * factor * Math.max(0, length * length - centroid.documents()) / length;
    }
  }

  /**
   * What cosine a document that was not learnt from may be expected to have with its own subject:
   * the mean over the training documents. Without subjects of two similar documents, 1.
   */
  private static double expectedCosine(List<Direction> directions) {
    double products = 0;
    long documents = 0;
    for (var direction : directions) {
      if (direction.centroid.documents() > 1) {
        products += direction.products();
        documents += direction.centroid.documents();
      }
    }
    return products > 0 ? products / documents : 1;
  }

  /** A direction as weights. */
  private record Row(int label, Direction direction, double scale) implements WeightMatrix.Entries {
    @Override
    public int size() {
      return direction.values.length;
    }

    @Override
    public int feature(int i) {
      return direction.centroid.features()[i];
    }

    @Override
    public int label(int i) {
      return label;
    }

    @Override
    public float value(int i) {
      return (float) (direction.values[i] * direction.factor * scale);
    }
  }

  @Override
  public Scorer load(TfidfNearestParameters parameters, ModelFiles files) {
    return WeightScorer.load(parameters.features(), files);
  }
}
