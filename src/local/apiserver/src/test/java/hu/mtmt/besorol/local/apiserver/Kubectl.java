package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program kubectl, pointed at a server.
 *
 * @param home keeps its caches apart from the user's
 */
record Kubectl(Path program, Path kubeconfig, Path home) {
  private static final int SECONDS = 60;

  /** What a command printed. */
  record Output(int code, String out, String err) {
    /** The output, which must be of a command that succeeded. */
    String text() {
      assertThat(code).as(err).isZero();
      return out;
    }
  }

  Process start(String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", home.toString());
    return builder.start();
  }

  /** Runs a command with a file or text on its standard input. */
  Output runWith(String input, String... arguments) throws IOException, InterruptedException {
    var out = Files.createTempFile(home, "out", "");
    var process = start(arguments);
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var err = Thread.ofVirtual().start(() -> copy(process, out));
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    err.join();
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Output(process.exitValue(), text, Files.readString(out));
  }

  private static void copy(Process process, Path file) {
    try (var in = process.getErrorStream()) {
      Files.write(file, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Output run(String... arguments) throws IOException, InterruptedException {
    return runWith("", arguments);
  }

  /** Reads the lines of a command that goes on, and ends it when it is closed. */
  record Running(Process process, BufferedReader out) implements AutoCloseable {
    String line() throws IOException {
      return out.readLine();
    }

    @Override
    public void close() {
      process.destroy();
    }
  }

  Running follow(String... arguments) throws IOException {
    var process = start(arguments);
    return new Running(process, process.inputReader(StandardCharsets.UTF_8));
  }
}
