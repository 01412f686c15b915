package hu.mtmt.besorol.inference;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.contract.ServiceReport;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only a process of its own can show: its end, its memory, and what becomes of connections.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ServiceProcessIT {
  private static final byte[] ASK_FOR_MODEL =
      "GET /v1/model HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(US_ASCII);

  private static final String DOCUMENT = "{\"id\": \"%d\", \"title\": \"quantum plasma and muon\"}";

  @TempDir static Path store;

  private static Path modelPackage;

  @TempDir Path directory;

  @BeforeAll
  static void train() {
    ModelPackage trained = TinyModel.train(store);
    modelPackage = trained.directory().toAbsolutePath();
  }

  @Test
  void endsWithASentenceIfNoPackageIsNamed() throws Exception {
    assertFails(Map.of(), 2, "BESOROL_PACKAGE is not set: set it to the absolute path");
  }

  @Test
  void endsWithASentenceIfThePackageIsMissing() throws Exception {
    assertFails(
        Map.of("BESOROL_PACKAGE", directory.resolve("nothing").toString()),
        3,
        "There is no model package");
  }

  @Test
  void endsWithASentenceIfThePackageIsDamaged() throws Exception {
    var damaged = copyOfPackage(directory.resolve("damaged"));
    var taxonomy = damaged.resolve("taxonomy.jsonl");
    Files.writeString(taxonomy, Files.readString(taxonomy).replace("Physics", "Physicz"));

    assertFails(
        Map.of("BESOROL_PACKAGE", damaged.toString()), 3, "is damaged: taxonomy.jsonl was changed");
  }

  @Test
  void endsWithASentenceIfThePathIsRelative() throws Exception {
    assertFails(Map.of("BESOROL_PACKAGE", "models/x"), 2, "must be an absolute path");
  }

  @Test
  void leavesTheSentenceAsTerminationMessage() throws Exception {
    Files.createDirectories(directory.resolve("dev"));
    assertFails(
        Map.of(
            "BESOROL_PACKAGE", "/models/x", "CONTAINER_SANDBOX_MOUNT_POINT", directory.toString()),
        3,
        "There is no model package");
    assertThat(directory.resolve("dev/termination-log"))
        .content()
        .startsWith("There is no model package " + directory.resolve("models/x"));
  }

  @Test
  void someDocumentsAreAnsweredByTheServingVersionToo() throws Exception {
    var told = comparedWith(modelPackage);
    assertThat(told.baseline().version()).isEqualTo(told.version());
    assertThat(told.baseline().agreeing()).isEqualTo(told.baseline().documents());
  }

  @Test
  void aServingVersionThatSaysOtherwiseDoesNotAgree() throws Exception {
    var other = TinyModel.trainOtherwise(directory);
    var told = comparedWith(other.directory().toAbsolutePath());
    assertThat(told.baseline().version()).isEqualTo(other.version());
    assertThat(told.baseline().agreeing()).isZero();
  }

  /** What a process tells that has answered more than two documents with that package too. */
  private static ServiceReport comparedWith(Path baseline) throws IOException {
    try (var process =
        ServiceProcess.serve(
            modelPackage, Map.of("BESOROL_BASELINE_PACKAGE", baseline.toString()))) {
      var service = new Service(process.address());
      return Awaitility.await()
          .until(
              () -> {
                service.classify("{\"title\": \"quantum plasma and muon\"}");
                return service.report();
              },
              told -> told.baseline().documents() > 2);
    }
  }

  @Test
  void answersAllTheSameIfTheServingVersionCannotBeLoaded() throws Exception {
    try (var process =
        ServiceProcess.serve(
            modelPackage, Map.of("BESOROL_BASELINE_PACKAGE", "/nothing/is/here"))) {
      var service = new Service(process.address());
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(process.log())
                      .contains(
                          "Nothing is compared with the version that is served: There is no"));
      service.classify("{\"title\": \"quantum plasma and muon\"}");
      assertThat(service.report().baseline()).isNull();
    }
  }

  private static void assertFails(Map<String, String> environment, int exitCode, String sentence)
      throws Exception {
    try (var service = ServiceProcess.start(environment)) {
      assertThat(service.waitForExit()).as(service::log).isEqualTo(exitCode);
      assertThat(service.log()).contains(sentence);
    }
  }

  private static Path copyOfPackage(Path to) throws IOException {
    Files.createDirectory(to);
    try (var files = Files.list(modelPackage)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  @Test
  void findsThePackageBelowTheContainersRoot() throws Exception {
    var environment = Map.of("CONTAINER_SANDBOX_MOUNT_POINT", modelPackage.getParent().toString());
    try (var service =
        ServiceProcess.serve(Path.of("/" + modelPackage.getFileName()), environment)) {
      assertThat(service.status("v1/model")).isEqualTo(200);
    }
  }

  @Test
  void asksForAKeyIfItWasGivenKeys() throws Exception {
    var keys = Files.writeString(directory.resolve("keys"), "0123456789abcdef\n");
    try (var process =
        ServiceProcess.serve(modelPackage, Map.of("BESOROL_API_KEYS_FILE", keys.toString()))) {
      var service = new Service(process.address());

      var refused = service.get("/v1/model", "");
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.detail()).contains("Authorization: Bearer KEY");
      assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");

      var request = service.request("/v1/model").header("Authorization", "Bearer 0123456789abcdef");
      assertThat(service.send("/v1/model", request).status()).isEqualTo(200);
    }
  }

  @Test
  void asksClientsToTakeAnotherConnectionWhenTheirsIsOld() throws Exception {
    try (var service = ServiceProcess.serve(modelPackage, Map.of("BESOROL_CONNECTION_AGE", "0s"));
        var socket = service.connect()) {
      socket.getOutputStream().write(ASK_FOR_MODEL);
      Awaitility.await().until(() -> socket.getInputStream().available() > 0);
      socket.getOutputStream().write(ASK_FOR_MODEL);
      var answers = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSize(3);
      assertThat(answers.toLowerCase(Locale.ROOT).split("connection: close", -1)).hasSize(2);
    }
  }

  @Test
  void startsFromItsJarToo() throws Exception {
    try (var service =
        ServiceProcess.startJar(Map.of("BESOROL_PACKAGE", modelPackage.toString()))) {
      service.awaitReady();
      assertThat(new Service(service.address()).classify("{\"title\": \"muon\"}").status())
          .isEqualTo(200);
    }
  }

  @Test
  void streamsAnyNumberOfDocumentsInLittleMemoryToASlowReader() throws Exception {
    int documents = 200_000;
    try (var service = ServiceProcess.serve(modelPackage, Map.of("BESOROL_JAVA_OPTS", "-Xmx48m"));
        var stream = new DuplexStream(service.address());
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var written = new AtomicInteger();
      var writing =
          executor.submit(
              () -> {
                var lines = new StringBuilder();
                for (int i = 0; i < documents; i++) {
                  lines.append(DOCUMENT.formatted(i)).append('\n');
                  if (lines.length() > 10_000) {
                    stream.write(lines.toString());
                    written.set(i);
                    lines.setLength(0);
                  }
                }
                stream.write(lines.toString());
                stream.end();
                return null;
              });

      // While nobody reads the answers, the service soon takes no more documents.
      var before = new AtomicInteger(-1);
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> before.getAndSet(written.get()) == written.get() && written.get() > 0);
      assertThat(written.get()).isLessThan(documents - 50_000);
      assertThat(service.status("v1/model")).isEqualTo(200);

      for (int i = 0; i < documents; i++) {
        assertThat(stream.readLine()).startsWith("{\"id\":\"%d\",".formatted(i));
      }
      assertThat(stream.readLine()).isNull();
      writing.get();
    }
  }

  @Test
  void isNotHeldUpByClientsThatAreSlowToSend() throws Exception {
    var environment = Map.of("BESOROL_LIMITS_BODY_TIME", "3s");
    var slow = new ArrayList<Socket>();
    try (var service = ServiceProcess.serve(modelPackage, environment)) {
      for (int i = 0; i < 500; i++) {
        var socket = service.connect();
        socket
            .getOutputStream()
            .write(
                """
                POST /v1/classify HTTP/1.1\r
                Host: test\r
                Content-Type: application/json\r
                Content-Length: 1000\r
                \r
                {"title":\
                """
                    .getBytes(US_ASCII));
        slow.add(socket);
      }

      assertThat(new Service(service.address()).classify("{\"title\": \"muon\"}").status())
          .isEqualTo(200);

      for (var socket : slow) {
        var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
        assertThat(answer)
            .startsWith("HTTP/1.1 408 ")
            .contains("The body did not arrive within 3 seconds")
            .containsIgnoringCase("connection: close");
      }
    } finally {
      for (var socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void finishesAStreamThatIsUnderWayWhenItIsToStop() throws Exception {
    var environment = Map.of("BESOROL_SHUTDOWN_DELAY", "0s", "BESOROL_SHUTDOWN_TIMEOUT", "60s");
    try (var service = ServiceProcess.serve(modelPackage, environment);
        var stream = new DuplexStream(service.address())) {
      stream.write(DOCUMENT.formatted(0) + "\n");
      assertThat(stream.readLine()).startsWith("{\"id\":\"0\"");

      service.terminate();
      Awaitility.await().until(() -> service.status("q/health/ready") != 200);
      for (int i = 1; i < 10; i++) {
        stream.write(DOCUMENT.formatted(i) + "\n");
        assertThat(stream.readLine()).startsWith("{\"id\":\"%d\"".formatted(i));
      }
      assertThat(service.isAlive()).isTrue();
      stream.end();
      assertThat(stream.readLine()).isNull();
      assertThat(service.waitForExit()).isEqualTo(143);
    }
  }

  @Test
  void answersWhatHadComeBeforeItWasToStop() throws Exception {
    var sockets = new ArrayList<Socket>();
    try (var service = ServiceProcess.serve(modelPackage, Map.of("BESOROL_SHUTDOWN_DELAY", "0s"))) {
      service.hold();
      for (int i = 0; i < 100; i++) {
        var socket = service.connect();
        sockets.add(socket);
        socket.getOutputStream().write(ASK_FOR_MODEL);
      }
      service.terminate();
      service.goOn();

      for (var socket : sockets) {
        var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 200 ");
      }
      assertThat(service.waitForExit()).isEqualTo(143);
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  /**
   * Two processes behind a client that asks each in turn while it is ready, like a Service does.
   */
  @Test
  void losesNoRequestWhenOneOfTwoIsStopped() throws Exception {
    try (var leaving = ServiceProcess.serve(modelPackage, Map.of("BESOROL_SHUTDOWN_DELAY", "6s"));
        var staying = ServiceProcess.serve(modelPackage, Map.of());
        var ticker = Executors.newScheduledThreadPool(1);
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var endpoints = new AtomicReference<>(List.of(leaving, staying));
      var sent = new AtomicInteger();
      var failures = new ConcurrentLinkedQueue<String>();
      var answered = new AtomicInteger();
      ticker.scheduleAtFixedRate(
          () -> {
            var ready = endpoints.get();
            var service = ready.get(sent.getAndIncrement() % ready.size());
            var request =
                HttpRequest.newBuilder(service.address().resolve("v1/classify"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(DOCUMENT.formatted(1)))
                    .build();
            client
                .sendAsync(request, BodyHandlers.ofString())
                .whenComplete(
                    (response, failure) -> {
                      answered.incrementAndGet();
                      if (failure != null) {
                        failures.add(failure.toString());
                      } else if (response.statusCode() != 200 || !versionAgrees(response)) {
                        failures.add(response.statusCode() + " " + response.body());
                      }
                    });
          },
          0,
          5,
          TimeUnit.MILLISECONDS);

      Awaitility.await().until(() -> sent.get() > 200);
      leaving.terminate();
      Awaitility.await().until(() -> leaving.status("q/health/ready") == 503);
      int sentToBoth = sent.get();
      Awaitility.await().until(() -> sent.get() > sentToBoth + 100); // news travels slowly
      endpoints.set(List.of(staying));
      leaving.waitForExit();
      int sentBeforeExit = sent.get();
      Awaitility.await().until(() -> sent.get() > sentBeforeExit + 100);
      ticker.shutdown();
      Awaitility.await().until(() -> answered.get() == sent.get());

      assertThat(failures).isEmpty();
    }
  }

  private static boolean versionAgrees(HttpResponse<String> response) {
    try {
      var body = new ObjectMapper().readTree(response.body());
      return response
          .headers()
          .firstValue("Besorol-Version")
          .filter(v -> v.equals(body.path("version").textValue()))
          .isPresent();
    } catch (IOException e) {
      return false;
    }
  }
}
