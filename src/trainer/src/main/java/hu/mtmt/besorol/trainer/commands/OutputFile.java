package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.BesorolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that an option such as {@code --json} names. */
final class OutputFile {
  private OutputFile() {}

  /** Writes it, in place of what was there. */
  static void write(Path file, byte[] report) {
    try {
      Files.write(file, report);
    } catch (IOException e) {
      throw BesorolException.machine(
          "The report cannot be written to %s (%s): check the directory and its free space."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
