package hu.mtmt.besorol.trainer.commands;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code besorol completion}. */
@Command(
    name = "completion",
    description = "Prints a script with which the shell completes commands and options.",
    footer = {
      "",
      "  source <(besorol completion bash)      # or into ~/.bashrc",
      "  source <(besorol completion zsh)       # or into ~/.zshrc"
    })
public final class CompletionCommand implements Callable<Integer> {
  private final Console console;

  /** The shells that the script works in. */
  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell;

  @Spec private CommandSpec spec;

  public CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var script = AutoComplete.bash("besorol", spec.root().commandLine());
    if (shell == Shell.ZSH) {
      // zsh runs completions of bash once it is told to.
      console.out().println("autoload -Uz compinit bashcompinit && compinit && bashcompinit");
    }
    console.out().print(script);
    console.out().flush();
    return 0;
  }
}
