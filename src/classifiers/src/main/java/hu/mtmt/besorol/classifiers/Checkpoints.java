package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Finished parts of a training, each in a file, so that a training that was stopped goes on where
 * it was. The file {@value #FINGERPRINT} says what they were trained from; parts that were trained
 * from anything else are deleted. A file that is damaged counts as missing. Thread-safe for
 * different parts.
 */
public final class Checkpoints {
  private static final String FINGERPRINT = "fingerprint";
  private static final String PART = "part-";

  private final Path directory;

  private Checkpoints(Path directory) {
    this.directory = directory;
  }

  /**
   * The checkpoints of a training.
   *
   * @param context says where, if anywhere, and the seed
   * @param parameters what is trained
   * @param numbers anything else that the parts follow from, such as {@link
   *     hu.mtmt.besorol.classifiers.text.DocumentVectors#checksum}
   */
  public static Checkpoints open(TrainingContext context, Record parameters, long... numbers) {
    var directory = context.checkpoints();
    if (directory == null) {
      return new Checkpoints(null);
    }
    var fingerprint = fingerprint(context.seed(), parameters, numbers);
    try {
      Files.createDirectories(directory);
      var file = directory.resolve(FINGERPRINT);
      if (!Files.exists(file) || !Files.readString(file).equals(fingerprint)) {
        deleteParts(directory);
        replace(file, out -> out.write(fingerprint.getBytes(StandardCharsets.US_ASCII)));
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
    return new Checkpoints(directory);
  }

  private static String fingerprint(int seed, Record parameters, long[] numbers) {
    var sha = Digest.sha256();
    sha.update(ContractJson.writeLine(parameters));
    var bytes = ByteBuffer.allocate(Long.BYTES * (1 + numbers.length)).putLong(seed);
    for (long number : numbers) {
      bytes.putLong(number);
    }
    sha.update(bytes.array());
    return Digest.of(sha).value();
  }

  private static void deleteParts(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory, PART + "*")) {
      for (var file : files) {
        Files.delete(file);
      }
    }
  }

  /** Reads a part. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  /** Writes a part. */
  @FunctionalInterface
  public interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  /**
   * A part that was finished before, or null.
   *
   * @param part letters, digits, and hyphens
   */
  public <T> T read(String part, Reader<T> reader) {
    if (directory == null) {
      return null;
    }
    var file = directory.resolve(PART + part);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      int length = bytes.capacity() - Long.BYTES;
      var crc = new CRC32C();
      crc.update(bytes.array(), 0, Math.max(0, length));
      return length >= 0 && bytes.getLong(length) == crc.getValue()
          ? reader.read(new DataInputStream(new ByteArrayInputStream(bytes.array(), 0, length)))
          : null;
    } catch (IOException e) {
      return null; // damaged: it is trained again
    }
  }

  /** Keeps a part. */
  public void write(String part, Writer writer) {
    if (directory == null) {
      return;
    }
    try {
      replace(
          directory.resolve(PART + part),
          out -> {
            var crc = new CRC32C();
            var data = new DataOutputStream(new CheckedOutputStream(out, crc));
            writer.write(data);
            data.writeLong(crc.getValue());
            data.flush();
          });
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  @FunctionalInterface
  private interface Content {
    void write(BufferedOutputStream out) throws IOException;
  }

  /** Writes a file so that there is the whole new one or what was there before. */
  private static void replace(Path file, Content content) throws IOException {
    var unfinished = file.resolveSibling("unfinished-" + file.getFileName());
    try (var channel =
            FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        var out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
      content.write(out);
      out.flush();
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static BesorolException failed(Path directory, IOException e) {
    return BesorolException.machine(
        "Checkpoints cannot be kept in %s (%s): check that the disk is not full and can be written."
            .formatted(directory, e),
        e);
  }
}
