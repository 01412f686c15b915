package hu.mtmt.besorol.trainer.commands;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code besorol data}: what is done with documents before anything is learnt from them. */
@Command(
    name = "data",
    synopsisSubcommandLabel = "COMMAND",
    description = "Checks and splits documents before anything is learnt from them.")
public final class DataCommand implements Runnable {
  @Spec private CommandSpec spec;

  private DataCommand() {}

  /** The command with its own commands. */
  public static CommandLine of(Console console) {
    return new CommandLine(new DataCommand())
        .addSubcommand(new DataCheckCommand(console))
        .addSubcommand(new DataSplitCommand(console));
  }

  /** Without a command there is nothing to do but to say what there is. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "Say what to do: one of " + String.join(", ", spec.subcommands().keySet()) + ".");
  }
}
