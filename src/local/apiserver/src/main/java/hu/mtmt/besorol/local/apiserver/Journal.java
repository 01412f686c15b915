package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * The state on disk: one file of JSON lines. The first line names format and revision, then come
 * the objects of that revision, then one line for each later write. From time to time it is written
 * anew. It survives the end of the process at any instant (not that of the machine: nothing is
 * synced); a line that was not finished is dropped. A lock keeps a second server out.
 */
final class Journal implements AutoCloseable {
  private static final String FORMAT = "besorol-local-cluster/1";

  /** Lines beside those of living objects before the file is written anew. */
  private static final int GARBAGE = 20_000;

  private final Path file;
  private final FileChannel lockFile;
  private FileChannel channel;
  private long lines;

  private Journal(Path file, FileChannel lockFile) {
    this.file = file;
    this.lockFile = lockFile;
  }

  /** Receives what the file says, in order. */
  interface Replay {
    void begin(long revision);

    /**
     * @param revision 0 for an object of the first revision
     * @param object null: it was deleted
     */
    void write(long revision, Key key, ObjectNode object);
  }

  /**
   * Opens the state in a directory, made if need be, and replays it.
   *
   * @throws IOException also with a sentence if another server uses the directory or a line in the
   *     middle is damaged
   */
  static Journal open(Path directory, Replay replay) throws IOException {
    Files.createDirectories(directory);
    var lockFile =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock(lockFile, directory);
      var journal = new Journal(directory.resolve("objects.jsonl"), lockFile);
      journal.replay(replay);
      return journal;
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static void lock(FileChannel lockFile, Path directory) throws IOException {
    FileLock lock;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IOException(
          directory + " is in use by another local cluster: end it, or choose another directory");
    }
  }

  private void replay(Replay replay) throws IOException {
    if (!Files.exists(file)) {
      rewrite(0, Map.of());
      replay.begin(0);
      return;
    }
    channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    long good = 0;
    long snapshot = -1;
    // A line is whole when its line break is there.
    try (var reader = Files.newBufferedReader(file)) {
      for (String line; (line = reader.readLine()) != null; ) {
        long end = good + line.getBytes(StandardCharsets.UTF_8).length + 1;
        if (end > channel.size()) {
          break;
        }
        var node = parse(line);
        if (snapshot < 0) {
          snapshot = header(node);
          replay.begin(snapshot);
        } else {
          replayLine(node, snapshot, replay);
        }
        lines++;
        good = end;
      }
    }
    if (snapshot < 0) {
      throw new IOException(file + " has no first line: remove it to begin with an empty cluster");
    }
    channel.truncate(good);
    channel.position(good);
  }

  private JsonNode parse(String line) throws IOException {
    try {
      return Json.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IOException(
          file
              + " line "
              + (lines + 1)
              + " is damaged ("
              + e.getOriginalMessage()
              + "): restore the file, or remove it to begin with an empty cluster",
          e);
    }
  }

  private long header(JsonNode node) throws IOException {
    if (!node.path("format").asText().equals(FORMAT)) {
      throw new IOException(
          file
              + " is not of the format "
              + FORMAT
              + ": it belongs to another version or program; choose another directory");
    }
    return node.path("revision").asLong();
  }

  private static void replayLine(JsonNode node, long snapshot, Replay replay) {
    var k = node.path("key");
    var key = new Key(k.get(0).asText(), k.get(1).asText(), k.get(2).asText(), k.get(3).asText());
    long revision = node.path("revision").asLong();
    replay.write(
        revision <= snapshot ? 0 : revision,
        key,
        node.get("object") instanceof ObjectNode o ? o : null);
  }

  /**
   * Appends a write.
   *
   * @param object null: it is deleted
   */
  void append(long revision, Key key, ObjectNode object) throws IOException {
    long position = channel.position();
    try {
      write(channel, line(revision, key, object));
      lines++;
    } catch (IOException e) {
      channel.truncate(position);
      channel.position(position);
      throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Whether most of the file is history that nobody needs. */
  boolean isLong(int objects) {
    return lines > 2L * objects + GARBAGE;
  }

  /** Replaces the file by the objects as they are. */
  void rewrite(long revision, Map<Key, ObjectNode> objects) throws IOException {
    var fresh = file.resolveSibling("objects.jsonl.new");
    try (var out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(out, Json.text(Json.object().put("format", FORMAT).put("revision", revision)) + "\n");
      for (var entry : objects.entrySet()) {
        long own = entry.getValue().path("metadata").path("resourceVersion").asLong();
        write(out, line(own, entry.getKey(), entry.getValue()));
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (channel != null) {
      channel.close();
    }
    channel = FileChannel.open(file, StandardOpenOption.WRITE);
    channel.position(channel.size());
    lines = objects.size() + 1L;
  }

  private static String line(long revision, Key key, ObjectNode object) {
    var line = Json.object().put("revision", revision);
    line.putArray("key").add(key.group()).add(key.plural()).add(key.namespace()).add(key.name());
    line.set("object", object);
    return Json.text(line) + "\n";
  }

  private static void write(FileChannel out, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    lockFile.close();
  }
}
