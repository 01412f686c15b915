package hu.mtmt.besorol.inference;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The packaged service as a process of its own. */
final class ServiceProcess implements AutoCloseable {
  private static final Path LAUNCHER = Path.of("target/besorol-inference");
  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final Path log;
  private final URI address;

  private ServiceProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.address = URI.create("http://localhost:" + port + "/");
  }

  /** Starts the service with these variables added to its environment; it may not be ready yet. */
  static ServiceProcess start(Map<String, String> environment) throws IOException {
    return start(environment, List.of(LAUNCHER.toString()));
  }

  /** Starts the service without its launcher. */
  static ServiceProcess startJar(Map<String, String> environment) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return start(environment, List.of(java, "-jar", JAR.toString()));
  }

  private static ServiceProcess start(Map<String, String> environment, List<String> command)
      throws IOException {
    var log = Files.createTempFile("besorol", ".log");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    int port = freePort();
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().putAll(environment);
    return new ServiceProcess(builder.start(), log, port);
  }

  /** Starts the service and waits until it is ready. */
  static ServiceProcess serve(Path modelPackage, Map<String, String> more) throws IOException {
    var environment = new HashMap<>(more);
    environment.put("BESOROL_PACKAGE", modelPackage.toString());
    var service = start(environment);
    service.awaitReady();
    return service;
  }

  void awaitReady() {
    Awaitility.await().atMost(PATIENCE).until(this::isReady);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  URI address() {
    return address;
  }

  /** A new connection to it. */
  Socket connect() throws IOException {
    return new Socket(address.getHost(), address.getPort());
  }

  boolean isReady() {
    if (!process.isAlive()) {
      throw new AssertionError("the service has ended: " + log());
    }
    return status("q/health/ready") == 200;
  }

  /** Status of a route, or -1 if there is no answer. */
  int status(String path) {
    try {
      var request =
          HttpRequest.newBuilder(address.resolve(path)).timeout(Duration.ofSeconds(5)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Holds the process up, as a machine does that has no time for it. */
  void hold() throws IOException, InterruptedException {
    kill("-STOP");
  }

  /** Lets a process go on that was held up. */
  void goOn() throws IOException, InterruptedException {
    kill("-CONT");
  }

  private void kill(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).inheritIO().start().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end; gives the exit code. */
  int waitForExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the service does not end: " + log());
    }
    return process.exitValue();
  }

  /** What it has written to its standard streams. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.deleteIfExists(log);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
