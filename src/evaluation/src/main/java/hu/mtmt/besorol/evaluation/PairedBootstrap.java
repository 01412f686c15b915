package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.List;

/**
 * Compares two classifiers on the same documents: documents are drawn with replacement, and each
 * draw gives one difference (Efron and Tibshirani 1993, chapter 13).
 */
public final class PairedBootstrap {
  private PairedBootstrap() {}

  /**
   * A comparison.
   *
   * @param request by which metric, with which baseline, at which confidence
   * @param version answers of the judged version
   * @param baseline answers of the baseline to the same documents in the same order
   * @param seed of the draws
   */
  public static Comparison compare(
      ComparisonRequest request,
      TargetLevel target,
      List<Judged> version,
      List<Judged> baseline,
      long seed) {
    throw new UnsupportedOperationException("not written yet");
  }
}
