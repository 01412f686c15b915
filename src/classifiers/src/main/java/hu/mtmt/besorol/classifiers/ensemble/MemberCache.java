package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.contract.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What members learnt, kept in the hidden directory {@value #DIRECTORY} of a store, so that another
 * ensemble of the same data need not train them again. An entry is a directory named by the digest
 * of all that its files follow from; {@value #DIGESTS} in it lists the digests of the files, and an
 * entry that is not as listed counts as missing. When there are more than {@value #MOST_BYTES}
 * bytes, the entries that were not used for longest are deleted.
 *
 * <p>Nothing depends on it: where the store cannot be written, members are trained again. Any
 * number of processes may share a store.
 */
final class MemberCache {
  private static final String DIRECTORY = ".members";
  private static final String DIGESTS = "digests";
  private static final String UNFINISHED = ".unfinished-";
  private static final long MOST_BYTES = 4L << 30;

  /** What is unfinished for so long was left behind. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path directory;
  private final long mostBytes;
  private final Clock clock;

  private MemberCache(Path directory, long mostBytes, Clock clock) {
    this.directory = directory;
    this.mostBytes = mostBytes;
    this.clock = clock;
  }

  /** The cache of a store; one that is always empty if {@code store} is null. */
  static MemberCache in(Path store) {
    return in(store, MOST_BYTES, Clock.systemUTC());
  }

  static MemberCache in(Path store, long mostBytes, Clock clock) {
    return new MemberCache(store == null ? null : store.resolve(DIRECTORY), mostBytes, clock);
  }

  /**
   * Copies an entry into an empty directory.
   *
   * @return whether there was one
   * @throws IOException if the directory cannot be written
   */
  boolean restore(Digest key, Path target) throws IOException {
    if (directory == null) {
      return false;
    }
    var entry = directory.resolve(key.hex());
    for (var name : intact(entry)) {
      Files.copy(entry.resolve(name), target.resolve(name));
    }
    boolean restored = isFilled(target);
    if (restored) {
      touch(entry);
    }
    return restored;
  }

  private static boolean isFilled(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.findAny().isPresent();
    }
  }

  /** The names of an entry's files; none if it is not there or not as listed. */
  private static List<String> intact(Path entry) {
    try {
      var names = new ArrayList<String>();
      for (var line : Files.readAllLines(entry.resolve(DIGESTS))) {
        var parts = line.split(" ", 2);
        if (!Digest.of(entry.resolve(parts[1])).value().equals(parts[0])) {
          return List.of();
        }
        names.add(parts[1]);
      }
      return names;
    } catch (IOException | ArrayIndexOutOfBoundsException e) {
      return List.of();
    }
  }

  /** Keeps the files of a directory, unless they are kept already. */
  void keep(Digest key, Path files) {
    if (directory == null || Files.exists(directory.resolve(key.hex()))) {
      return;
    }
    var unfinished = directory.resolve(UNFINISHED + UUID.randomUUID());
    try {
      Files.createDirectories(unfinished);
      var digests = new ArrayList<String>();
      for (var file : list(files)) {
        var name = file.getFileName().toString();
        Files.copy(file, unfinished.resolve(name));
        digests.add(Digest.of(file) + " " + name);
      }
      Files.write(unfinished.resolve(DIGESTS), digests);
      touch(unfinished);
      Files.move(unfinished, directory.resolve(key.hex()), StandardCopyOption.ATOMIC_MOVE);
      prune();
    } catch (IOException e) {
      forget(unfinished); // the store is full or read-only: it is trained again next time
    }
  }

  private static void forget(Path entry) {
    try {
      Directories.delete(entry);
    } catch (IOException e) {
      // the next one that keeps something tries again
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.sorted().collect(Collectors.toList());
    }
  }

  private void touch(Path entry) {
    try {
      Files.setLastModifiedTime(entry, FileTime.from(clock.instant()));
    } catch (IOException e) {
      // it only says what is deleted first
    }
  }

  private void prune() throws IOException {
    record Entry(Path path, Instant used, long bytes) {}
    var entries = new ArrayList<Entry>();
    for (var path : list(directory)) {
      var used = Files.getLastModifiedTime(path).toInstant();
      boolean unfinished = path.getFileName().toString().startsWith(UNFINISHED);
      if (!unfinished) {
        long bytes = 0;
        for (var file : list(path)) {
          bytes += Files.size(file);
        }
        entries.add(new Entry(path, used, bytes));
      } else if (used.plus(ABANDONED).isBefore(clock.instant())) {
        forget(path);
      }
    }
    entries.sort(Comparator.comparing(Entry::used).reversed());
    long sum = 0;
    for (var entry : entries) {
      sum += entry.bytes;
      if (sum > mostBytes) {
        forget(entry.path);
      }
    }
  }
}
