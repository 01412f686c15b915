package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.ComparisonReport;
import hu.mtmt.besorol.contract.ComparisonReport.Contestant;
import hu.mtmt.besorol.contract.ComparisonReport.Difference;
import hu.mtmt.besorol.contract.ComparisonReport.Part;
import hu.mtmt.besorol.contract.ComparisonReport.SubjectDifference;
import hu.mtmt.besorol.contract.ComparisonReport.Versus;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Prints a comparison for people. */
final class ComparisonText {
  /** Of the subjects that count as different at most this share is expected not to be. */
  static final double FALSE_DISCOVERIES = 0.05;

  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final ComparisonReport report;
  private final Taxonomy taxonomy;
  private final boolean coloured;
  private final PrintStream out;

  ComparisonText(ComparisonReport report, Taxonomy taxonomy, Console console) {
    this.report = report;
    this.taxonomy = taxonomy;
    this.coloured = console.coloured();
    this.out = console.out();
  }

  /**
   * Prints all but most subjects.
   *
   * @param data where the documents are
   * @param subjects how many of them at most
   */
  void print(Path data, int subjects) {
    out.println("%d documents of %s".formatted(report.judged(), data));
    if (report.contestants().size() > 2) {
      out.println();
      printRanking();
    }
    for (var versus : report.comparisons()) {
      out.println();
      printOverall(versus);
      out.println();
      printParts(versus);
      if (subjects > 0) {
        out.println();
        printSubjects(versus, subjects);
      }
    }
    out.flush();
  }

  private void printRanking() {
    var table =
        Table.ofNumbers("Ranking", report.rankedBy().written(), "rank", interval(), "best in");
    for (var contestant : ranked(report)) {
      var place = contestant.place();
      table.row(
          contestant.name(),
          Reports.value(report.rankedBy(), contestant.metrics().get(report.rankedBy())),
          Integer.toString(place.rank()),
          place.best() == place.worst()
              ? Integer.toString(place.best())
              : place.best() + "–" + place.worst(),
          String.format(Locale.ROOT, "%.0f %%", 100 * place.first()));
    }
    table.print(out);
  }

  /** The contestants, the best first. */
  static List<Contestant> ranked(ComparisonReport report) {
    return report.contestants().stream()
        .sorted(Comparator.comparingInt(c -> c.place().rank()))
        .toList();
  }

  private void printOverall(Versus versus) {
    out.println("%s against %s".formatted(versus.contestant(), report.baseline()));
    var table = table("");
    versus.overall().differences().forEach(d -> row(table, d.metric().written(), d));
    table.print(out);
  }

  /** Levels and branches by one metric; all are in the JSON. */
  private void printParts(Versus versus) {
    var metric = metricOfParts(report);
    var table = table(metric.written() + " by level and branch");
    for (var level : versus.levels()) {
      row(table, "level " + level.name(), difference(level, metric));
    }
    for (var branch : versus.branches()) {
      row(table, name(branch.name()), difference(branch, metric));
    }
    table.print(out);
  }

  /** The metric that places are of, if parts have it. */
  static Metric metricOfParts(ComparisonReport report) {
    return report.comparisons().stream()
            .flatMap(v -> v.levels().stream())
            .flatMap(level -> level.differences().stream())
            .anyMatch(d -> d.metric() == report.rankedBy())
        ? report.rankedBy()
        : Metric.STRICT_F1;
  }

  static Difference difference(Part part, Metric metric) {
    return part.differences().stream().filter(d -> d.metric() == metric).findFirst().orElseThrow();
  }

  private void printSubjects(Versus versus, int limit) {
    out.println(summary(versus));
    var shown = clearest(versus).limit(limit).toList();
    if (shown.isEmpty()) {
      return;
    }
    var table =
        Table.ofNumbers(
            "F1 by subject, the clearest first",
            "documents",
            "baseline",
            "value",
            "difference",
            interval(),
            "p",
            "q",
            "");
    for (var s : shown) {
      boolean clear = s.q() <= FALSE_DISCOVERIES;
      table.row(
          name(s.subject()),
          Integer.toString(s.documents()),
          share(s.baseline()),
          share(s.value()),
          signed(s.difference()),
          between(s.lower(), s.upper()),
          probability(s.p()),
          probability(s.q()),
          verdict(clear && s.difference() > 0, clear && s.difference() < 0));
    }
    table.print(out);
  }

  /** How many subjects differ, in a sentence. */
  static String summary(Versus versus) {
    var tested = clearest(versus).toList();
    long better = tested.stream().filter(s -> isClear(s) && s.difference() > 0).count();
    long worse = tested.stream().filter(s -> isClear(s) && s.difference() < 0).count();
    return "Of %d subjects %d were answered differently; %d are better and %d worse with at most %.0f %% false discoveries."
        .formatted(versus.subjects().size(), tested.size(), better, worse, 100 * FALSE_DISCOVERIES);
  }

  static boolean isClear(SubjectDifference subject) {
    return subject.q() != null && subject.q() <= FALSE_DISCOVERIES;
  }

  /** The subjects that were tested, those with the smallest p first. */
  static Stream<SubjectDifference> clearest(Versus versus) {
    return versus.subjects().stream()
        .filter(s -> s.p() != null)
        .sorted(
            Comparator.comparing(SubjectDifference::p)
                .thenComparing(Comparator.comparingDouble(s -> -Math.abs(s.difference()))));
  }

  private Table table(String title) {
    return Table.ofNumbers(title, "baseline", "value", "difference", interval(), "p", "");
  }

  private void row(Table table, String name, Difference d) {
    table.row(
        name,
        share(d.baseline()),
        share(d.value()),
        signed(d.difference()),
        between(d.lower(), d.upper()),
        probability(d.p()),
        verdict(d.lower() > 0, d.upper() < 0));
  }

  private String verdict(boolean better, boolean worse) {
    if (!better && !worse) {
      return "";
    }
    var word = better ? "better" : "worse";
    return coloured ? (better ? GREEN : RED) + word + PLAIN : word;
  }

  private String interval() {
    return Confidence.percent(report.confidence()) + " % interval";
  }

  private String name(String subject) {
    return name(taxonomy, subject);
  }

  /** Label and id. */
  static String name(Taxonomy taxonomy, String subject) {
    var label = taxonomy.subject(taxonomy.indexOf(subject)).label("en");
    return label.equals(subject) ? label : "%s (%s)".formatted(label, subject);
  }

  static String share(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  static String signed(double value) {
    return String.format(Locale.ROOT, "%+.4f", value);
  }

  static String between(double lower, double upper) {
    return "[%s, %s]".formatted(signed(lower), signed(upper));
  }

  /** With four digits, or its order of magnitude if that would be nothing. */
  static String probability(double p) {
    return String.format(Locale.ROOT, p < 0.0001 ? "%.0e" : "%.4f", p);
  }
}
