package hu.mtmt.besorol.inference;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.classifiers.DirectoryStore;
import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.PackageCache;
import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.S3Bucket;
import hu.mtmt.besorol.store.Bucket;
import hu.mtmt.besorol.store.S3Store;
import hu.mtmt.besorol.testkit.FaultyProxy;
import hu.mtmt.besorol.testkit.FaultyProxy.Fault;
import hu.mtmt.besorol.testkit.FaultyProxy.Request;
import hu.mtmt.besorol.testkit.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service whose package is in a bucket of a real S3 server. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class S3ServiceIT {
  private static final String PREFIX = "models/frascati";

  @TempDir static Path shared;
  private static S3Server server;
  private static FaultyProxy proxy;
  private static ModelPackage trained;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start(shared, "besorol");
    proxy = FaultyProxy.before(server);
    var keys = S3Server.writeCredentials(shared.resolve("keys"));
    trained = TinyModel.train(shared.resolve("store"));
    var bucket =
        new S3Bucket(server.endpoint().toString(), "us-east-1", "besorol", keys.toString());
    try (var store =
        new S3Store(
            () -> Bucket.open(bucket, ContainerPaths.of(Map.of())),
            PREFIX,
            new PackageCache(shared.resolve("store"), 0, Clock.systemUTC()))) {
      store.keep(trained);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @BeforeEach
  void mend() {
    proxy.set(_ -> new Fault.None());
  }

  private Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("BESOROL_PACKAGE", PREFIX + "/" + JobPlan.packageDirectory(trained.version()));
    environment.put("BESOROL_S3_ENDPOINT", proxy.endpoint().toString());
    environment.put("BESOROL_S3_BUCKET", "besorol");
    environment.put("BESOROL_S3_CREDENTIALS", shared.resolve("keys").toString());
    environment.put("BESOROL_CACHE", directory.resolve("cache").toString());
    return environment;
  }

  private static List<String> fetched() {
    return proxy.requests().stream()
        .filter(r -> r.method().equals("GET"))
        .map(Request::target)
        .toList();
  }

  @Test
  void aSecondProcessOfTheNodeStartsWithoutTheBucket() throws IOException {
    try (var first = ServiceProcess.start(environment())) {
      first.awaitReady();
      assertThat(fetched()).hasSize(trained.manifest().files().size() + 1);
      proxy.set(_ -> new Fault.Answer(503, "SlowDown"));
      try (var second = ServiceProcess.start(environment())) {
        second.awaitReady();
        assertThat(second.log()).contains("Serving version " + trained.version());
      }
      assertThat(proxy.requests()).isEmpty();
      assertThat(first.log()).doesNotContain(S3Server.SECRET_KEY);
    }
  }

  @Test
  void ofSeveralThatStartAtOnceOneFetches() throws IOException {
    try (var first = ServiceProcess.start(environment());
        var second = ServiceProcess.start(environment())) {
      first.awaitReady();
      second.awaitReady();
    }
    assertThat(fetched()).doesNotHaveDuplicates().hasSize(trained.manifest().files().size() + 1);
  }

  @Test
  void aDamagedCacheIsMended() throws IOException {
    var environment = environment();
    try (var first = ServiceProcess.start(environment)) {
      first.awaitReady();
    }
    var cached = directory.resolve("cache").resolve(JobPlan.packageDirectory(trained.version()));
    Files.writeString(cached.resolve("labels.txt"), "damaged");
    try (var second = ServiceProcess.start(environment)) {
      second.awaitReady();
    }
    assertThat(new DirectoryStore(directory.resolve("cache")).open(trained.version())).isPresent();
  }

  @Test
  void aConnectionThatIsCutDelaysTheStartOnly() throws IOException {
    var cut = new AtomicInteger(3);
    proxy.set(
        request ->
            request.target().endsWith("/taxonomy.jsonl") && cut.getAndDecrement() > 0
                ? new Fault.CutAnswer(50)
                : new Fault.None());
    try (var service = ServiceProcess.start(environment())) {
      service.awaitReady();
    }
    assertThat(proxy.requests()).extracting(Request::range).contains("bytes=50-", "bytes=100-");
  }

  @Test
  void endsWithASentenceIfThereIsNoSuchVersion() throws Exception {
    var environment = environment();
    environment.put("BESOROL_PACKAGE", PREFIX + "/sha256-" + "0".repeat(64));
    assertFails(environment, 3, "There is no version sha256:000");
    environment.put("BESOROL_PACKAGE", PREFIX + "/latest");
    assertFails(environment, 2, "it must end in a version");
  }

  @Test
  void endsWithASentenceIfItsKeysAreNotAccepted() throws Exception {
    var environment = environment();
    var keys = S3Server.writeCredentials(directory.resolve("keys"));
    Files.writeString(keys.resolve("AWS_SECRET_ACCESS_KEY"), "another");
    environment.put("BESOROL_S3_CREDENTIALS", keys.toString());
    assertFails(environment, 2, "are not accepted");
  }

  private static void assertFails(Map<String, String> environment, int exitCode, String sentence)
      throws Exception {
    try (var service = ServiceProcess.start(environment)) {
      assertThat(service.waitForExit()).as(service.log()).isEqualTo(exitCode);
      assertThat(service.log()).contains(sentence).doesNotContain("\tat ");
    }
  }
}
