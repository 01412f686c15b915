package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.EvaluationReport.Slice;
import hu.mtmt.besorol.contract.EvaluationReport.SubjectResult;
import hu.mtmt.besorol.contract.Grades.Grade;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Prints reports for people. */
final class Reports {
  private Reports() {}

  /** Metrics over all documents and per level, as far as a level has any. */
  static void printMetrics(EvaluationReport report, PrintStream out) {
    var levels = report.levels().stream().filter(level -> !level.metrics().isEmpty()).toList();
    var head = new ArrayList<>(List.of("", "overall"));
    levels.forEach(level -> head.add("level " + level.name()));
    var table = Table.ofNumbers(head.toArray(String[]::new));
    for (var metric : report.overall().metrics().keySet()) {
      var row = new ArrayList<>(List.of(metric.written(), value(report.overall(), metric)));
      levels.forEach(level -> row.add(value(level, metric)));
      table.row(row.toArray(String[]::new));
    }
    table.print(out);
  }

  /** What is measured of the package and not of its answers. */
  static void printFigures(Judgement judgement, PrintStream out) {
    var table = Table.ofNumbers();
    judgement
        .figures()
        .forEach(
            (metric, value) -> {
              if (metric == Metric.LATENCY_P95_MILLIS || metric == Metric.PACKAGE_MIB) {
                table.row(metric.written(), value(metric, value));
              }
            });
    table.print(out);
  }

  private static String value(Slice slice, Metric metric) {
    var value = slice.metrics().get(metric);
    return value == null ? "" : value(metric, value);
  }

  /** A value with the digits that its unit deserves. */
  static String value(Metric metric, double value) {
    return switch (metric.unit()) {
      case SHARE -> String.format(Locale.ROOT, "%.4f", value);
      case COUNT -> String.format(Locale.ROOT, "%.0f", value);
      case MILLISECONDS -> String.format(Locale.ROOT, "%.2f ms", value);
      case MEBIBYTES -> String.format(Locale.ROOT, "%.2f MiB", value);
    };
  }

  /** The subjects with the best and the worst F1 among those that can be judged. */
  static void printSubjects(
      EvaluationReport report, Taxonomy taxonomy, int limit, PrintStream out) {
    var judged =
        report.subjects().stream()
            .filter(s -> s.grade() != Grade.BLUE)
            .sorted(
                Comparator.comparingDouble(SubjectResult::f1)
                    .reversed()
                    .thenComparing(Comparator.comparingInt(SubjectResult::documents).reversed()))
            .toList();
    if (judged.size() <= 2 * limit) {
      print("Subjects, the best first", judged, taxonomy, out);
    } else {
      print(
          "The best %d of %d subjects".formatted(limit, judged.size()),
          judged.subList(0, limit),
          taxonomy,
          out);
      out.println();
      print("The worst %d".formatted(limit), judged.reversed().subList(0, limit), taxonomy, out);
    }
  }

  private static void print(
      String title, List<SubjectResult> subjects, Taxonomy taxonomy, PrintStream out) {
    var table =
        Table.ofNumbers(
            title, "grade", "F1", "precision", "recall", "documents", "answered", "learnt");
    for (var s : subjects) {
      var label = taxonomy.subject(taxonomy.indexOf(s.subject())).label("en");
      table.row(
          label.equals(s.subject()) ? label : "%s (%s)".formatted(label, s.subject()),
          s.grade().name().toLowerCase(Locale.ROOT),
          share(s.f1()),
          share(s.precision()),
          share(s.recall()),
          Integer.toString(s.documents()),
          Integer.toString(s.answered()),
          s.trainingDocuments() == null ? "?" : s.trainingDocuments().toString());
    }
    table.print(out);
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Comparisons with one other version. */
  static void printComparisons(List<Comparison> comparisons, PrintStream out) {
    var table =
        Table.ofNumbers(
            "Compared with the baseline",
            "difference",
            "%s %% interval".formatted(Confidence.percent(comparisons.getFirst().confidence())),
            "");
    for (var c : comparisons) {
      table.row(
          c.metric().written(),
          signed(c.difference()),
          "[%s, %s]".formatted(signed(c.lower()), signed(c.upper())),
          c.lower() > 0 ? "better" : c.upper() < 0 ? "worse" : "no clear difference");
    }
    table.print(out);
  }

  private static String signed(double value) {
    return String.format(Locale.ROOT, "%+.4f", value);
  }
}
