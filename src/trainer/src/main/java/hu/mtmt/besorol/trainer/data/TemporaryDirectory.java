package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.contract.BesorolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory that is deleted, with all that is in it, when it is closed.
 *
 * @param path where it is
 */
public record TemporaryDirectory(Path path) implements AutoCloseable {

  /**
   * Makes one.
   *
   * @param prefix of its name
   * @param remedy what to do if there can be none
   * @throws BesorolException {@code MACHINE_FAILED} if there can be none
   */
  public static TemporaryDirectory make(String prefix, String remedy) {
    try {
      return new TemporaryDirectory(Files.createTempDirectory(prefix));
    } catch (IOException e) {
      throw BesorolException.machine(
          "No temporary directory can be made (%s): %s.".formatted(e.getMessage(), remedy), e);
    }
  }

  /**
   * Deletes it.
   *
   * @throws BesorolException {@code MACHINE_FAILED} if it cannot be deleted
   */
  @Override
  public void close() {
    try {
      Directories.delete(path);
    } catch (IOException e) {
      throw BesorolException.machine(
          "%s cannot be deleted (%s): delete it by hand.".formatted(path, e.getMessage()), e);
    }
  }
}
