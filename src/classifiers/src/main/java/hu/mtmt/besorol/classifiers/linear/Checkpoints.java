package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.LinearParameters;
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
 * Trained lane groups, each in a file, so that a training that was stopped goes on where it was.
 * The file {@value #FINGERPRINT} says what they were trained from; groups that were trained from
 * anything else are deleted. A file that is damaged counts as missing.
 */
final class Checkpoints {
  private static final String FINGERPRINT = "fingerprint";
  private static final String GROUP = "group-";

  private final Path directory;

  private Checkpoints(Path directory) {
    this.directory = directory;
  }

  /**
   * The checkpoints of a training.
   *
   * @param present the labels that are learnt
   */
  static Checkpoints open(
      TrainingContext context,
      LinearParameters parameters,
      DocumentVectors vectors,
      int[] present) {
    var directory = context.checkpoints();
    if (directory == null) {
      return new Checkpoints(null);
    }
    var fingerprint = fingerprint(context.seed(), parameters, vectors, present);
    try {
      Files.createDirectories(directory);
      var file = directory.resolve(FINGERPRINT);
      if (!Files.exists(file) || !Files.readString(file).equals(fingerprint)) {
        deleteGroups(directory);
        replace(file, out -> out.write(fingerprint.getBytes(StandardCharsets.US_ASCII)));
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
    return new Checkpoints(directory);
  }

  private static String fingerprint(
      int seed, LinearParameters parameters, DocumentVectors vectors, int[] present) {
    var sha = Digest.sha256();
    sha.update(ContractJson.writeLine(parameters));
    var numbers = ByteBuffer.allocate(16 + 4 * present.length);
    numbers.putInt(seed).putLong(vectors.checksum()).putInt(Lanes.COUNT);
    for (int label : present) {
      numbers.putInt(label);
    }
    sha.update(numbers.array());
    return Digest.of(sha).value();
  }

  private static void deleteGroups(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory, GROUP + "*")) {
      for (var file : files) {
        Files.delete(file);
      }
    }
  }

  /** A group that was trained before, or null. */
  LaneWeights read(int group) {
    if (directory == null) {
      return null;
    }
    var file = directory.resolve(GROUP + group);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      int length = bytes.capacity() - Long.BYTES;
      var crc = new CRC32C();
      crc.update(bytes.array(), 0, Math.max(0, length));
      return length >= 0 && bytes.getLong(length) == crc.getValue()
          ? LaneWeights.read(
              new DataInputStream(new ByteArrayInputStream(bytes.array(), 0, length)))
          : null;
    } catch (IOException e) {
      return null; // damaged: it is trained again
    }
  }

  /** Keeps a group. */
  void write(int group, LaneWeights weights) {
    if (directory == null) {
      return;
    }
    try {
      replace(
          directory.resolve(GROUP + group),
          out -> {
            var crc = new CRC32C();
            var data = new DataOutputStream(new CheckedOutputStream(out, crc));
            weights.write(data);
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
