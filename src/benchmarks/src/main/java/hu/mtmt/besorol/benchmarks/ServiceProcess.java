package hu.mtmt.besorol.benchmarks;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The packaged service in a process of its own, as its launcher starts it. */
final class ServiceProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int HTTP_OK = 200;
  private static final Pattern LOADED = Pattern.compile("loaded in ([0-9]+) ms");

  private final long started = System.nanoTime();
  private final int port;
  private final Path log;
  private final Process process;

  /**
   * Starts it.
   *
   * @param before what the launcher is an argument of, such as {@code taskset}; mostly nothing
   * @param modelPackage what it serves
   */
  ServiceProcess(List<String> before, Path launcher, Path modelPackage) throws IOException {
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var command = new ArrayList<>(before);
    command.add(launcher.toAbsolutePath().toString());
    log = Files.createTempFile("service", ".log");
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(log.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    var environment = builder.environment();
    environment.put("PORT", Integer.toString(port));
    environment.put("BESOROL_PACKAGE", modelPackage.toAbsolutePath().normalize().toString());
    environment.put("BESOROL_SHUTDOWN_DELAY", "0s");
    process = builder.start();
  }

  /** Waits until it says that it is ready; gives the milliseconds since its start. */
  long awaitReady() throws IOException, InterruptedException {
    for (long end = System.nanoTime() + PATIENCE.toNanos();
        System.nanoTime() < end && process.isAlive(); ) {
      try (var connection = connect()) {
        if (connection.exchange("GET /q/health/ready", HttpConnection.JSON, new byte[0])
            == HTTP_OK) {
          return (System.nanoTime() - started) / 1_000_000;
        }
      } catch (IOException e) {
        // not listening yet
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new IOException("the service does not get ready");
  }

  /** The milliseconds, by its own log, that its package took until it could be asked. */
  long loading() throws IOException {
    var loaded = LOADED.matcher(Files.readString(log));
    if (!loaded.find()) {
      throw new IOException("the service does not say how long its package took");
    }
    return Long.parseLong(loaded.group(1));
  }

  /** A new connection to it. */
  HttpConnection connect() throws IOException {
    return new HttpConnection(port);
  }

  /** What it has used of the cores so far, user and system. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Resident memory, in MiB. */
  double resident() {
    return ProcessMemory.of(process.pid()).resident();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process.onExit().join();
    Files.delete(log);
  }
}
