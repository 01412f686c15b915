package hu.mtmt.besorol.store;

import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A directory of which a bucket has a copy: checkpoints that outlive the machine. The copy is
 * always a state that the directory was in: its objects are named by their digests, and an index,
 * written last, says which belong together.
 */
public final class MirroredDirectory {
  private static final String INDEX = "index";

  /** How names of files begin that are not finished. */
  private static final String UNFINISHED = "unfinished-";

  /** So often a directory is looked at that changes while it is copied. */
  private static final int LOOKS = 3;

  private final Path directory;
  private final Bucket bucket;
  private final String prefix;
  private final Map<String, Known> known = new HashMap<>();
  private String copied = "";

  private record State(long bytes, FileTime modified) {}

  private record Known(State state, Digest digest) {}

  /**
   * @param directory made if missing
   * @param prefix of the objects, without a slash at its end
   */
  public MirroredDirectory(Path directory, Bucket bucket, String prefix) {
    this.directory = directory;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  /**
   * Fills the directory with what the bucket has; with nothing, if that is damaged.
   *
   * @return false if it is damaged
   * @throws BesorolException if it cannot be had
   */
  public boolean restore() {
    try {
      Files.createDirectories(directory);
      var index = bucket.read(key(INDEX));
      if (index.isPresent()) {
        restore(new String(index.get(), StandardCharsets.UTF_8));
      }
      return true;
    } catch (BesorolException e) {
      if (e.kind() != FailureKind.DATA_INVALID) {
        throw e;
      }
    } catch (IOException e) {
      throw failed(e);
    }
    try {
      Directories.delete(directory);
      Files.createDirectories(directory);
      return false;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void restore(String index) throws IOException {
    for (var line : index.lines().toList()) {
      var parts = line.split(" ", 2);
      var digest = new Digest(parts[0]);
      var target = directory.resolve(parts[1]).normalize();
      if (!target.startsWith(directory)) {
        throw BesorolException.data(
            "%s names a file outside of the directory: '%s'."
                .formatted(bucket.address(key(INDEX)), parts[1]));
      }
      Files.createDirectories(target.getParent());
      bucket.fetch(key(digest.hex()), digest, Long.MAX_VALUE, target);
    }
    copied = index;
  }

  /**
   * Copies the directory into the bucket; what has not changed since the last time is not sent
   * again.
   *
   * @return whether the copy is up to date; not, if the directory kept changing
   * @throws BesorolException if it cannot be copied
   */
  public synchronized boolean save() {
    for (int look = 1; look <= LOOKS; look++) {
      try {
        var before = states();
        var index = new StringBuilder();
        for (var file : before.entrySet()) {
          index.append("%s %s\n".formatted(sent(file.getKey(), file.getValue()), file.getKey()));
        }
        // If all are still as they were when they were read, they were so at the same time.
        if (states().equals(before)) {
          replace(index.toString());
          return true;
        }
      } catch (NoSuchFileException e) {
        // deleted meanwhile: look again
      } catch (IOException e) {
        throw failed(e);
      }
    }
    return false;
  }

  /** The files, but for those that are being written. */
  private SortedMap<String, State> states() throws IOException {
    var states = new TreeMap<String, State>();
    try (var files = Files.walk(directory)) {
      for (var file : files.toList()) {
        var name = file.getFileName().toString();
        if (!name.startsWith(UNFINISHED) && !name.endsWith(".new")) {
          var attributes = Files.readAttributes(file, BasicFileAttributes.class);
          if (attributes.isRegularFile()) {
            states.put(
                directory.relativize(file).toString(),
                new State(attributes.size(), attributes.lastModifiedTime()));
          }
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return states;
  }

  private Digest sent(String name, State state) throws IOException {
    var before = known.get(name);
    if (before != null && before.state().equals(state)) {
      return before.digest();
    }
    // Files are replaced, never changed: under a second name it stays the same file.
    var file = directory.resolve(UNFINISHED + "mirrored");
    Files.deleteIfExists(file);
    Files.createLink(file, directory.resolve(name));
    try {
      var digest = Digest.of(file);
      bucket.put(file, key(digest.hex()), digest);
      known.put(name, new Known(state, digest));
      return digest;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void replace(String index) {
    if (index.equals(copied)) {
      return;
    }
    bucket.write(key(INDEX), index.getBytes(StandardCharsets.UTF_8));
    copied = index;
    var needed = new ArrayList<>(List.of(key(INDEX)));
    index.lines().forEach(line -> needed.add(key(new Digest(line.split(" ", 2)[0]).hex())));
    for (var key : bucket.list(key(""))) {
      if (!needed.contains(key)) {
        bucket.delete(key);
      }
    }
    known.values().removeIf(k -> !needed.contains(key(k.digest().hex())));
  }

  private String key(String name) {
    return prefix + "/" + name;
  }

  private BesorolException failed(IOException e) {
    return BesorolException.machine(
        "Checkpoints cannot be kept in %s (%s): check its permissions and free space."
            .formatted(directory, e),
        e);
  }
}
