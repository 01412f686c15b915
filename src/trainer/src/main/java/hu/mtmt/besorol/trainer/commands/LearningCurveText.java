package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.LearningCurveReport;
import hu.mtmt.besorol.contract.LearningCurveReport.MetricCurve;
import hu.mtmt.besorol.contract.LearningCurveReport.Point;
import hu.mtmt.besorol.contract.LearningCurveReport.SubjectCurve;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import hu.mtmt.besorol.trainer.data.PlanFiles;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Prints a learning curve for people.
 *
 * @param report the curve
 * @param taxonomy names the subjects
 * @param out where to
 */
record LearningCurveText(LearningCurveReport report, Taxonomy taxonomy, PrintStream out) {
  /** The metrics that are shown; all are in the JSON. */
  static final List<Metric> SHOWN =
      List.of(
          Metric.STRICT_PRECISION,
          Metric.STRICT_RECALL,
          Metric.STRICT_F1,
          Metric.LENIENT_F1,
          Metric.MACRO_F1,
          Metric.NDCG_AT_10);

  /**
   * Prints it.
   *
   * @param files what was learnt from
   * @param subjects how many subjects at most
   */
  void print(PlanFiles files, int subjects) {
    out.println(
        "%s on growing samples of %s, judged on %d documents of %s"
            .formatted(
                report.algorithm().type().written(),
                files.plan().training().location(),
                report.judged(),
                files.holdout().orElseThrow().name()));
    out.println();
    printPoints();
    out.println();
    printMetrics();
    if (subjects > 0) {
      out.println();
      printSubjects(subjects);
    }
    out.flush();
  }

  private void printPoints() {
    var head = new ArrayList<>(List.of("share", "documents", "seconds"));
    SHOWN.forEach(metric -> head.add(metric.written()));
    var table = Table.ofNumbers(head.toArray(String[]::new));
    for (var point : report.points()) {
      table.row(cells(point));
    }
    table.print(out);
  }

  private void printMetrics() {
    var table =
        Table.ofNumbers(
            "Curve",
            "now",
            "with twice the documents",
            Confidence.percent(report.confidence()) + " % interval of the gain",
            "limit",
            "exponent");
    report.metrics().stream()
        .filter(curve -> SHOWN.contains(curve.metric()))
        .forEach(curve -> table.row(cells(curve)));
    table.print(out);
  }

  private void printSubjects(int limit) {
    out.println(summary(report));
    var table =
        Table.ofNumbers(
            "Where labelling pays most",
            "learnt",
            "F1",
            "gain from %d more".formatted(report.furtherDocuments()),
            Confidence.percent(report.confidence()) + " % interval",
            "judged on");
    report.subjects().stream()
        .filter(subject -> subject.gain() != null)
        .limit(limit)
        .forEach(
            subject ->
                table.row(
                    ComparisonText.name(taxonomy, subject.subject()),
                    learnt(subject),
                    ComparisonText.share(subject.measured().getLast().f1()),
                    ComparisonText.signed(subject.gain()),
                    ComparisonText.between(subject.lower(), subject.upper()),
                    Integer.toString(subject.documents())));
    table.print(out);
  }

  /** What is said of a point: share, training documents, seconds, and the shown metrics. */
  static String[] cells(Point point) {
    return Stream.concat(
            Stream.of(
                point.share(),
                Integer.toString(point.trainingDocuments()),
                Integer.toString(point.trainSeconds())),
            SHOWN.stream().map(metric -> ComparisonText.share(point.metrics().get(metric))))
        .toArray(String[]::new);
  }

  /** What is said of a curve: metric, now, with twice the documents, interval, limit, exponent. */
  static String[] cells(MetricCurve curve) {
    return new String[] {
      curve.metric().written(),
      ComparisonText.share(curve.value()),
      ComparisonText.share(curve.doubled()),
      ComparisonText.between(curve.lower(), curve.upper()),
      ComparisonText.share(curve.limit()),
      String.format(Locale.ROOT, "%.2f", curve.exponent())
    };
  }

  /** For how many subjects more documents are known to help, in a sentence. */
  static String summary(LearningCurveReport report) {
    var fitted = report.subjects().stream().filter(s -> s.gain() != null).toList();
    return "Of %d subjects in the judged documents %d have a curve; %d of them gain clearly from %d further documents of their own."
        .formatted(
            report.subjects().size(),
            fitted.size(),
            fitted.stream().filter(SubjectCurve::clear).count(),
            report.furtherDocuments());
  }

  static String learnt(SubjectCurve subject) {
    return String.format(Locale.ROOT, "%.0f", subject.measured().getLast().trainingDocuments());
  }
}
