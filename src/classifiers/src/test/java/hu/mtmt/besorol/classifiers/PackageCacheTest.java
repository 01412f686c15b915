package hu.mtmt.besorol.classifiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageCacheTest {
  private static final Digest SOME = Digest.of(new byte[] {1});
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Three versions of about the same size. */
  @TempDir static Path store;

  private static List<ModelPackage> versions;

  @TempDir Path directory;

  private final List<Digest> fetched = new ArrayList<>();

  @BeforeAll
  static void publish() {
    versions =
        IntStream.range(1, 4)
            .mapToObj(
                i -> {
                  var overall =
                      new EvaluationReport.Slice(
                          "overall", 1, 1, 1, 1, Map.of(Metric.STRICT_F1, i / 10.0));
                  return ModelPackageTest.publish(
                      store,
                      new EvaluationReport(
                          SOME, SOME, null, overall, List.of(), List.of(), List.of()),
                      null);
                })
            .toList();
  }

  /** One that was opened so many days after the start. */
  private PackageCache cache(int day, long mostBytes) {
    return new PackageCache(
        directory, mostBytes, Clock.fixed(START.plus(Duration.ofDays(day)), ZoneOffset.UTC));
  }

  private ModelPackage open(PackageCache cache, int version) {
    var wanted = versions.get(version);
    return cache.open(
        wanted.version(),
        target -> {
          fetched.add(wanted.version());
          copy(wanted.directory(), target);
        });
  }

  private static void copy(Path from, Path to) throws IOException {
    for (var file : ModelPackage.files(from)) {
      Files.copy(file, to.resolve(ModelPackage.nameIn(from, file)));
    }
  }

  private List<Digest> kept() {
    return versions.stream()
        .map(ModelPackage::version)
        .filter(v -> Files.exists(directory.resolve(JobPlan.packageDirectory(v))))
        .toList();
  }

  private static List<Digest> of(int... numbers) {
    return IntStream.of(numbers).mapToObj(i -> versions.get(i).version()).toList();
  }

  @Test
  void fetchesOnceForAllWhoShareIt() {
    try (var one = cache(0, Long.MAX_VALUE);
        var other = cache(0, Long.MAX_VALUE)) {
      open(one, 0).selfTest();
      open(one, 0);
      open(other, 0).selfTest();
    }
    assertThat(fetched).isEqualTo(of(0));
  }

  @Test
  void replacesWhatIsDamaged() throws IOException {
    try (var one = cache(0, Long.MAX_VALUE)) {
      open(one, 0);
    }
    var labels =
        directory
            .resolve(JobPlan.packageDirectory(versions.get(0).version()))
            .resolve(ModelPackage.LABELS);
    Files.writeString(labels, "damaged");
    try (var other = cache(0, Long.MAX_VALUE)) {
      open(other, 0).selfTest();
    }
    assertThat(fetched).isEqualTo(of(0, 0));
  }

  @Test
  void keepsNothingOfWhatWasNotFetchedWhole() {
    var version = versions.get(0).version();
    try (var one = cache(0, Long.MAX_VALUE)) {
      assertThatThrownBy(
              () ->
                  one.open(
                      version,
                      target -> {
                        Files.writeString(target.resolve(ModelPackage.LABELS), "half");
                        throw new IOException("cut off");
                      }))
          .isInstanceOf(BesorolException.class)
          .hasMessageContaining(directory.toString());
      assertThat(kept()).isEmpty();
      assertThat(open(one, 0).version()).isEqualTo(version);
    }
  }

  @Test
  void refusesAnotherVersionThanAskedFor() {
    try (var one = cache(0, Long.MAX_VALUE)) {
      assertThatThrownBy(
              () ->
                  one.open(
                      versions.get(0).version(),
                      target -> copy(versions.get(1).directory(), target)))
          .isInstanceOf(BesorolException.class)
          .hasMessageContaining("holds version " + versions.get(1).version());
    }
  }

  @Test
  void deletesWhatWasNotOpenedForLongest() {
    for (int day = 0; day < 2; day++) {
      try (var one = cache(day, Long.MAX_VALUE)) {
        open(one, day);
      }
    }
    try (var again = cache(2, Long.MAX_VALUE)) {
      open(again, 0);
    }
    try (var full = cache(3, 2 * versions.get(0).bytes() + 100_000)) {
      open(full, 2);
    }
    assertThat(kept()).isEqualTo(of(0, 2));
  }

  @Test
  void deletesNothingThatIsOpen() {
    try (var reader = cache(0, Long.MAX_VALUE)) {
      open(reader, 0);
      try (var one = cache(1, 0)) {
        open(one, 1);
        open(one, 2);
        assertThat(kept()).isEqualTo(of(0, 1, 2));
      }
    }
    try (var one = cache(2, 0)) {
      one.keep(versions.get(2).version());
      assertThat(kept()).isEqualTo(of(2));
    }
  }
}
