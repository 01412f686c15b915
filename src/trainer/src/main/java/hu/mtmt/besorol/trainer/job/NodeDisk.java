package hu.mtmt.besorol.trainer.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What a pod keeps on the disk of its node: files that it has fetched, what it exchanges with other
 * pods, and where packages are in a bucket, checkpoints and packages too. What lies on volumes is
 * on somebody else's disk.
 */
public final class NodeDisk {
  private final Supplier<List<Path>> directories;
  private final Path temporary;

  /**
   * @param directories of this process; only those count that are on the disk of {@code temporary}
   */
  NodeDisk(Supplier<List<Path>> directories, Path temporary) {
    this.directories = directories;
    this.temporary = temporary;
  }

  /** How much lies there now, in bytes. */
  long bytes() {
    return directories.get().stream().filter(this::isOnNode).mapToLong(NodeDisk::bytesBelow).sum();
  }

  /**
   * How much will lie there at the peak, at least, in bytes: what is there when the data has been
   * read, and what is learnt in every place where it lies.
   *
   * @param learnt how large it is
   * @param vectors of all documents, which go from process to process
   * @param places where what is learnt is written; null for one that there is not
   * @param exchanged whether other processes learn with this one
   */
  long expected(long learnt, long vectors, List<Path> places, boolean exchanged) {
    long copies = places.stream().filter(p -> p != null && holds(p)).count();
    return bytes() + copies * learnt + (exchanged ? learnt + vectors : 0);
  }

  private boolean holds(Path place) {
    return directories.get().stream().filter(this::isOnNode).anyMatch(place::startsWith);
  }

  private boolean isOnNode(Path directory) {
    try {
      return Files.exists(directory)
          && Files.getAttribute(directory, "unix:dev")
              .equals(Files.getAttribute(temporary, "unix:dev"));
    } catch (IOException e) {
      return false; // it is gone
    }
  }

  private static long bytesBelow(Path directory) {
    var sum = new AtomicLong();
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              sum.addAndGet(attributes.size());
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE; // it was removed meanwhile
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum.get();
  }
}
