package hu.mtmt.besorol.trainer.commands;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options {@code --json} and {@code --html}: where a report goes beside the console. */
final class ReportFiles {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes everything, with every subject, to a file.")
  private Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes it as a page for people, one file that needs no network.")
  private Path html;

  /** Where the JSON goes, or null. */
  Path json() {
    return json;
  }

  /** Where the page goes, or null. */
  Path html() {
    return html;
  }
}
