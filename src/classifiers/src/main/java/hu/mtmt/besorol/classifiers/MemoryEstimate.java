package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.classifiers.text.TextSample;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.DecisionTreeParameters;
import hu.mtmt.besorol.contract.EnsembleMember;
import hu.mtmt.besorol.contract.EnsembleParameters;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.contract.TfidfNearestParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * How much heap a training needs at its peak, in bytes, before it is begun. It is meant to be too
 * low rather than too high: what is refused could not have been trained, what is not refused may
 * still run out of memory.
 *
 * @param features n-grams while they are counted, and the vectors of all documents, of every way of
 *     making them
 * @param weights what is learnt, before it is written
 * @param threads what threads need to work
 */
public record MemoryEstimate(long features, long weights, long threads) {
  /** From so many documents at the front of the data the others are estimated. */
  public static final int SAMPLE = 1_000;

  /** An index and a value of a vector, a weight or a count. */
  private static final int ENTRY = 8;

  /** A hash table of 8-byte keys and 4-byte values, two thirds full, with what a key counts. */
  private static final int COUNTED = 23;

  /** A weight with its feature and the lane of its label. */
  private static final int WEIGHT = 9;

  /** Share of the weights that is worth keeping: on 48,000 abstracts more than half of them. */
  private static final double KEPT = 0.5;

  /** A centroid, of which only the largest entries are kept. */
  private static final int CENTROID = 5_000 * ENTRY;

  /** Weights of eight labels that are learnt side by side. */
  private static final int LANES = 32;

  /** A leaf of a tree with the decision above it and its label. */
  private static final int LEAF = 40;

  /** Leaves of a fully grown tree for each document: on 3,000 and on 48,000 abstracts more. */
  private static final double LEAVES = 0.3;

  /** Share of the entries whose features are drawn for the first decision of a forest's tree. */
  private static final double DRAWN = 0.1;

  /** What of a megabyte text a thread holds, and objects that do not grow with the data. */
  private static final long FIXED = 32L << 20;

  /**
   * What is known of the data.
   *
   * @param documents how many are learnt from
   * @param labels how many subjects are learnt
   * @param labelsPerDocument the mean
   */
  public record Size(int documents, int labels, double labelsPerDocument) {}

  /** Of one way of making vectors, in numbers. */
  private record Vectors(double different, double features, double entries) {
    static Vectors of(TextFeatures features, TextSample sample, Size size) {
      double different = sample.differentIn(size.documents());
      double kept =
          features.hashing() == null
              ? Math.min(different * sample.keptShare(), features.maximumFeatures())
              : 1 << features.hashing().bits();
      return new Vectors(different, kept, sample.ngrams() * size.documents());
    }

    double bytes() {
      return different * COUNTED + entries * ENTRY;
    }

    /** Weights of one label grow from its documents alone, and there are no more than features. */
    double weights(Size size) {
      return Math.min(features * size.labels(), entries * size.labelsPerDocument());
    }
  }

  /**
   * Estimates.
   *
   * @param sample of the documents, for each way of making vectors
   * @param threads how many work
   */
  public static MemoryEstimate of(
      AlgorithmParameters parameters,
      Size size,
      int threads,
      Function<TextFeatures, TextSample> sample) {
    double features = 0;
    double weights = 0;
    double work = FIXED;
    var seen = new LinkedHashSet<TextFeatures>();
    for (var trained : trained(parameters, size)) {
      var text = trained.features();
      if (text == null) {
        continue;
      }
      var vectors = Vectors.of(text, sample.apply(text), size);
      features += seen.add(text) ? vectors.bytes() : 0;
      // members of an ensemble are trained one after the other if need be
      weights = Math.max(weights, weights(trained, vectors, size));
      work = Math.max(work, FIXED + work(trained, vectors, size, threads));
    }
    return new MemoryEstimate((long) features, (long) weights, (long) work);
  }

