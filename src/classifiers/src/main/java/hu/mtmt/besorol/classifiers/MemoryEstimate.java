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
import hu.mtmt.besorol.contract.LabelMatchParameters;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.contract.TfidfNearestParameters;
import hu.mtmt.besorol.taxonomy.Subject;
import java.util.ArrayList;
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
 * @param remedy what would lower it most, as an imperative; null if nothing would
 */
public record MemoryEstimate(long features, long weights, long threads, String remedy) {
  /** From so many documents at the front of the data the others are estimated. */
  public static final int SAMPLE = 1_000;

  private static final String FEWER_NGRAMS =
      "leave out n-grams (features.words, features.characters)";
  private static final String FEWER_WEIGHTS =
      "set a lower level of the taxonomy, or raise features.minimumDocuments";
  private static final String SMALLER_TREES = "take fewer trees, or raise minimumDocuments";
  private static final String FEWER_NAMES = "leave alternative names out of the taxonomy";
  private static final String FEWER_MATCHES =
      "learn from fewer documents, or without descriptions (labelMatch.descriptions)";
  private static final String LESS_PER_THREAD =
      "lower features.maximumFeatures, or let fewer threads work";

  /** An index and a value of a vector, a weight or a count. */
  private static final int ENTRY = 8;

  /** A hash table of 8-byte keys and 4-byte values, two thirds full, with what a key counts. */
  private static final int COUNTED = 23;

  /** A weight with its feature and the lane of its label. */
  private static final int WEIGHT = 9;

  /** Share of the weights that is kept at least: of most texts the larger half. */
  private static final double KEPT = 0.5;

  /** A centroid, of which only the largest entries are kept. */
  private static final int CENTROID = 5_000 * ENTRY;

  /** Weights of eight labels that are learnt side by side. */
  private static final int LANES = 32;

  /** A leaf of a tree with the decision above it and its label. */
  private static final int LEAF = 40;

  /** Leaves of a fully grown tree for each document at least: some hold several alike. */
  private static final double LEAVES = 0.3;

  /** Share of the entries whose features are drawn for the first decision of a forest's tree. */
  private static final double DRAWN = 0.1;

  /** A name of a subject with its words, in the tables of them all. */
  private static final int NAME = 200;

  /** So many documents at most tell what a match counts. */
  private static final int MATCHED = 10_000;

  /** At least three subjects that the words of a document match, with all that is known of each. */
  private static final int MATCHES = 3 * 250;

  /** What of a megabyte text a thread holds, and objects that do not grow with the data. */
  private static final long FIXED = 32L << 20;

  /**
   * What is known of the data.
   *
   * @param documents how many are learnt from
   * @param labels how many subjects are learnt
   * @param labelsPerDocument the mean
   * @param names how many names the subjects of the taxonomy have
   */
  public record Size(int documents, int labels, double labelsPerDocument, int names) {
    /** Of documents of these subjects. */
    public static Size of(int documents, Labels labels, double labelsPerDocument) {
      int names =
          labels.target().taxonomy().subjects().stream().mapToInt(MemoryEstimate::names).sum();
      return new Size(documents, labels.size(), labelsPerDocument, names);
    }
  }

  private static int names(Subject subject) {
    int alternative = subject.alternativeLabels().values().stream().mapToInt(List::size).sum();
    return subject.labels().size() + alternative;
  }

  /** Of one way of making vectors, in numbers. */
  private record Vectors(double different, double features, double entries) {
    static final Vectors NONE = new Vectors(0, 0, 0);

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
    var weights = Part.NONE;
    var work = Part.NONE;
    var seen = new LinkedHashSet<TextFeatures>();
    for (var trained : trained(parameters, size)) {
      var text = trained.features();
      var vectors = text == null ? Vectors.NONE : Vectors.of(text, sample.apply(text), size);
      features += seen.add(text) ? vectors.bytes() : 0;
      // members of an ensemble are trained one after the other if need be
      weights = weights.or(weights(trained, vectors, size));
      work = work.or(work(trained, vectors, size, threads));
    }
    return of(new Part(features, FEWER_NGRAMS), weights, work);
  }

  /** Something that takes memory, in bytes, and what would lower it. */
  private record Part(double bytes, String remedy) {
    static final Part NONE = new Part(0, null);

