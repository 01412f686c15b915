package hu.mtmt.besorol.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.S3Bucket;
import hu.mtmt.besorol.testkit.FaultyProxy;
import hu.mtmt.besorol.testkit.FaultyProxy.Fault;
import hu.mtmt.besorol.testkit.FaultyProxy.Faults;
import hu.mtmt.besorol.testkit.FaultyProxy.Request;
import hu.mtmt.besorol.testkit.S3Server;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files to a real S3 server and back, over a network that is not at its best. */
class BucketTest {
  /** The smallest that the protocol allows. */
  private static final int PART_BYTES = 5 << 20;

  private static final String KEY = "some/prefix/file.bin";

  @TempDir static Path shared;
  private static S3Server server;
  private static FaultyProxy proxy;

  @TempDir Path directory;
  private Bucket bucket;

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start(shared, "models");
    proxy = FaultyProxy.before(server);
    S3Server.writeCredentials(shared.resolve("keys"));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @BeforeEach
  void open() {
    proxy.set(_ -> new Fault.None());
    bucket = open(at("models", shared.resolve("keys")));
  }

  @AfterEach
  void empty() {
    proxy.set(_ -> new Fault.None());
    try (var all = open(at("models", shared.resolve("keys")))) {
      all.list("").forEach(all::delete);
    }
    bucket.close();
  }

  private static S3Bucket at(String name, Path keys) {
    return new S3Bucket(proxy.endpoint().toString(), "us-east-1", name, keys.toString());
  }

  private static Bucket open(S3Bucket where) {
    return Bucket.open(where, ContainerPaths.of(Map.of()), PART_BYTES, Duration.ofMillis(1));
  }

  private Path file(int bytes) throws IOException {
    var content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(directory.resolve("file-" + bytes), content);
  }

  private void fetch(Path original, Path target) throws IOException {
    bucket.fetch(KEY, Digest.of(original), Long.MAX_VALUE, target);
  }

  /** Does something to the first {@code times} requests of a method to the key. */
  private static Faults first(int times, String method, Fault fault) {
    var left = new AtomicInteger(times);
    return request ->
        request.method().equals(method)
                && request.target().contains(KEY)
                && left.getAndDecrement() > 0
            ? fault
            : new Fault.None();
  }

