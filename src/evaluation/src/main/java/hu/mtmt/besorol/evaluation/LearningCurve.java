package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.contract.LearningCurveReport.Measured;
import hu.mtmt.besorol.contract.LearningCurveReport.MetricCurve;
import hu.mtmt.besorol.contract.LearningCurveReport.SubjectCurve;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How quality grows with training documents. Intervals are of a bootstrap over the judged documents
 * and, where samples were repeated, over the repeats: each draw has a curve of its own. Curves of
 * subjects have one exponent in common, since one subject has too few documents for one of its own;
 * it is the one with which all their curves together fit best, each subject weighing as many
 * documents as were judged.
 *
 * @param target the subjects that are told apart
 * @param samples what was measured: by size, the smallest first, and of each size all repeats; at
 *     least three sizes
 * @param confidence of the intervals, such as {@code "0.95"}
 * @param seed of the bootstrap's draws
 */
public record LearningCurve(
    TargetLevel target, List<List<Sample>> samples, String confidence, long seed) {
  /** To how many further documents of a subject its gain belongs. */
  public static final int FURTHER_DOCUMENTS = 100;

  /** How often the judged documents are drawn. */
  public static final int DRAWS = Bootstrap.DRAWS;

  /** A curve of two parameters cannot be judged by fewer points. */
  private static final int FEWEST_SIZES = 3;

  /** Values of so many statistics in all draws are held at a time, 16 kB each. */
  private static final int STATISTICS_AT_A_TIME = 4_000;

  private static final List<Metric> METRICS =
      Arrays.stream(Metric.values()).filter(Metric::comparable).toList();

  /**
   * What was learnt from a sample.
   *
   * @param size how many documents were learnt
   * @param trainingDocuments how many of each subject, by number
   * @param judged answers to the judged documents, the same for all samples
   */
  public record Sample(int size, int[] trainingDocuments, List<Judged> judged) {}

  /**
   * @throws IllegalArgumentException if there are fewer than three sizes or no documents, or the
   *     samples were judged on different documents
   */
  public LearningCurve {
    samples = samples.stream().map(repeats -> List.copyOf(repeats)).toList();
    if (samples.size() < FEWEST_SIZES || samples.getFirst().getFirst().judged().isEmpty()) {
      throw new IllegalArgumentException("a curve needs three sizes and one document");
    }
    for (var sample : samples.stream().flatMap(Collection::stream).toList()) {
      PairedBootstrap.requirePaired(sample.judged(), samples.getFirst().getFirst().judged());
    }
  }

  /** The curve of every comparable metric. */
  public List<MetricCurve> metrics() {
    var sizes = means(flat().stream().mapToDouble(Sample::size).toArray());
    double all = sizes[sizes.length - 1];
    var picks = picks();
    int samplesInAll = flat().size();
    var statistics =
        METRICS.stream()
            .flatMap(metric -> flat().stream().map(s -> DrawnMetric.of(metric, target, s.judged())))
            .toList();
    var observed = statistics.stream().mapToDouble(bootstrap()::observed).toArray();
    var drawn = bootstrap().values(statistics);
    var curves = new ArrayList<MetricCurve>();
    for (int m = 0; m < METRICS.size(); m++) {
      int from = m * samplesInAll;
      int to = from + samplesInAll;
      var law = PowerLaw.fit(sizes, means(Arrays.copyOfRange(observed, from, to)));
      var gains =
          gains(
              Arrays.copyOfRange(drawn, from, to),
              picks,
              values -> PowerLaw.fit(sizes, values).gain(all, all));
      curves.add(
          new MetricCurve(
              METRICS.get(m),
              law.limit(),
              law.factor(),
              law.exponent(),
              law.at(all),
              law.at(2 * all),
              gains[outside()],
              gains[DRAWS - 1 - outside()]));
    }
    return List.copyOf(curves);
  }

  /**
   * The curves of subjects.
   *
   * @param exponent of all of them
   * @param curves one for each subject that a judged document has; first those with a clear gain,
   *     each part ordered by the gain
   */
  public record OfSubjects(double exponent, List<SubjectCurve> curves) {}

  /** The curve of every subject that a judged document has. */
  public OfSubjects subjects() {
    var growths = growths();
    var fitted = growths.stream().filter(Growth::canBeFitted).toList();
    double exponent = exponent(fitted);
    var drawn = flat().stream().map(s -> DrawnSubject.of(s.judged(), size())).toList();
    var picks = picks();
    var curves = new ArrayList<SubjectCurve>();
    growths.stream()
        .filter(g -> !g.canBeFitted())
        .map(g -> curve(g, exponent, null))
        .forEach(curves::add);
    int atATime = Math.max(1, STATISTICS_AT_A_TIME / flat().size());
    for (int from = 0; from < fitted.size(); from += atATime) {
      var part = fitted.subList(from, Math.min(fitted.size(), from + atATime));
      var statistics = new ArrayList<DrawnSubject>();
      part.forEach(g -> drawn.forEach(sample -> statistics.add(sample[g.subject()])));
      var values = bootstrap().values(statistics);
      for (int g = 0; g < part.size(); g++) {
        var growth = part.get(g);
        int first = g * flat().size();
        var gains =
            gains(
                Arrays.copyOfRange(values, first, first + flat().size()),
                picks,
                f1 -> growth.with(f1).gain(exponent));
        curves.add(curve(growth, exponent, gains));
      }
    }
    curves.sort(
        Comparator.comparing(SubjectCurve::clear)
            .thenComparing(SubjectCurve::gain, Comparator.nullsFirst(Comparator.naturalOrder()))
            .reversed()
            .thenComparing(c -> target.taxonomy().indexOf(c.subject())));
    return new OfSubjects(exponent, List.copyOf(curves));
  }

  /**
   * What was measured of a subject.
   *
   * @param subject its number
   * @param documents how many judged documents have it
   * @param learnt how many documents of it were learnt, by size
   * @param f1 what came of it, by size
   */
  private record Growth(int subject, int documents, double[] learnt, double[] f1) {
    /** The law is one of samples that have at least a document. */
    private int[] sizesWithDocuments() {
      return IntStream.range(0, learnt.length).filter(size -> learnt[size] >= 1).toArray();
    }

    boolean canBeFitted() {
      return sizesWithDocuments().length >= FEWEST_SIZES;
    }

    Growth with(double[] f1) {
      return new Growth(subject, documents, learnt, f1);
    }

    PowerLaw law(double exponent) {
      return PowerLaw.fit(x(), y(), exponent);
    }

    double error(double exponent) {
      return documents * law(exponent).error(x(), y());
    }

    double gain(double exponent) {
      return law(exponent).gain(learnt[learnt.length - 1], FURTHER_DOCUMENTS);
    }

    private double[] x() {
      return Arrays.stream(sizesWithDocuments()).mapToDouble(size -> learnt[size]).toArray();
    }

    private double[] y() {
      return Arrays.stream(sizesWithDocuments()).mapToDouble(size -> f1[size]).toArray();
    }
  }

  private List<Growth> growths() {
    var counts = flat().stream().map(s -> SubjectCounts.of(s.judged(), size())).toList();
    var growths = new ArrayList<Growth>();
    for (int s = 0; s < size(); s++) {
      int subject = s;
      int documents = counts.getFirst().truth()[s];
      if (documents > 0) {
        growths.add(
            new Growth(
                s,
                documents,
                means(flat().stream().mapToDouble(x -> x.trainingDocuments()[subject]).toArray()),
                means(counts.stream().mapToDouble(c -> c.f1(subject)).toArray())));
      }
    }
    return growths;
  }

  private static double exponent(List<Growth> growths) {
    double best = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (double exponent : PowerLaw.exponents()) {
      double error = 0;
      for (var growth : growths) {
        error += growth.error(exponent);
      }
      if (error < smallest) {
        smallest = error;
        best = exponent;
      }
    }
    return best;
  }

  /**
   * @param gains of all draws, ascending; null if there is no curve
   */
  private SubjectCurve curve(Growth growth, double exponent, double[] gains) {
    var measured =
        IntStream.range(0, growth.learnt().length)
            .mapToObj(size -> new Measured(growth.learnt()[size], growth.f1()[size]))
            .toList();
    var id = target.taxonomy().subject(growth.subject()).id();
    if (gains == null) {
      return new SubjectCurve(id, growth.documents(), measured, null, null, null, null, null);
    }
    var law = growth.law(exponent);
    return new SubjectCurve(
        id,
        growth.documents(),
        measured,
        law.limit(),
        law.factor(),
        growth.gain(exponent),
        gains[outside()],
        gains[DRAWS - 1 - outside()]);
  }

  /**
   * The gains of the curves of all draws, ascending.
   *
   * @param values of each sample, all repeats of a size side by side, in each draw
   * @param gain of the curve through values by size
   */
  private double[] gains(double[][] values, int[][] picks, ToDoubleFunction<double[]> gain) {
    return IntStream.range(0, DRAWS)
        .parallel()
        .mapToDouble(
            draw ->
                gain.applyAsDouble(
                    means(
                        Arrays.stream(picks[draw])
                            .mapToDouble(sample -> values[sample][draw])
                            .toArray())))
        .sorted()
        .toArray();
  }

  /** For each draw as many repeats of every size as there are, drawn with replacement. */
  private int[][] picks() {
    var seeds = new SplittableRandom(seed).split().longs(DRAWS).toArray();
    var picks = new int[DRAWS][flat().size()];
    for (int draw = 0; draw < DRAWS; draw++) {
      var random = new SplittableRandom(seeds[draw]);
      int first = 0;
      for (var repeats : samples) {
        for (int r = 0; r < repeats.size(); r++) {
          picks[draw][first + r] = first + random.nextInt(repeats.size());
        }
        first += repeats.size();
      }
    }
    return picks;
  }

  /** Means over the repeats of each size. */
  private double[] means(double[] bySample) {
    var means = new double[samples.size()];
    int at = 0;
    for (int size = 0; size < means.length; size++) {
      int repeats = samples.get(size).size();
      for (int r = 0; r < repeats; r++) {
        means[size] += bySample[at++] / repeats;
      }
    }
    return means;
  }

  private List<Sample> flat() {
    return samples.stream().flatMap(Collection::stream).toList();
  }

  private int size() {
    return target.taxonomy().size();
  }

  private int outside() {
    return Bootstrap.outside(Double.parseDouble(confidence));
  }

  private Bootstrap bootstrap() {
    return new Bootstrap(flat().getFirst().judged().size(), seed);
  }
}
