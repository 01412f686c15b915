package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.classifiers.BatchedWork;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * The direction of each label's documents: the sum of their vectors, made as long as 1, of which
 * the weightiest entries are kept.
 */
public final class Centroids {
  private static final int LABELS_AT_A_TIME = 4;

  private final Centroid[] centroids;

  private Centroids(Centroid[] centroids) {
    this.centroids = centroids;
  }

  /**
   * The centroid of a label.
   *
   * @param features ascending
   * @param values their values, none of them 0
   * @param documents how many documents the label has
   * @param length of the sum of their vectors
   */
  public record Centroid(int[] features, float[] values, int documents, double length) {
    /** How many entries were kept. */
    public int size() {
      return features.length;
    }
  }

  /**
   * The centroids of labels 0 to {@code labels} − 1.
   *
   * @param limit how many entries are kept of each at most
   * @throws hu.mtmt.besorol.classifiers.CancelledException if {@code cancelled} says so
   */
  public static Centroids of(
      DocumentVectors vectors, int labels, int limit, int threads, BooleanSupplier cancelled) {
    var documents = vectors.documentsByLabel(labels);
    var centroids = new Centroid[labels];
    BatchedWork.run(
        IntStream.range(0, labels).boxed(),
        LABELS_AT_A_TIME,
        threads,
        cancelled,
        () -> new Sum(vectors),
        (sum, number, batch) -> {
          for (int label : batch) {
            centroids[label] = sum.centroid(documents[label], limit);
          }
        });
    return new Centroids(centroids);
  }

  /** A sum of vectors. Not thread-safe. */
  private static final class Sum {
    private final DocumentVectors vectors;
    private final float[] sums;
    private int[] touched = new int[1024];
    private int size;

    Sum(DocumentVectors vectors) {
      this.vectors = vectors;
      this.sums = new float[vectors.features()];
    }

    Centroid centroid(int[] documents, int limit) {
      for (int d : documents) {
        add(d);
      }
      Arrays.sort(touched, 0, size);
      double squares = 0;
      for (int i = 0; i < size; i++) {
        squares += (double) sums[touched[i]] * sums[touched[i]];
      }
      double length = Math.sqrt(squares);
      float least = least(limit);
      int kept = 0;
      for (int i = 0; i < size; i++) {
        kept += sums[touched[i]] >= least ? 1 : 0;
      }
      var features = new int[kept];
      var values = new float[kept];
      int entry = 0;
      for (int i = 0; i < size; i++) {
        float sum = sums[touched[i]];
        if (sum >= least) {
          features[entry] = touched[i];
          values[entry++] = (float) (sum / length);
        }
        sums[touched[i]] = 0;
      }
      size = 0;
      return new Centroid(features, values, documents.length, length);
    }

    private void add(int document) {
      var block = vectors.blockOf(document);
      int row = vectors.rowOf(document);
      for (int i = block.starts()[row]; i < block.starts()[row + 1]; i++) {
        int feature = block.indices()[i];
        if (sums[feature] == 0) {
          if (size == touched.length) {
            touched = Arrays.copyOf(touched, 2 * size);
          }
          touched[size++] = feature;
        }
        sums[feature] += block.values()[i];
      }
    }

    /** The least value that is kept: values are positive, and of equal ones all or none stay. */
    private float least(int limit) {
      if (size <= limit) {
        return 0;
      }
      var sorted = new float[size];
      for (int i = 0; i < size; i++) {
        sorted[i] = sums[touched[i]];
      }
      Arrays.sort(sorted);
      return Math.nextUp(sorted[size - limit - 1]);
    }
  }

  /** How many labels there are. */
  public int size() {
    return centroids.length;
  }

  /** The centroid of a label; without entries if it has no documents. */
  public Centroid of(int label) {
    return centroids[label];
  }
}
