package hu.mtmt.besorol.files;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file that data is read from, plain or compressed: {@code .gz} and {@code .zst} at the end of
 * its name are taken off to tell its format.
 */
public final class InputFile {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final Digest digest;
  private final State state;

  private InputFile(Path path, Digest digest, State state) {
    this.path = path;
    this.digest = digest;
    this.state = state;
  }

  /** What changes when somebody writes the file. */
  private record State(long bytes, FileTime modified) {
    static State of(Path path) throws IOException {
      return new State(Files.size(path), Files.getLastModifiedTime(path));
    }
  }

  /**
   * Reads a file's bytes once, for its digest.
   *
   * @param expected what the digest must be, or null
   * @throws BesorolException {@link FailureKind#DATA_INVALID} if the file is missing, a directory
   *     or has another digest; {@link FailureKind#MACHINE_FAILED} if it cannot be read
   */
  public static InputFile open(Path path, Digest expected) {
    if (Files.isDirectory(path)) {
      throw BesorolException.data(
          "%s is a directory, but a file is expected: name the file in it.".formatted(path));
    }
    Digest digest;
    State state;
    try {
      state = State.of(path);
      digest = Digest.of(path);
    } catch (IOException e) {
      throw failure(path.toString(), e);
    }
    if (expected != null && !expected.equals(digest)) {
      throw BesorolException.data(
          "%s has the digest %s, but %s is expected: either the file was changed or damaged, then put the right one there; or it is meant to be this one, then write its digest."
              .formatted(path, digest, expected));
    }
    return new InputFile(path, digest, state);
  }

  /** What messages call it. */
  public String name() {
    return path.toString();
  }

  /** Of the bytes as they lie there, compressed or not. */
  public Digest digest() {
    return digest;
  }

  /** The end of its name that tells its format, in lower case, such as {@code jsonl}. */
  public String extension() {
    var name = lowerCaseName().replaceFirst("[.](gz|zst)$", "");
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private String lowerCaseName() {
    return path.getFileName().toString().toLowerCase(Locale.ROOT);
  }

  /**
   * The file's content, decompressed; to be closed. An {@link IOException} while it is read is to
   * be told as {@link #failure(IOException)}.
   *
   * @throws BesorolException {@link FailureKind#DATA_INVALID} if the file is another one than was
   *     opened
   */
  public InputStream content() {
    InputStream raw = null;
    try {
      if (!State.of(path).equals(state)) {
        throw BesorolException.data(
            "%s was changed while it was in use: write a new file instead of changing one."
                .formatted(path));
      }
      raw = Files.newInputStream(path);
      var name = lowerCaseName();
      if (name.endsWith(".gz")) {
        return new GZIPInputStream(raw, BUFFER_BYTES);
      }
      if (name.endsWith(".zst")) {
        return new ZstdInputStream(new BufferedInputStream(raw, BUFFER_BYTES));
      }
      return raw;
    } catch (IOException e) {
      closeQuietly(raw, e);
      throw failure(e);
    }
  }

  /**
   * The same for a file that is read into memory as a whole.
   *
   * @param maximumBytes at most so much; behind it, reading fails with {@link
   *     FailureKind#DATA_INVALID}: small compressed files can be very large
   */
  public InputStream content(long maximumBytes) {
    return new FilterInputStream(content()) {
      private long left = maximumBytes;

      @Override
      public int read() throws IOException {
        return count(super.read(), 1);
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        return count(n, n);
      }

      private int count(int result, int bytes) {
        left -= Math.max(bytes, 0);
        if (result >= 0 && left < 0) {
          throw BesorolException.data(
              "%s has more than %d MiB, decompressed: leave out what is not needed."
                  .formatted(path, maximumBytes >> 20));
        }
        return result;
      }
    };
  }

  /** The file's content as lines of at most {@code maximumBytes}; to be closed. */
  public Lines lines(int maximumBytes) {
    return new Lines(name(), content(), maximumBytes);
  }

  /** What is told of an exception that came from {@link #content}. */
  public BesorolException failure(IOException e) {
    return failure(name(), e);
  }

  /** What is told of an exception while what messages call {@code name} was read. */
  static BesorolException failure(String name, IOException e) {
    return switch (e) {
      case NoSuchFileException _ ->
          BesorolException.data(
              "%s does not exist: check the path, and that its volume is mounted there."
                  .formatted(name));
      case CharacterCodingException _ ->
          BesorolException.data(
              "%s is not UTF-8: convert it, for example with iconv -t UTF-8.".formatted(name));
      case EOFException _, ZipException _, ZstdIOException _ ->
          new BesorolException(
              FailureKind.DATA_INVALID,
              "%s is truncated or damaged (%s): copy or compress it again."
                  .formatted(name, e.getMessage()),
              e);
      case FileSystemException f ->
          BesorolException.machine(
              "%s cannot be read (%s): check its permissions and its volume."
                  .formatted(
                      name, f.getReason() == null ? f.getClass().getSimpleName() : f.getReason()),
              e);
      default ->
          BesorolException.machine(
              "%s cannot be read (%s): check its volume.".formatted(name, e.getMessage()), e);
    };
  }

  private static void closeQuietly(InputStream in, IOException cause) {
    if (in != null) {
      try {
        in.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
