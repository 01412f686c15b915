package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.JobPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Packages on this machine, by version: what is missing or damaged is fetched. Any number of
 * processes may share one: a package gets its name when it is whole, only one process fetches a
 * version at a time, and when there is more than the cache may hold, the packages that were not
 * opened for longest are deleted, but none that some process has open.
 */
public final class PackageCache implements AutoCloseable {
  /** How much is kept unless told otherwise, in bytes: 16 GiB. */
  public static final long MOST_BYTES = 16L << 30;

  private static final String PACKAGES = "sha256-*";
  private static final String HELD = ".held-";
  private static final String FETCHED = ".fetched-";

  private final Path directory;
  private final long mostBytes;
  private final Clock clock;

  /** Of the versions that this process has open, what says so to others. */
  private final Map<String, FileChannel> held = new HashMap<>();

  /**
   * @param directory made if missing
   * @param mostBytes how much is kept beside what is open
   */
  public PackageCache(Path directory, long mostBytes, Clock clock) {
    this.directory = directory;
    this.mostBytes = mostBytes;
    this.clock = clock;
  }

  /** Fetches the files of a package. */
  @FunctionalInterface
  public interface Fetch {
    /** Writes them all into an empty directory. */
    void into(Path directory) throws IOException;
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  /**
   * Opens a package, which stays until this is closed.
   *
   * @param fetch is asked if it is not there or not whole
   * @throws BesorolException if it cannot be fetched, or what was fetched is not that version
   */
  public synchronized ModelPackage open(Digest version, Fetch fetch) {
    var name = JobPlan.packageDirectory(version);
    var place = directory.resolve(name);
    try {
      Files.createDirectories(directory);
      hold(name);
      var there = whole(place, version);
      if (there.isPresent()) {
        return there.get();
      }
      try (var _ = exclusive(FETCHED + name)) {
        var meanwhile = whole(place, version); // fetched by another process
        if (meanwhile.isPresent()) {
          return meanwhile.get();
        }
        fetch(place, fetch);
      }
      return DirectoryStore.open(place, version);
    } catch (IOException e) {
      throw BesorolException.machine(
          "The package %s cannot be put into the cache %s (%s): check its permissions and free space."
              .formatted(version.abbreviated(), directory, e),
          e);
    }
  }

  private static Optional<ModelPackage> whole(Path place, Digest version) {
    if (!Files.isDirectory(place)) {
      return Optional.empty();
    }
    try {
      return Optional.of(DirectoryStore.open(place, version));
    } catch (BesorolException e) {
      if (e.kind() == FailureKind.DATA_INVALID) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void fetch(Path place, Fetch fetch) throws IOException {
    try (var workplace = Workplace.in(directory)) {
      fetch.into(workplace.directory());
      ModelPackageWriter.synchronizeAll(workplace.directory());
      try {
        Files.move(workplace.directory(), place, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException e) {
        if (!Files.exists(place)) {
          throw e;
        }
        workplace.discard(place);
        Files.move(workplace.directory(), place, StandardCopyOption.ATOMIC_MOVE);
      }
      ModelPackageWriter.synchronize(directory);
    }
    prune();
  }

  /**
   * Keeps a package that was published in the directory as if it had been opened, and deletes what
   * is too much beside it.
   */
  public synchronized void keep(Digest version) {
    hold(JobPlan.packageDirectory(version));
    prune();
  }

  /** Tells other processes that this one needs a package. */
  private void hold(String name) {
    if (held.containsKey(name)) {
      return;
    }
    var file = directory.resolve(HELD + name);
    try {
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      held.put(name, channel);
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      channel.lock(0, Long.MAX_VALUE, true);
    } catch (OverlappingFileLockException | IOException e) {
      // a cache that cannot be written, or a file system without locks: nobody can prune it either
    }
  }

  /**
   * A lock that one process has at a time; others wait. Null where there are no locks, or the file
   * is another user's: then a package may be fetched twice, which is a waste and no harm.
   */
  private FileChannel exclusive(String name) {
    try {
      var channel =
          FileChannel.open(
              directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.lock();
      return channel;
    } catch (OverlappingFileLockException | IOException e) {
      return null; // the file stays open: closing it would end the lock of another part of this
      // process
    }
  }

  private record Kept(Path path, FileTime used, long bytes) {}

  private void prune() {
    try (var workplace = Workplace.in(directory)) {
      prune(workplace);
    } catch (IOException | UncheckedIOException e) {
      // another process prunes too, or the cache cannot be written: the next one tries again
    }
  }

  private void prune(Workplace workplace) throws IOException {
    var kept = new ArrayList<Kept>();
    try (var packages = Files.newDirectoryStream(directory, PACKAGES)) {
      for (var path : packages) {
        kept.add(new Kept(path, used(path), bytes(path)));
      }
    }
    kept.sort(Comparator.comparing(Kept::used).reversed());
    Predicate<Kept> ours = k -> held.containsKey(k.path().getFileName().toString());
    long sum = kept.stream().filter(ours).mapToLong(Kept::bytes).sum();
    for (var one : kept.stream().filter(ours.negate()).toList()) {
      sum += one.bytes();
      if (sum > mostBytes) {
        forget(one.path(), workplace);
      }
    }
  }

  private FileTime used(Path place) throws IOException {
    var file = directory.resolve(HELD + place.getFileName());
    return Files.getLastModifiedTime(Files.exists(file) ? file : place);
  }

  private static long bytes(Path place) throws IOException {
    long bytes = 0;
    for (var file : ModelPackage.files(place)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private void forget(Path place, Workplace workplace) throws IOException {
    try (var channel =
        FileChannel.open(
            directory.resolve(HELD + place.getFileName()),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      if (channel.tryLock() != null) {
        workplace.discard(place);
      }
    } catch (OverlappingFileLockException e) {
      // another part of this process has it open
    }
  }

  /** Lets others delete what was opened. */
  @Override
  public synchronized void close() {
    for (var channel : List.copyOf(held.values())) {
      try {
        channel.close();
      } catch (IOException e) {
        // the lock ends with the process
      }
    }
    held.clear();
  }
}
