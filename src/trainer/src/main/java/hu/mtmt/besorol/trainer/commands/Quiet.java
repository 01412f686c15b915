package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.trainer.progress.ProgressPrinter;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The option {@code --quiet}. */
final class Quiet {
  @Option(names = "--quiet", description = "Shows no progress.")
  private boolean quiet;

  /** What is told of progress: {@code printer}, or nobody. */
  Consumer<Progress> of(ProgressPrinter printer) {
    return quiet ? ProgressPrinter.quiet() : printer;
  }
}
