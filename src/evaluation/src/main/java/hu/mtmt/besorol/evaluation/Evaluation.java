package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.List;
import java.util.Map;

/** Measures answers against the truth: the formulas of all metrics but latency and size. */
public final class Evaluation {
  private Evaluation() {}

  /** The values over all documents of every metric that follows from the answers alone. */
  public static Map<Metric, Double> metrics(
      TargetLevel target, List<Judged> judged, Grades grades) {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * The whole report.
   *
   * @param documents digest of the judged documents
   * @param taxonomy digest of the subjects' file
   * @param trainingDocuments how many documents of each subject were learnt, by number; null if not
   *     known
   */
  public static EvaluationReport report(
      TargetLevel target,
      List<Judged> judged,
      Grades grades,
      Digest documents,
      Digest taxonomy,
      int[] trainingDocuments) {
    throw new UnsupportedOperationException("not written yet");
  }
}
