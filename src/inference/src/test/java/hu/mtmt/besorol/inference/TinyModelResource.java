package hu.mtmt.besorol.inference;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/** Lets the service of a test serve {@link TinyModel}. */
public final class TinyModelResource implements QuarkusTestResourceLifecycleManager {
  private Path directory;

  @Override
  public Map<String, String> start() {
    try {
      directory = Files.createTempDirectory("besorol");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var model = TinyModel.train(directory);
    return Map.of("besorol.package", model.directory().toAbsolutePath().toString());
  }

  @Override
  public void stop() {
    if (directory == null) {
      return;
    }
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
