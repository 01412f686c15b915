package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.BesorolException;
import picocli.CommandLine.Option;

/** The option {@code --threads}. */
final class Threads {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads work (default: all processors).")
  private Integer threads;

  /** As many as the option says, or as there are processors. */
  int count() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1 || threads > 1024) {
      throw BesorolException.plan("--threads must be from 1 to 1024, not %d.".formatted(threads));
    }
    return threads;
  }
}
