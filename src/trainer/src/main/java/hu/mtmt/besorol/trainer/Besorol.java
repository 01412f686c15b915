package hu.mtmt.besorol.trainer;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.trainer.commands.CompareCommand;
import hu.mtmt.besorol.trainer.commands.CompletionCommand;
import hu.mtmt.besorol.trainer.commands.Console;
import hu.mtmt.besorol.trainer.commands.DataCommand;
import hu.mtmt.besorol.trainer.commands.EvaluateCommand;
import hu.mtmt.besorol.trainer.commands.InspectCommand;
import hu.mtmt.besorol.trainer.commands.JobCommand;
import hu.mtmt.besorol.trainer.commands.LearningCurveCommand;
import hu.mtmt.besorol.trainer.commands.LocalCommand;
import hu.mtmt.besorol.trainer.commands.ServeCommand;
import hu.mtmt.besorol.trainer.commands.SuggestCommand;
import hu.mtmt.besorol.trainer.commands.TrainCommand;
import hu.mtmt.besorol.trainer.job.Failures;
import hu.mtmt.besorol.trainer.job.ProgramVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. Exit codes are those of {@link FailureKind}; 0 means success. */
@Command(
    name = "besorol",
    synopsisSubcommandLabel = "COMMAND",
    description = "Trains, judges and serves classifiers that sort publications into subjects.",
    footer = {
      "",
      "Documents are JSON lines with id, title, abstract, keywords, journal, language and"
          + " subjects;",
      "files may end in .gz or .zst. A first round:",
      "",
      "  besorol train --data DIR --output model",
      "  besorol evaluate model --data DIR/test.jsonl",
      "  besorol suggest model < new.jsonl",
      "",
      "Exit codes: 0 done; 2 the command line or the plan is wrong; 3 the data is wrong; 4 out of",
      "memory; 75 interrupted, try again; 1 anything else."
    })
public final class Besorol implements Runnable {
  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Shows where in the program an error came from.")
  private boolean stacktrace;

  @Spec private CommandSpec spec;

  private final Console console;

  Besorol(Console console) {
    this.console = console;
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String... arguments) {
    var termination = new Termination();
    termination.exit(run(Console.ofProcess(termination), arguments));
  }

  /** Runs a command and returns its exit code. */
  static int run(Console console, String... arguments) {
    try {
      return new Besorol(console).commandLine().execute(arguments);
    } finally {
      console.out().flush();
    }
  }

  private CommandLine commandLine() {
    var root = new CommandLine(this);
    root.addSubcommand(new TrainCommand(console))
        .addSubcommand(new EvaluateCommand(console))
        .addSubcommand(new CompareCommand(console))
        .addSubcommand(new LearningCurveCommand(console))
        .addSubcommand(new SuggestCommand(console))
        .addSubcommand(new InspectCommand(console))
        .addSubcommand(DataCommand.of(console))
        .addSubcommand(new ServeCommand(console))
        .addSubcommand(new LocalCommand(console))
        .addSubcommand(new CompletionCommand(console))
        .addSubcommand(new JobCommand(console));
    var version = "besorol " + ProgramVersion.current();
    addHelp(root, version);
    return root.setOut(console.outWriter())
        .setErr(console.errWriter())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setExecutionStrategy(this::execute)
        .setParameterExceptionHandler(this::explain);
  }

  private static void addHelp(CommandLine command, String version) {
    command.getCommandSpec().mixinStandardHelpOptions(true).version(version);
    command.getSubcommands().values().forEach(sub -> addHelp(sub, version));
  }

  /** Without a command there is nothing to do but to say what there is. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "Say what to do: one of " + String.join(", ", spec.subcommands().keySet()) + ".");
  }

  private int execute(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (ExecutionException e) {
      return fail(e.getCause() == null ? e : e.getCause());
    } catch (OutOfMemoryError e) {
      return fail(e);
    }
  }

  private int fail(Throwable thrown) {
    var failure = Failures.of(thrown);
    // The whole message: a Failure is cut for the way between processes.
    var message = thrown instanceof BesorolException e ? e.getMessage() : failure.message();
    console.err().println("besorol: " + message);
    if (stacktrace) {
      thrown.printStackTrace(console.err());
    } else if (failure.kind() == FailureKind.PROGRAM_FAILED) {
      console.err().println("besorol: this is a defect of the program; --stacktrace shows where.");
    }
    return failure.kind().exitCode();
  }

  private int explain(CommandLine.ParameterException e, String[] arguments) {
    var command = e.getCommandLine();
    console.err().println("besorol: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
    command.getErr().flush();
    console
        .err()
        .println(
            "besorol: '%s --help' explains it."
                .formatted(command.getCommandSpec().qualifiedName()));
    return FailureKind.PLAN_INVALID.exitCode();
  }
}
