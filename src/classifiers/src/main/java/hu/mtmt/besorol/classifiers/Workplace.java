package hu.mtmt.besorol.classifiers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A hidden directory in which something is made before it gets its name. A lock on a file beside it
 * says that its maker is alive; a directory whose lock can be had was left behind by a process that
 * was killed.
 */
final class Workplace implements AutoCloseable {
  private static final String PREFIX = ".unfinished-";
  private static final String LOCK = ".lock";
  private static final String DISCARDED = ".discarded";

  private final Path directory;
  private final Path lockFile;
  private final FileChannel lock;

  private Workplace(Path directory, Path lockFile, FileChannel lock) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /** A new one in {@code parent}; those that were left behind there are deleted. */
  static Workplace in(Path parent) throws IOException {
    deleteAbandoned(parent);
    var directory = parent.resolve(PREFIX + UUID.randomUUID());
    var lockFile = lockFileOf(directory);
    var lock = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      tryLock(lock);
      Files.createDirectory(directory);
      return new Workplace(directory, lockFile, lock);
    } catch (IOException e) {
      lock.close();
      Files.deleteIfExists(lockFile);
      throw e;
    }
  }

  private static Path lockFileOf(Path directory) {
    return directory.resolveSibling(directory.getFileName() + LOCK);
  }

  private static void deleteAbandoned(Path parent) throws IOException {
    try (var directories =
        Files.newDirectoryStream(parent, p -> isUnfinished(p) && Files.isDirectory(p))) {
      for (var directory : directories) {
        var lockFile = lockFileOf(directory);
        if (!Files.exists(lockFile)) {
          continue; // it is just being deleted
        }
        try (var lock = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
          if (tryLock(lock) != null) {
            Directories.delete(directory);
            Files.deleteIfExists(lockFile);
          }
        }
      }
    }
  }

  private static boolean isUnfinished(Path path) {
    return path.getFileName().toString().startsWith(PREFIX);
  }

  /** The lock, or null if somebody has it or the file system knows no locks. */
  private static FileLock tryLock(FileChannel channel) {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException | IOException e) {
      return null;
    }
  }

  Path directory() {
    return directory;
  }

  /** Takes a directory beside this one away, at once for those who look, and deletes it. */
  void discard(Path other) throws IOException {
    var away = directory.resolveSibling(directory.getFileName() + DISCARDED);
    Files.move(other, away, StandardCopyOption.ATOMIC_MOVE);
    Directories.delete(away);
  }

  /** Deletes the directory if it was not moved away. */
  @Override
  public void close() {
    try (lock) {
      Directories.delete(directory);
      Files.deleteIfExists(lockFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
