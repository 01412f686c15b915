package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.datacheck.DataReport;
import hu.mtmt.besorol.datacheck.DataReport.Distribution;
import hu.mtmt.besorol.datacheck.DataReport.FileFacts;
import hu.mtmt.besorol.datacheck.DataReport.Finding;
import hu.mtmt.besorol.datacheck.DataReport.Severity;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints what there is in files of documents, and what is wrong with them. */
final class DataReports {
  private static final int LANGUAGES = 5;

  private DataReports() {}

  static void print(DataReport report, PrintStream out) {
    printFiles(report.files(), out);
    out.println();
    printLevels(report, out);
    out.println();
    report.findings().forEach(finding -> print(finding, out));
    out.println();
    out.println(verdict(report));
  }

  private static void printFiles(List<FileFacts> files, PrintStream out) {
    var table =
        Table.ofNumbers(
            "", "documents", "used", "subjects each", "characters each", "years", "languages");
    for (var file : files) {
      table.row(
          Path.of(file.file()).getFileName().toString(),
          count(file.documents()),
          count(file.used()),
          distribution(file.subjectsPerDocument()),
          distribution(file.characters()),
          file.years() == null
              ? ""
              : "%d–%d".formatted(file.years().minimum(), file.years().maximum()),
          languages(file));
    }
    table.print(out);
  }

  private static void printLevels(DataReport report, PrintStream out) {
    var table =
        Table.ofNumbers(
            "Documents to learn from",
            "subjects",
            "with documents",
            "with 1",
            "with 2",
            "each of these min/median/max");
    for (var level : report.levels()) {
      table.row(
          "level " + level.level(),
          count(level.subjects()),
          count(level.withDocuments()),
          count(level.withOne()),
          count(level.withTwo()),
          distribution(level.documents()));
    }
    table.print(out);
  }

  private static String distribution(Distribution numbers) {
    return numbers == null
        ? ""
        : "%s/%s/%s"
            .formatted(count(numbers.minimum()), count(numbers.median()), count(numbers.maximum()));
  }

  private static String languages(FileFacts file) {
    var named =
        file.languages().entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .limit(LANGUAGES)
            .map(e -> "%s %s".formatted(e.getKey(), count(e.getValue())))
            .collect(Collectors.joining(", "));
    if (file.languages().size() > LANGUAGES) {
      named += ", …";
    }
    return file.withoutLanguage() == 0
        ? named
        : (named.isEmpty() ? "" : named + ", ") + "not named " + count(file.withoutLanguage());
  }

  private static void print(Finding finding, PrintStream out) {
    out.println(mark(finding.severity()) + " " + finding.problem());
    finding.examples().forEach(example -> out.println("    " + example));
    if (finding.count() > finding.examples().size() && !finding.examples().isEmpty()) {
      out.println("    …");
    }
    if (finding.remedy() != null) {
      out.println("  → " + finding.remedy());
    }
  }

  private static String mark(Severity severity) {
    return switch (severity) {
      case REFUSED -> "✗";
      case WARNING -> "!";
      case PASSED -> "✓";
    };
  }

  private static String verdict(DataReport report) {
    long refused = count(report, Severity.REFUSED);
    long warnings = count(report, Severity.WARNING);
    if (refused > 0) {
      return "Training would refuse these data: see %s.".formatted(refused == 1 ? "✗" : "each ✗");
    }
    return warnings == 0
        ? "Nothing is wrong with these data."
        : "Training takes these data, with %d %s."
            .formatted(warnings, warnings == 1 ? "warning" : "warnings");
  }

  private static long count(DataReport report, Severity severity) {
    return report.findings().stream().filter(f -> f.severity() == severity).count();
  }

  private static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
