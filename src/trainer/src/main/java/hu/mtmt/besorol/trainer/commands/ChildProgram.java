package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.BesorolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** Another program of the project that a command runs in its place, with the same streams. */
final class ChildProgram {
  private ChildProgram() {}

  /**
   * A program of the checkout.
   *
   * @param directory of the program in the checkout, with forward slashes
   * @param file name of its launcher or jar there, as a glob
   * @throws BesorolException if it was not built, or there is no checkout around the launcher
   */
  static Path find(Console console, String directory, String file) {
    // The launcher lies in src/trainer/target.
    var checkout =
        console
            .home()
            .map(home -> home.resolve("../../..").normalize())
            .orElseThrow(
                () ->
                    BesorolException.plan(
                        "This works only with the launcher src/trainer/target/besorol of a"
                            + " checkout."));
    try (var found = Files.newDirectoryStream(checkout.resolve(directory), file)) {
      return found.iterator().next();
    } catch (IOException | NoSuchElementException e) {
      throw BesorolException.plan(
          "%s has no %s: build it with ./mvnw -q package -DskipTests in %s."
              .formatted(directory, file, checkout));
    }
  }

  /** Runs a jar until it ends. */
  static int runJar(Path jar, List<String> arguments) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<>(List.of(java, "--enable-native-access=ALL-UNNAMED"));
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(arguments);
    return run(command, Map.of());
  }

  /** Runs a program until it ends; when this process is told to end, so is the other one. */
  static int run(List<String> command, Map<String, String> environment) {
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      var hook =
          new Thread(
              () -> {
                process.destroy();
                process.onExit().join();
              });
      Runtime.getRuntime().addShutdownHook(hook);
      return process.waitFor();
    } catch (IOException e) {
      throw BesorolException.machine(
          "%s cannot be started (%s).".formatted(command.getFirst(), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BesorolException.machine("Interrupted while %s ran.".formatted(command.getFirst()), e);
    }
  }
}