  /**
   * What is needed beside vectors that are there already.
   *
   * @param vectors that are learnt from; null if the text itself is
   * @param labels how many subjects are learnt
   * @param threads how many work
   */
  public static MemoryEstimate beside(
      DocumentVectors vectors, AlgorithmParameters parameters, int labels, int threads) {
    if (vectors == null) {
      return new MemoryEstimate(0, 0, FIXED);
    }
    double pairs = Arrays.stream(vectors.frequencies(labels)).asLongStream().sum();
    var size = new Size(vectors.size(), labels, pairs / vectors.size());
    var numbers = new Vectors(0, vectors.features(), vectors.entries());
    return new MemoryEstimate(
        0,
        (long) weights(parameters, numbers, size),
        FIXED + (long) work(parameters, numbers, size, threads));
  }

  /** How much vectors take, in bytes. */
  public static long bytes(DocumentVectors vectors) {
    return ENTRY * vectors.entries();
  }

  private static List<AlgorithmParameters> trained(AlgorithmParameters parameters, Size size) {
    var trained = new ArrayList<AlgorithmParameters>();
    if (parameters instanceof EnsembleParameters ensemble) {
      ensemble.membersFor(size.documents()).stream()
          .map(EnsembleMember::parameters)
          .filter(Objects::nonNull)
          .forEach(trained::add);
    } else {
      trained.add(parameters);
    }
    return trained;
  }

  private static double weights(AlgorithmParameters parameters, Vectors vectors, Size size) {
    double most = WEIGHT * KEPT * vectors.weights(size);
    return switch (parameters) {
      case TfidfNearestParameters _ -> Math.min(most, (double) CENTROID * size.labels());
      case LinearParameters _ -> most;
      case BonsaiParameters p -> p.trees() * most / 2;
      // as they grew, and as they are written
      case DecisionTreeParameters p -> 2.0 * p.trees() * leaves(p, size) * LEAF;
      default -> 0;
    };
  }

  private static double leaves(DecisionTreeParameters parameters, Size size) {
    return Math.min(
        LEAVES * size.documents() / parameters.minimumDocuments(),
        StrictMath.pow(2, parameters.maximumDepth()));
  }

  private static double work(
      AlgorithmParameters parameters, Vectors vectors, Size size, int threads) {
    return switch (parameters) {
      case LinearParameters _ -> threads * (LANES * vectors.features() + 6.0 * size.documents());
      // the documents by feature, to find the best decision
      case DecisionTreeParameters p -> {
        double looked = vectors.entries() * (p.trees() == 1 ? 1 : DRAWN);
        yield Math.min(threads, p.trees())
            * (ENTRY * looked + 4 * vectors.features() + 5.0 * size.documents());
      }
      default -> 0;
    };
  }

  /** The whole, in bytes. */
  public long bytes() {
    return features + weights + threads;
  }

  /**
   * Does nothing if the heap may grow large enough.
   *
   * @param heap how large it may grow, in bytes
   * @throws BesorolException {@link FailureKind#DEVICE_MEMORY_EXHAUSTED} if it may not
   */
  public void requireFits(long heap) {
    if (bytes() <= heap) {
      return;
    }
    throw new BesorolException(
        FailureKind.DEVICE_MEMORY_EXHAUSTED,
        "This training needs at least %,d MiB of memory (features %,d MiB, weights %,d MiB, threads %,d MiB), and the heap may grow to %,d MiB: give it more (BESOROL_JAVA_OPTS=-Xmx%dg, or a larger flavor), or %s."
            .formatted(
                mebibytes(bytes()),
                mebibytes(features),
                mebibytes(weights),
                mebibytes(threads),
                mebibytes(heap),
                Math.ceilDiv(bytes() + bytes() / 4, 1L << 30),
                remedy()));
  }

  private String remedy() {
    if (features >= weights && features >= threads) {
      return "leave out n-grams (features.words, features.characters)";
    }
    return weights >= threads
        ? "set a lower level of the taxonomy, or raise features.minimumDocuments"
        : "lower features.maximumFeatures, or let fewer threads work";
  }

  private static long mebibytes(long bytes) {
    return Math.ceilDiv(bytes, 1L << 20);
  }
}
