package hu.mtmt.besorol.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.contract.BesorolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadStartTest {
  @TempDir Path directory;

  @Test
  void packageIsOpenedWhileTheFrameworkStarts() throws InterruptedException {
    var trained = TinyModel.train(directory);
    var name = trained.directory().toString();
    var begun = duringStart(Map.of("BESOROL_PACKAGE", name)).orElseThrow();
    assertThat(begun.isFor(name)).isTrue();
    assertThat(begun.isFor(name + "/other")).isFalse();
    assertThat(begun.await().model().version()).isEqualTo(trained.version());
    assertThat(begun.await().took()).isPositive();
    assertThat(HeadStart.ofProcess()).as("it is over").isEmpty();
  }

  @Test
  void packageThatIsNotFitToServeIsRefusedWhenItIsAskedFor() throws IOException {
    var place = TinyModel.train(directory).directory();
    Files.writeString(place.resolve("labels.txt"), "1.1\n");
    var begun = duringStart(Map.of("BESOROL_PACKAGE", place.toString())).orElseThrow();
    assertThatThrownBy(begun::await)
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining("labels.txt");
    var relative = duringStart(Map.of("BESOROL_PACKAGE", "package")).orElseThrow();
    assertThatThrownBy(relative::await)
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining("must be an absolute path");
  }

  @Test
  void nothingIsBegunWhereTheFrameworkSaysWhatToOpen() {
    assertThat(duringStart(Map.of())).isEmpty();
    assertThat(duringStart(Map.of("BESOROL_PACKAGE", ""))).isEmpty();
    assertThat(
            duringStart(
                Map.of("BESOROL_PACKAGE", "models/v", "BESOROL_S3_ENDPOINT", "http://localhost")))
        .isEmpty();
  }

  private static Optional<HeadStart> duringStart(Map<String, String> environment) {
    var seen = new AtomicReference<Optional<HeadStart>>();
    HeadStart.during(() -> seen.set(HeadStart.ofProcess()), environment);
    return seen.get();
  }
}
