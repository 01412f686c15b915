package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.Arrays;
import java.util.List;

/**
 * Compares two classifiers on the same documents: documents are drawn with replacement, and each
 * draw gives one difference (Efron and Tibshirani 1993, chapter 13).
 */
public final class PairedBootstrap {
  /** How often the documents are drawn. */
  public static final int DRAWS = Bootstrap.DRAWS;

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
    var bootstrap = new Bootstrap(n, seed);
    var ofVersion = DrawnMetric.of(request.metric(), target, version);
    var ofBaseline = DrawnMetric.of(request.metric(), target, baseline);
    var drawn = bootstrap.values(List.of(ofVersion, ofBaseline));
    var spread = Bootstrap.Spread.of(drawn[0], drawn[1], request.confidence());
    return new Comparison(
        request.metric(),
        request.baseline(),
        request.confidence(),
        bootstrap.observed(ofVersion) - bootstrap.observed(ofBaseline),
        spread.lower(),
        spread.upper(),
        n,
        null);
  }

  static void requirePaired(List<Judged> version, List<Judged> baseline) {
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
