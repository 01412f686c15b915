package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.ensemble.EnsembleFamily;
import hu.mtmt.besorol.classifiers.trees.OutOfBag;
import hu.mtmt.besorol.contract.ModelManifest.DataReference;
import hu.mtmt.besorol.report.HtmlReport;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Prints what a package is. */
final class PackageFacts {
  private PackageFacts() {}

  static void print(ModelPackage model, Path directory, PrintStream out) {
    var manifest = model.manifest();
    var taxonomy = model.target().taxonomy();
    var decision = manifest.decision();
    var table = Table.ofFacts();
    table
        .row("Package", directory.toString())
        .row("Version", model.version().value())
        .row("Size", String.format(Locale.ROOT, "%.1f MiB", model.bytes() / (double) (1 << 20)))
        .row("Algorithm", manifest.algorithm().type().written())
        .row(
            "Subjects",
            "%d of %d in the taxonomy (%s, %s)"
                .formatted(
                    manifest.subjects(),
                    taxonomy.size(),
                    manifest.taxonomy().digest().abbreviated(),
                    manifest.taxonomy().level() == null
                        ? "all levels"
                        : "down to level " + manifest.taxonomy().level()))
        .row("Training", reference(manifest.training()))
        .row("Validation", reference(manifest.validation()))
        .row("Holdout", manifest.holdout() == null ? "none" : reference(manifest.holdout()))
        .row(
            "Decision",
            String.format(
                Locale.ROOT,
                "scores from %.3f on, at least %d and at most %d subjects",
                decision.threshold(),
                decision.minimumSubjects(),
                decision.maximumSubjects()))
        .row("Language", manifest.defaultLanguage() + " unless a document names its own")
        .row(
            "Report",
            Files.exists(directory.resolve(HtmlReport.FILE))
                ? directory.resolve(HtmlReport.FILE).toString()
                : "none")
        .row("Seed", manifest.seed().toString())
        .row("Written by", "besorol " + manifest.codeVersion());
    try {
      outOfBag(directory).ifPresent(error -> table.row("Out of bag", error));
      for (var member : EnsembleFamily.members(directory).entrySet()) {
        var error = outOfBag(member.getValue()).map(e -> ": out of bag " + e).orElse("");
        table.row("Member", member.getKey() + error);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    table.print(out);
  }

  private static Optional<String> outOfBag(Path directory) throws IOException {
    return OutOfBag.of(directory)
        .filter(outOfBag -> outOfBag.error() != null)
        .map(
            outOfBag ->
                String.format(
                    Locale.ROOT,
                    "the best subject of %.4f of %d training documents is wrong",
                    outOfBag.error(),
                    outOfBag.documents()));
  }

  /** How to get the report of a package that has none. */
  static String howToReport(Path directory) {
    return "To judge it: besorol evaluate %s --data FILE --report report.html".formatted(directory);
  }

  private static String reference(DataReference data) {
    return "%d documents (%s)".formatted(data.documents(), data.digest().abbreviated());
  }
}
