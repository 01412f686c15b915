package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Compares two classifiers on the same documents: documents are drawn with replacement, and each
 * draw gives one difference (Efron and Tibshirani 1993, chapter 13).
 */
public final class PairedBootstrap {
  /**
   * How often the documents are drawn. Efron and Tibshirani ask for at least 1,000 for intervals;
   * with 2,000 an end of the 95 % interval moves by about 6 % of a standard error from seed to
   * seed, and 50 differences lie beyond it.
   */
  public static final int DRAWS = 2_000;

  private PairedBootstrap() {}

  /**
   * A comparison.
   *
   * <p>The ends of the interval are differences that were drawn, rounded outwards, so a confidence
   * that {@value #DRAWS} draws cannot resolve gives the smallest and the largest one.
   *
   * @param request by which metric, with which baseline, at which confidence
   * @param version answers of the judged version
   * @param baseline answers of the baseline to the same documents in the same order
   * @param seed of the draws: the same seed draws the same documents, whatever the metric
   * @return an {@link Comparison#obstacle} instead of figures if there are no documents
   * @throws IllegalArgumentException if the metric is not comparable or the documents differ
   */
  public static Comparison compare(
      ComparisonRequest request,
      TargetLevel target,
      List<Judged> version,
      List<Judged> baseline,
      long seed) {
    requirePaired(version, baseline);
    int n = version.size();
    if (n == 0) {
      return new Comparison(
          request.metric(),
          request.baseline(),
          request.confidence(),
          null,
          null,
          null,
          0,
          "there are no documents to compare the two versions on");
    }
    var difference = difference(request.metric(), target, version, baseline);
    var once = new int[n];
    Arrays.fill(once, 1);
    var drawn = draw(n, seed, difference);
    int outside =
        (int) Math.floor((1 - Double.parseDouble(request.confidence())) / 2 * (DRAWS - 1));
    return new Comparison(
        request.metric(),
        request.baseline(),
        request.confidence(),
        difference.applyAsDouble(once),
        drawn[outside],
        drawn[DRAWS - 1 - outside],
        n,
        null);
  }

  /**
   * The differences of all draws, ascending. Every draw has a generator of its own, so the result
   * does not depend on how draws are spread over threads.
   */
  private static double[] draw(int documents, long seed, ToDoubleFunction<int[]> difference) {
    var seeds = new SplittableRandom(seed).longs(DRAWS).toArray();
    return IntStream.range(0, DRAWS)
        .parallel()
        .mapToDouble(
            draw -> {
              var random = new SplittableRandom(seeds[draw]);
              var times = new int[documents];
              for (int i = 0; i < documents; i++) {
                times[random.nextInt(documents)]++;
              }
              return difference.applyAsDouble(times);
            })
        .sorted()
        .toArray();
  }

  /** The difference of the metric between the two, given how often each document was drawn. */
  private static ToDoubleFunction<int[]> difference(
      Metric metric, TargetLevel target, List<Judged> version, List<Judged> baseline) {
    if (!metric.comparable()) {
      throw new IllegalArgumentException(
          metric.written() + " is not a function of the documents' answers");
    }
    return Formula.of(metric)
        .map(formula -> ofSums(formula, target, version, baseline))
        .orElseGet(() -> ofMacroF1(target, version, baseline));
  }

  private static ToDoubleFunction<int[]> ofSums(
      Formula formula, TargetLevel target, List<Judged> version, List<Judged> baseline) {
    int terms = formula.terms().size();
    var rows = new double[version.size() * 2 * terms]; // of each document: version, then baseline
    int at = 0;
    for (int d = 0; d < version.size(); d++) {
      for (var judged : List.of(version.get(d), baseline.get(d))) {
        for (var term : formula.terms()) {
          rows[at++] = term.of(judged, target.taxonomy());
        }
      }
    }
    return times -> {
      var sums = new double[2 * terms];
      for (int d = 0, row = 0; d < times.length; d++, row += sums.length) {
        int weight = times[d];
        if (weight != 0) {
          for (int t = 0; t < sums.length; t++) {
            sums[t] += weight * rows[row + t];
          }
        }
      }
      return formula.function().applyAsDouble(Arrays.copyOfRange(sums, 0, terms))
          - formula.function().applyAsDouble(Arrays.copyOfRange(sums, terms, 2 * terms));
    };
  }

  /**
   * For every document the counters that it raises are listed once, so that a draw only adds. The
   * counters of one kind, one for each subject, lie side by side: true, answered and right of the
   * version, answered and right of the baseline.
   */
  private static ToDoubleFunction<int[]> ofMacroF1(
      TargetLevel target, List<Judged> version, List<Judged> baseline) {
    int subjects = target.taxonomy().size();
    var raised = new int[version.size()][];
    Arrays.setAll(
        raised,
        d -> {
          var counters = IntStream.builder();
          Arrays.stream(version.get(d).truth()).forEach(counters);
          listAnswer(version.get(d), subjects, 2 * subjects, counters);
          listAnswer(baseline.get(d), 3 * subjects, 4 * subjects, counters);
          return counters.build().toArray();
        });
    return times -> {
      var counts = new int[5 * subjects];
      for (int d = 0; d < times.length; d++) {
        int weight = times[d];
        if (weight != 0) {
          for (int counter : raised[d]) {
            counts[counter] += weight;
          }
        }
      }
      var kinds = new int[5][];
      Arrays.setAll(kinds, k -> Arrays.copyOfRange(counts, k * subjects, (k + 1) * subjects));
      return new SubjectCounts(kinds[0], kinds[1], kinds[2]).macroF1()
          - new SubjectCounts(kinds[0], kinds[3], kinds[4]).macroF1();
    };
  }

  private static void listAnswer(
      Judged judged, int answered, int right, IntStream.Builder counters) {
    for (int s : judged.answer()) {
      counters.add(answered + s);
      if (judged.isTrue(s)) {
        counters.add(right + s);
      }
    }
  }

  private static void requirePaired(List<Judged> version, List<Judged> baseline) {
    boolean paired = version.size() == baseline.size();
    for (int d = 0; paired && d < version.size(); d++) {
      paired = Arrays.equals(version.get(d).truth(), baseline.get(d).truth());
    }
    if (!paired) {
      throw new IllegalArgumentException(
          "the two versions did not answer the same documents in the same order");
    }
  }
}
