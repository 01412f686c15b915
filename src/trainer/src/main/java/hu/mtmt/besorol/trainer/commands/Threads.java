package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.BesorolException;

/** The option {@code --threads}. */
final class Threads {
  private Threads() {}

  /** As many as the option says, or as there are processors. */
  static int of(Integer option) {
    if (option == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (option < 1 || option > 1024) {
      throw BesorolException.plan("--threads must be from 1 to 1024, not %d.".formatted(option));
    }
    return option;
  }
}
