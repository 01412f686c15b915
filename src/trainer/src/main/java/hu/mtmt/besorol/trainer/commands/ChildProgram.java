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
   * @param jar name of its jar there, as a glob
   * @throws BesorolException if it was not built, or there is no checkout around the launcher
   */
  static Path find(Console console, String directory, String jar) {
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
    try (var jars = Files.newDirectoryStream(checkout.resolve(directory), jar)) {
      return jars.iterator().next();
    } catch (IOException | NoSuchElementException e) {
      throw BesorolException.plan(
          "%s has no %s: build it with ./mvnw -q package -DskipTests in %s."
              .formatted(directory, jar, checkout));
    }
  }

  /** Runs a jar until it ends; when this process is told to end, so is the other one. */
  static int run(Path jar, List<String> arguments, Map<String, String> environment) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    var cache = jar.resolveSibling("app.aot");
    if (Files.isReadable(cache)) {
      command.add("-XX:AOTCache=" + cache);
    }
    command.add("-jar");
    command.add(jar.toString());
    command.addAll(arguments);
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
          "%s cannot be started (%s).".formatted(jar, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BesorolException.machine("Interrupted while %s ran.".formatted(jar), e);
    }
  }
}
