package hu.mtmt.besorol.trainer.commands;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code besorol local}. */
@Command(
    name = "local",
    description = "Runs the operator in a cluster of its own on this machine, without Docker.",
    footer = {"", "Arguments are passed on: besorol local -- --help explains them."})
public final class LocalCommand implements Callable<Integer> {
  private final Console console;

  @Unmatched private List<String> arguments;

  public LocalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var cluster =
        ChildProgram.find(console, "src/local/target/besorol-local", "besorol-local*.jar");
    return ChildProgram.runJar(cluster, arguments == null ? List.of() : arguments);
  }
}