    Part or(Part other) {
      return other.bytes > bytes ? other : this;
    }
  }

  private static MemoryEstimate of(Part features, Part weights, Part work) {
    var largest = new Part(FIXED, null).or(features).or(weights).or(work);
    return new MemoryEstimate(
        (long) features.bytes, (long) weights.bytes, FIXED + (long) work.bytes, largest.remedy);
  }

  /**
   * What is needed beside vectors that are there already.
   *
   * @param vectors that are learnt from; null if the text itself is
   * @param threads how many work
   */
  public static MemoryEstimate beside(
      DocumentVectors vectors, AlgorithmParameters parameters, Size size, int threads) {
    var numbers =
        vectors == null ? Vectors.NONE : new Vectors(0, vectors.features(), vectors.entries());
    return of(
        Part.NONE, weights(parameters, numbers, size), work(parameters, numbers, size, threads));
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

  private static Part weights(AlgorithmParameters parameters, Vectors vectors, Size size) {
    double most = WEIGHT * KEPT * vectors.weights(size);
    return switch (parameters) {
      case TfidfNearestParameters _ ->
          new Part(Math.min(most, (double) CENTROID * size.labels()), FEWER_WEIGHTS);
      case LinearParameters _ -> new Part(most, FEWER_WEIGHTS);
      case BonsaiParameters p -> new Part(p.trees() * most / 2, FEWER_WEIGHTS);
      // as they grew, and as they are written
      case DecisionTreeParameters p ->
          new Part(2.0 * p.trees() * leaves(p, size) * LEAF, SMALLER_TREES);
      case LabelMatchParameters _ -> matches(size);
      case EnsembleParameters _ -> Part.NONE;
    };
  }

  /** The names are written before documents are matched with them. */
  private static Part matches(Size size) {
    var names = new Part((double) NAME * size.names(), FEWER_NAMES);
    return names.or(
        new Part((double) MATCHES * Math.min(size.documents(), MATCHED), FEWER_MATCHES));
  }

  private static double leaves(DecisionTreeParameters parameters, Size size) {
    return Math.min(
        LEAVES * size.documents() / parameters.minimumDocuments(),
        StrictMath.pow(2, parameters.maximumDepth()));
  }

  private static Part work(
      AlgorithmParameters parameters, Vectors vectors, Size size, int threads) {
    return switch (parameters) {
      case LinearParameters _ ->
          new Part(
              threads * (LANES * vectors.features() + 6.0 * size.documents()), LESS_PER_THREAD);
      // the documents by feature, to find the best decision
      case DecisionTreeParameters p -> {
        double looked = vectors.entries() * (p.trees() == 1 ? 1 : DRAWN);
        yield new Part(
            Math.min(threads, p.trees())
                * (ENTRY * looked + 4 * vectors.features() + 5.0 * size.documents()),
            LESS_PER_THREAD);
      }
      default -> Part.NONE;
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
        "This training needs at least %,d MiB of memory (features %,d MiB, weights %,d MiB, threads %,d MiB), and the heap may grow to %,d MiB: %s."
            .formatted(
                mebibytes(bytes()),
                mebibytes(features),
                mebibytes(weights),
                mebibytes(threads),
                mebibytes(heap),
                advice(bytes())));
  }

  /**
   * What is to be said of a training that used its heap up although it was estimated to fit.
   *
   * @param heap how large it may grow, in bytes
   * @param cause where the memory ended
   */
  public BesorolException exhausted(long heap, Throwable cause) {
    return new BesorolException(
        FailureKind.DEVICE_MEMORY_EXHAUSTED,
        "The memory is used up: this training needs more than %,d MiB, to which the heap may grow: %s."
            .formatted(mebibytes(heap), advice(heap)),
        cause);
  }

  private String advice(long needed) {
    var more =
        "give it more (BESOROL_JAVA_OPTS=-Xmx%dg, or a larger flavor)"
            .formatted(Math.ceilDiv(needed + needed / 4, 1L << 30));
    return remedy == null ? more : more + ", or " + remedy;
  }

  private static long mebibytes(long bytes) {
    return Math.ceilDiv(bytes, 1L << 20);
  }
}
