package hu.mtmt.besorol.files;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Files for tests, compressed as their name says. */
public final class TestFiles {
  private TestFiles() {}

  /** Writes {@code text}. */
  public static Path write(Path file, String text) {
    return write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes {@code bytes}. */
  public static Path write(Path file, byte[] bytes) {
    try (var out = out(file)) {
      out.write(bytes);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts the last bytes of a file off. */
  public static Path truncate(Path file, int bytes) {
    try {
      var whole = Files.readAllBytes(file);
      return Files.write(file, java.util.Arrays.copyOf(whole, whole.length - bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OutputStream out(Path file) throws IOException {
    var raw = Files.newOutputStream(file);
    var name = file.toString();
    return name.endsWith(".gz")
        ? new GZIPOutputStream(raw)
        : name.endsWith(".zst") ? new ZstdOutputStream(raw) : raw;
  }
}
