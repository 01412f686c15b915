package hu.mtmt.besorol.local.quickstart;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.local.Programs;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code besorol local}: the quickstart, unless another command is named. */
@Command(
    name = "besorol local",
    mixinStandardHelpOptions = true,
    description = "Runs the operator in a cluster of its own on this machine, without Docker.",
    synopsisSubcommandLabel = "[quickstart|up]")
public final class Local {
  private Local() {}

  /**
   * Runs a command; without one, the quickstart.
   *
   * @param arguments of the command line
   */
  public static void main(String... arguments) {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(out, err, arguments));
  }

  private static int run(PrintStream out, PrintStream err, String... arguments) {
    var isTerminal = System.console() != null && System.console().isTerminal();
    var screen = new Screen(out, isTerminal);
    try {
      var programs = Programs.around(ownPlace());
      var commands =
          new CommandLine(new Local())
              .addSubcommand(new QuickstartCommand(programs, screen))
              .addSubcommand(new UpCommand(programs, screen));
      commands.setExecutionExceptionHandler((e, commandLine, parsed) -> tell(err, e));
      var first = arguments.length == 0 ? "" : arguments[0];
      var isNamed =
          commands.getSubcommands().containsKey(first) || List.of("-h", "--help").contains(first);
      return commands.execute(
          isNamed
              ? arguments
              : Stream.concat(Stream.of(QuickstartCommand.NAME), Stream.of(arguments))
                  .toArray(String[]::new));
    } catch (BesorolException e) {
      return tell(err, e);
    }
  }

  /** The jar of this class, which lies in the checkout wherever the command is typed. */
  private static Path ownPlace() {
    try {
      return Path.of(Local.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int tell(PrintStream err, Exception e) {
    if (e instanceof BesorolException told) {
      err.println(told.getMessage());
      return told.kind().exitCode();
    }
    e.printStackTrace(err);
    return 1;
  }
}