  private static void assertFails(ThrowingCallable what, FailureKind kind, String... words) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            BesorolException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e.getMessage())
                  .contains(words)
                  .doesNotContain(S3Server.SECRET_KEY)
                  .doesNotContain(S3Server.ACCESS_KEY);
            });
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "5242880", "5242881", "12000000"})
  void whatIsPutIsFetched(int bytes) throws IOException {
    var original = file(bytes);
    var copy = directory.resolve("copy");
    bucket.put(original, KEY, Digest.of(original));
    fetch(original, copy);
    assertThat(copy).hasSameBinaryContentAs(original);
    assertThat(bucket.list("some/")).containsExactly(KEY);
    assertThat(bucket.contains(KEY)).isTrue();
  }

  @Test
  void whatIsThereIsNotSentAgain() throws IOException {
    var original = file(100);
    bucket.put(original, KEY, Digest.of(original));
    proxy.set(_ -> new Fault.None());
    bucket.put(original, KEY, Digest.of(original));
    assertThat(proxy.requests()).extracting(Request::method).containsExactly("HEAD");

    var other = Files.write(directory.resolve("other"), new byte[100]);
    bucket.put(other, KEY, Digest.of(other));
    assertThat(bucket.read(KEY)).hasValue(new byte[100]);
  }

  @Test
  void onlyTheMissingPartsAreSentByTheNextAttempt() throws IOException {
    var original = file(12_000_000);
    proxy.set(
        request ->
            request.target().contains("partNumber=2")
                ? new Fault.Answer(400, "Broken")
                : new Fault.None());
    assertFails(
        () -> bucket.put(original, KEY, Digest.of(original)),
        FailureKind.MACHINE_FAILED,
        KEY,
        "400 Broken");
    assertThat(bucket.contains(KEY)).isFalse();

    proxy.set(_ -> new Fault.None());
    try (var next = open(at("models", shared.resolve("keys")))) {
      next.put(original, KEY, Digest.of(original));
    }
    assertThat(proxy.requests())
        .filteredOn(r -> r.method().equals("PUT"))
        .extracting(r -> r.target().replaceFirst(".*partNumber=([0-9]+).*", "$1"))
        .containsExactly("2", "3");
    fetch(original, directory.resolve("copy"));
  }

  @Test
  void anUploadOfOtherBytesIsNotGoneOnWith() throws IOException {
    var before = file(12_000_000);
    proxy.set(
        request ->
            request.target().contains("partNumber=3")
                ? new Fault.Answer(400, "Broken")
                : new Fault.None());
    assertThatThrownBy(() -> bucket.put(before, KEY, Digest.of(before)))
        .isInstanceOf(BesorolException.class);

    proxy.set(_ -> new Fault.None());
    var bytes = Files.readAllBytes(before);
    bytes[PART_BYTES]++; // in the second part
    var now = Files.write(directory.resolve("now"), bytes);
    bucket.put(now, KEY, Digest.of(now));
    var copy = directory.resolve("copy");
    bucket.fetch(KEY, Digest.of(now), Long.MAX_VALUE, copy);
    assertThat(copy).hasSameBinaryContentAs(now);
    assertThat(proxy.requests()).filteredOn(r -> r.method().equals("PUT")).hasSize(3);
  }

  @Test
  void aFetchThatIsCutOffGoesOnWhereItWas() throws IOException {
    var original = file(3_000_000);
    bucket.put(original, KEY, Digest.of(original));
    proxy.set(first(3, "GET", new Fault.CutAnswer(700_000)));
    var copy = directory.resolve("copy");
    fetch(original, copy);
    assertThat(copy).hasSameBinaryContentAs(original);
    assertThat(proxy.requests())
        .extracting(Request::range)
        .containsExactly("", "bytes=700000-", "bytes=1400000-", "bytes=2100000-");
  }

  @Test
  void aFetchWithoutProgressEnds() throws IOException {
    var original = file(1000);
    bucket.put(original, KEY, Digest.of(original));
    proxy.set(first(Integer.MAX_VALUE, "GET", new Fault.CutAnswer(0)));
    assertFails(
        () -> fetch(original, directory.resolve("copy")),
        FailureKind.MACHINE_FAILED,
        KEY,
        "cut off");
  }

  @Test
  void aWriteThatIsCutOffIsRepeated() throws IOException {
    var original = file(6_000_000);
    proxy.set(first(2, "PUT", new Fault.CutRequest(100_000)));
    bucket.put(original, KEY, Digest.of(original));
    fetch(original, directory.resolve("copy"));
  }

  @Test
  void anUploadWhoseCompletionWasNotHeardOfIsComplete() throws IOException {
    var original = file(6_000_000);
    var left = new AtomicInteger(1);
    proxy.set(
        request ->
            request.method().equals("POST")
                    && request.target().contains("uploadId=")
                    && left.getAndDecrement() > 0
                ? new Fault.LoseAnswer()
                : new Fault.None());
    bucket.put(original, KEY, Digest.of(original));
    assertThat(proxy.requests())
        .filteredOn(r -> r.method().equals("POST") && r.target().contains("uploadId="))
        .hasSizeGreaterThan(1);
    fetch(original, directory.resolve("copy"));
  }

  /** A service may say 200 before it knows whether it succeeds. */
  @Test
  void anUploadThatIsNotThereIsNotTakenForComplete() throws IOException {
    var original = file(6_000_000);
    proxy.set(
        request ->
            request.method().equals("POST") && request.target().contains("uploadId=")
                ? new Fault.Answer(200, "")
                : new Fault.None());
    assertFails(
        () -> bucket.put(original, KEY, Digest.of(original)),
        FailureKind.MACHINE_FAILED,
        KEY,
        "cannot be written");
  }

  @Test
  void aBusyServiceIsAskedAgain() throws IOException {
    var original = file(1000);
    proxy.set(first(3, "PUT", new Fault.Answer(503, "SlowDown")));
    bucket.put(original, KEY, Digest.of(original));
    proxy.set(first(3, "GET", new Fault.Answer(503, "SlowDown")));
    fetch(original, directory.resolve("copy"));
    assertThat(proxy.requests()).hasSize(4);
  }

  @Test
  void aServiceThatStaysBusyIsTheFailureOfTheMachine() throws IOException {
    var original = file(1000);
    proxy.set(_ -> new Fault.Answer(503, "SlowDown"));
    assertFails(
        () -> fetch(original, directory.resolve("copy")),
        FailureKind.MACHINE_FAILED,
        KEY,
        "503 SlowDown");
  }

  @Test
  void bytesThatTheNetworkChangedAreFetchedAgain() throws IOException {
    var original = file(1000);
    bucket.put(original, KEY, Digest.of(original));
    proxy.set(first(1, "GET", new Fault.Changed(BucketTest::changed)));
    var copy = directory.resolve("copy");
    fetch(original, copy);
    assertThat(copy).hasSameBinaryContentAs(original);
  }

  private static byte[] changed(byte[] bytes) {
    bytes[bytes.length / 2]++;
    return bytes;
  }

  @Test
  void bytesThatTheServerChangedAreRefused() throws IOException {
    var original = file(1000);
    bucket.put(original, KEY, Digest.of(original));
    var stored = server.bucket("models").resolve(KEY);
    Files.write(stored, changed(Files.readAllBytes(stored)));
    var copy = directory.resolve("copy");
    assertFails(
        () -> fetch(original, copy),
        FailureKind.DATA_INVALID,
        KEY,
        Digest.of(original).value(),
        "changed or damaged");
    assertThat(copy).doesNotExist();
  }

  @Test
  void moreThanIsAllowedIsNotFetched() throws IOException {
    var original = file(1000);
    bucket.put(original, KEY, Digest.of(original));
    assertFails(
        () -> bucket.fetch(KEY, Digest.of(original), 999, directory.resolve("copy")),
        FailureKind.DATA_INVALID,
        "1000 bytes, more than 999");
  }

  @ParameterizedTest
  @CsvSource({"507, XMinioStorageFull", "403, QuotaExceeded"})
  void aFullBucketIsCalledFull(int status, String code) throws IOException {
    var original = file(6_000_000);
    proxy.set(first(1, "PUT", new Fault.Answer(status, code)));
    assertFails(
        () -> bucket.put(original, KEY, Digest.of(original)),
        FailureKind.MACHINE_FAILED,
        KEY,
        "full",
        "raise its quota");
    assertThat(bucket.contains(KEY)).isFalse();
  }

  @Test
  void whatIsNotThereIsTheFailureOfTheData() throws IOException {
    var original = file(1);
    assertFails(
        () -> fetch(original, directory.resolve("copy")), FailureKind.DATA_INVALID, "no", KEY);
    assertThat(bucket.read(KEY)).isEmpty();
    assertThat(bucket.contains(KEY)).isFalse();
    bucket.delete(KEY);
  }

  @Test
  void aMissingBucketIsNamed() {
    var elsewhere = open(at("nowhere", shared.resolve("keys")));
    assertFails(
        () -> elsewhere.write(KEY, new byte[1]), FailureKind.PLAN_INVALID, "no bucket nowhere");
    assertFails(() -> elsewhere.read(KEY), FailureKind.PLAN_INVALID, "no bucket nowhere");
    elsewhere.close();
  }

  @Test
  void wrongKeysAreTheFailureOfThePlan() throws IOException {
    var keys = S3Server.writeCredentials(directory.resolve("keys"));
    Files.writeString(keys.resolve("AWS_SECRET_ACCESS_KEY"), "another");
    var strange = open(at("models", keys));
    assertFails(
        () -> strange.read(KEY),
        FailureKind.PLAN_INVALID,
        KEY,
        keys.toString(),
        "403 SignatureDoesNotMatch");
    // the Secret is mended: no new process is needed
    S3Server.writeCredentials(keys);
    assertThat(strange.read(KEY)).isEmpty();
    strange.close();
  }

  @Test
  void saysWhatASecretLacks() throws IOException {
    var keys = S3Server.writeCredentials(directory.resolve("keys"));
    Files.delete(keys.resolve("AWS_SECRET_ACCESS_KEY"));
    assertFails(
        () -> open(at("models", keys)),
        FailureKind.PLAN_INVALID,
        keys.toString(),
        "no AWS_SECRET_ACCESS_KEY");
  }

  @Test
  void aServiceThatIsNotThereIsTheFailureOfTheMachine() throws IOException {
    int nobody;
    try (var free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    var endpoint = "http://127.0.0.1:" + nobody;
    try (var gone =
        open(new S3Bucket(endpoint, "us-east-1", "models", shared.resolve("keys").toString()))) {
      assertFails(() -> gone.read(KEY), FailureKind.MACHINE_FAILED, endpoint, "is not reached");
    }
  }
}
