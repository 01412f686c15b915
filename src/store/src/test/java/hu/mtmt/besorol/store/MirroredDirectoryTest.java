package hu.mtmt.besorol.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.contract.S3Bucket;
import hu.mtmt.besorol.testkit.FaultyProxy;
import hu.mtmt.besorol.testkit.FaultyProxy.Fault;
import hu.mtmt.besorol.testkit.FaultyProxy.Request;
import hu.mtmt.besorol.testkit.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class MirroredDirectoryTest {
  @TempDir static Path shared;
  private static S3Server server;
  private static FaultyProxy proxy;
  private static Bucket bucket;

  @TempDir Path directory;
  private String prefix;

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start(shared, "models");
    proxy = FaultyProxy.before(server);
    var keys = S3Server.writeCredentials(shared.resolve("keys"));
    bucket =
        Bucket.open(
            new S3Bucket(proxy.endpoint().toString(), "us-east-1", "models", keys.toString()),
            ContainerPaths.of(Map.of()),
            Bucket.PART_BYTES,
            Duration.ofMillis(1));
  }

  @AfterAll
  static void stop() throws IOException {
    bucket.close();
    proxy.close();
    server.close();
  }

  @BeforeEach
  void name(TestInfo test) {
    prefix = "checkpoints/" + test.getTestMethod().orElseThrow().getName();
    proxy.set(_ -> new Fault.None());
  }

  private MirroredDirectory mirrored(String name) {
    return new MirroredDirectory(directory.resolve(name), bucket, prefix);
  }

  /** As checkpoints are written: whole, under another name first. */
  private void write(String name, String text) throws IOException {
    var file = directory.resolve("here").resolve(name);
    Files.createDirectories(file.getParent());
    var unfinished = file.resolveSibling("unfinished-" + file.getFileName());
    Files.writeString(unfinished, text);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private Map<String, String> restored() throws IOException {
    var there = directory.resolve("there" + System.nanoTime());
    assertThat(new MirroredDirectory(there, bucket, prefix).restore()).isTrue();
    var texts = new TreeMap<String, String>();
    try (var files = Files.walk(there)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        texts.put(there.relativize(file).toString(), Files.readString(file));
      }
    }
    return texts;
  }

  @Test
  void followsWhatIsWrittenReplacedAndDeleted() throws IOException {
    var here = mirrored("here");
    assertThat(here.restore()).isTrue();
    write("seconds", "17");
    write("learning/part-1", "one");
    write("learning/part-2", "one"); // of the same bytes
    Files.writeString(directory.resolve("here/learning/unfinished-part-3"), "thr");
    assertThat(here.save()).isTrue();
    assertThat(restored())
        .isEqualTo(Map.of("seconds", "17", "learning/part-1", "one", "learning/part-2", "one"));

    write("seconds", "18");
    Files.delete(directory.resolve("here/learning/part-1"));
    assertThat(here.save()).isTrue();
    assertThat(restored()).isEqualTo(Map.of("seconds", "18", "learning/part-2", "one"));
    assertThat(bucket.list(prefix)).hasSize(3); // the index and two objects
  }

  @Test
  void sendsNothingIfNothingHasChanged() throws IOException {
    var here = mirrored("here");
    here.restore();
    write("part-1", "one");
    here.save();
    proxy.set(_ -> new Fault.None());
    assertThat(here.save()).isTrue();
    assertThat(proxy.requests()).isEmpty();
  }

  @Test
  void aCopyThatIsInterruptedLeavesTheOneBefore() throws IOException {
    var here = mirrored("here");
    here.restore();
    write("fingerprint", "a");
    write("part-1", "of a");
    here.save();
    write("fingerprint", "b");
    write("part-1", "of b");
    proxy.set(
        request ->
            request.method().equals("PUT") && request.target().endsWith("/index")
                ? new Fault.Answer(400, "Broken")
                : new Fault.None());
    assertThatThrownBy(here::save).isInstanceOf(BesorolException.class);
    proxy.set(_ -> new Fault.None());
    assertThat(restored()).isEqualTo(Map.of("fingerprint", "a", "part-1", "of a"));
    here.save();
    assertThat(restored()).isEqualTo(Map.of("fingerprint", "b", "part-1", "of b"));
  }

  @Test
  void aDamagedCopyIsNoCopy() throws IOException {
    var here = mirrored("here");
    here.restore();
    write("part-1", "one");
    write("part-2", "two");
    here.save();
    var object =
        bucket.list(prefix).stream().filter(k -> !k.endsWith("index")).findFirst().orElseThrow();
    Files.writeString(server.bucket("models").resolve(object), "eno");
    var there = directory.resolve("there");
    assertThat(new MirroredDirectory(there, bucket, prefix).restore()).isFalse();
    assertThat(there).isEmptyDirectory();
  }

  @Test
  void goesOnFromWhatWasRestored() throws IOException {
    var here = mirrored("here");
    here.restore();
    write("part-1", "one");
    here.save();
    var there = mirrored("there");
    there.restore();
    Files.writeString(directory.resolve("there/part-2"), "two");
    proxy.set(_ -> new Fault.None());
    assertThat(there.save()).isTrue();
    assertThat(proxy.requests())
        .filteredOn(r -> r.method().equals("PUT"))
        .extracting(Request::target)
        .hasSize(2); // part-2 and the index
    assertThat(restored()).isEqualTo(Map.of("part-1", "one", "part-2", "two"));
  }
}
