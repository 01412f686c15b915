package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged operator, as processes. */
@RealApiServerTest
class PackagedOperatorIT {
  private static final Path PROGRAM =
      KubernetesBinaries.repository().resolve("operator/target/quarkus-app/quarkus-run.jar");

  @TempDir private Path directory;

  @Test
  void secondReplicaTakesOver(RealApiServer server) throws Exception {
    assertThat(PROGRAM).as("mvn package builds it").exists();
    var namespace = server.namespace("packaged");
    var first = new Replica(server, namespace, "first");
    var second = new Replica(server, namespace, "second");
    try (var client = server.newClient()) {
      var cluster = new StandInControllers(client, namespace);
      first.start();
      until(() -> leader(server, namespace).equals("first"));
      second.start();
      until(() -> first.status("/q/health/ready") == 200);
      until(() -> second.status("/q/health/ready") == 200);
      client.resource(Samples.model("frascati")).inNamespace(namespace).create();
      client.resource(Samples.run("one", "frascati")).inNamespace(namespace).create();
      until(() -> cluster.job("one") != null);
      until(() -> first.body("/q/metrics").contains("besorol_runs{state=\"pending\"} 1.0"));
      until(() -> first.body("/q/metrics").contains("besorol_events_waiting 0.0"));
      assertThat(first.body("/q/metrics"))
          .contains("operator_sdk_controllers_execution_reconcile_seconds_count");

      first.kill();
      client.resource(Samples.run("two", "frascati")).inNamespace(namespace).create();
      until(() -> cluster.job("two") != null);
      assertThat(leader(server, namespace)).isEqualTo("second");
      second.terminate();
      assertThat(second.log()).doesNotContain("ERROR");
      assertThat(leader(server, namespace)).as("given back, not to be waited for").isEmpty();
    } finally {
      first.kill();
      second.kill();
    }
  }

  private static String leader(RealApiServer server, String namespace) {
    var lease = server.client().leases().inNamespace(namespace).withName("besorol-operator").get();
    return lease == null ? "" : lease.getSpec().getHolderIdentity();
  }

  /** A process of the operator. */
  private final class Replica {
    private final RealApiServer server;
    private final String namespace;
    private final String name;
    private final Path log;
    private final int port;
    private Process process;

    Replica(RealApiServer server, String namespace, String name) throws IOException {
      this.server = server;
      this.namespace = namespace;
      this.name = name;
      this.log = directory.resolve(name + ".log");
      try (var socket = new ServerSocket(0)) {
        this.port = socket.getLocalPort();
      }
    }

    void start() throws IOException {
      var builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  PROGRAM.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      var environment = builder.environment();
      environment.put("KUBECONFIG", server.kubeconfig().toString());
      environment.put("HOSTNAME", name);
      environment.put("QUARKUS_HTTP_PORT", String.valueOf(port));
      environment.put("QUARKUS_OPERATOR_SDK_NAMESPACES", namespace);
      environment.put("BESOROL_LEADER_ELECTION_NAMESPACE", namespace);
      environment.put("BESOROL_LEADER_ELECTION_LEASE_DURATION", "3s");
      environment.put("BESOROL_LEADER_ELECTION_RENEW_DEADLINE", "2s");
      environment.put("BESOROL_LEADER_ELECTION_RETRY_PERIOD", "500ms");
      process = builder.start();
    }

    int status(String path) throws InterruptedException {
      var answer = answer(path);
      return answer == null ? 0 : answer.statusCode();
    }

    String body(String path) throws InterruptedException {
      var answer = answer(path);
      return answer == null ? "" : answer.body();
    }

    /** Null while nobody listens. */
    private HttpResponse<String> answer(String path) throws InterruptedException {
      try (var http = HttpClient.newHttpClient()) {
        return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
      } catch (IOException e) {
        return null;
      }
    }

    String log() throws IOException {
      return Files.readString(log);
    }

    void terminate() throws InterruptedException {
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends on SIGTERM").isTrue();
    }

    void kill() throws InterruptedException {
      if (process != null) {
        process.destroyForcibly().waitFor();
      }
    }
  }
}
