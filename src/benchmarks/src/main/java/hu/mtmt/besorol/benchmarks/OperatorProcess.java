package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.testkit.KubernetesBinaries;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged operator in a process of its own, with the options of its image. */
final class OperatorProcess implements AutoCloseable {
  private static final Path PROGRAM =
      KubernetesBinaries.repository().resolve("operator/target/quarkus-app/quarkus-run.jar");

  /**
   * As in {@code kubernetes/}: a container of 512 MiB, for which the JVM chooses this collector.
   */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:MaxRAM=512m",
          "-XX:+UseSerialGC",
          "@" + KubernetesBinaries.repository().resolve("operator/src/main/launcher/java.options"));

  /** Begin of the names of what the framework tells of reconciliations. */
  private static final String EVENTS = "operator_sdk_reconciliations_";

  private static final int HTTP_OK = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final HttpClient http = HttpClient.newHttpClient();
  private final long started = System.nanoTime();
  private final int port;
  private final Process process;

  /**
   * Starts it.
   *
   * @param namespace the one that it watches, and that has its lease
   * @param options of the JVM beyond those of the image
   * @param settings variables of its environment, beyond what it needs here
   * @param log gets what it prints, after what is there
   */
  OperatorProcess(
      Path kubeconfig,
      String namespace,
      List<String> options,
      Map<String, String> settings,
      Path log)
      throws IOException {
    if (!Files.exists(PROGRAM)) {
      throw new IllegalStateException(
          "%s is not there: build it with ./mvnw -q package -DskipTests.".formatted(PROGRAM));
    }
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(options);
    command.addAll(List.of("-jar", PROGRAM.toString()));
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    var environment = builder.environment();
    environment.put("MALLOC_ARENA_MAX", "1"); // as in kubernetes/
    environment.put("KUBECONFIG", kubeconfig.toString());
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    environment.put("QUARKUS_OPERATOR_SDK_NAMESPACES", namespace);
    environment.put("BESOROL_LEADER_ELECTION_NAMESPACE", namespace);
    environment.putAll(settings);
    process = builder.start();
  }

  /** Waits until it says that it is ready; gives the seconds since its start. */
  double awaitReady() throws InterruptedException {
    await(() -> get("/q/health/ready").statusCode() == HTTP_OK, "get ready");
    return seconds();
  }

  /**
   * Waits until at least so many reconciliations have been made, none is under way or waiting, and
   * every event is written; gives the seconds since its start.
   */
  double awaitSteady(int reconciliations) throws InterruptedException {
    await(
        () -> {
          var samples = samples();
          return samples.sum(EVENTS + "success_total") >= reconciliations
              && samples.sum(s -> s.name().startsWith(EVENTS + "queue_size_")) == 0
              && samples.sum(s -> s.name().startsWith(EVENTS + "executions_")) == 0
              && samples.sum("besorol_events_waiting") == 0;
        },
        "come to rest");
    return seconds();
  }

  /** How many reconciliations have ended well. */
  double reconciliations() throws IOException, InterruptedException {
    return samples().sum(EVENTS + "success_total");
  }

  /** What it tells Prometheus. */
  Samples samples() throws IOException, InterruptedException {
    return Samples.parse(get("/q/metrics").body());
  }

  /** Seconds since its start. */
  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  double cpuSeconds() {
    return process.info().totalCpuDuration().map(d -> d.toMillis() / 1e3).orElse(Double.NaN);
  }

  /** Memory that it has, and had at most, in MiB. */
  ProcessMemory memory() {
    return ProcessMemory.of(process.pid());
  }

  /** Ends it as Kubernetes does. */
  @Override
  public void close() {
    http.close();
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the operator does not end on SIGTERM");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path))).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private void await(Condition condition, String what) throws InterruptedException {
    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
      if (!process.isAlive()) {
        throw new IllegalStateException("the operator has ended with " + process.exitValue());
      }
      try {
        if (condition.holds()) {
          return;
        }
      } catch (IOException e) {
        // not listening yet
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IllegalStateException(
        "the operator does not %s within %d seconds".formatted(what, PATIENCE.toSeconds()));
  }
}
