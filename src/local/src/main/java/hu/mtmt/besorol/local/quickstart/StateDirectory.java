package hu.mtmt.besorol.local.quickstart;

import hu.mtmt.besorol.contract.BesorolException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Where a local cluster keeps everything.
 *
 * @param path of it
 */
record StateDirectory(Path path) {
  private static final List<String> CONTENTS =
      List.of("apiserver", "pods", "volumes", "kubeconfig", "local.log");

  /** Removes what an earlier cluster has left; what links point to stays. */
  void empty() {
    try {
      for (var name : CONTENTS) {
        var each = path.resolve(name);
        if (Files.exists(each)) {
          Files.walkFileTree(each, new Remover());
        }
      }
    } catch (IOException e) {
      throw BesorolException.machine(
          "%s cannot be emptied: %s. Remove it by hand.".formatted(path, e.getMessage()), e);
    }
  }

  /** From now on the log of this process goes into a file here, not to the screen. */
  void takeLog() {
    try {
      Files.createDirectories(path);
      var root = Logger.getLogger("");
      LogManager.getLogManager().reset();
      Handler file = new FileHandler(log().toString(), true);
      file.setFormatter(new SimpleFormatter());
      root.addHandler(file);
      root.setLevel(Level.INFO);
    } catch (IOException e) {
      throw BesorolException.machine(
          "%s cannot be written to: %s.".formatted(path, e.getMessage()), e);
    }
  }

  Path log() {
    return path.resolve("local.log");
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
