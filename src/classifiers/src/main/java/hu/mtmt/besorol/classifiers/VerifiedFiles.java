package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.ModelManifest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The files of a package and whether they are those of its manifest. Their digests are computed
 * beside everything else from the start: weights are large, and reading a manifest takes a JVM that
 * has just begun as long.
 */
final class VerifiedFiles implements AutoCloseable {
  /** A file name, maybe in one directory; neither begins with a dot. */
  private static final String PATH = "([A-Za-z0-9_-][A-Za-z0-9._-]*/)?[A-Za-z0-9_-][A-Za-z0-9._-]*";

  private final Path directory;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Future<Digest>> digests = new HashMap<>();
  private ModelManifest manifest;

  /** Begins to read all files of a directory. */
  VerifiedFiles(Path directory) throws IOException {
    this.directory = directory;
    for (var file : ModelPackage.files(directory)) {
      digests.put(ModelPackage.nameIn(directory, file), threads.submit(() -> Digest.of(file)));
    }
  }

  /**
   * Requires the files that the manifest names, with its sizes, and no others.
   *
   * @throws BesorolException if one is missing, has another size or is too many
   */
  void requireAll(ModelManifest manifest) throws IOException {
    this.manifest = manifest;
    var known = new HashSet<String>();
    known.add(ModelManifest.FILE);
    for (var file : manifest.files()) {
      if (!file.path().matches(PATH)) {
        throw damaged(ModelManifest.FILE, "names a file '" + file.path() + "'");
      }
      known.add(file.path());
      if (!digests.containsKey(file.path())) {
        throw damaged(file.path(), "is missing");
      }
      long size = Files.size(directory.resolve(file.path()));
      if (size != file.bytes()) {
        throw damaged(file.path(), "has %d bytes instead of %d".formatted(size, file.bytes()));
      }
    }
    for (var required : List.of(ModelPackage.TAXONOMY, ModelPackage.LABELS, SelfTest.FILE)) {
      if (!known.contains(required)) {
        throw damaged(ModelManifest.FILE, "does not name " + required);
      }
    }
    for (var name : digests.keySet()) {
      if (!known.contains(name)) {
        throw damaged(name, "does not belong to it");
      }
    }
  }

  /**
   * A file that has the digest of the manifest.
   *
   * @throws BesorolException if it has another
   */
  Path verified(String name) throws IOException {
    for (var file : manifest.files()) {
      if (file.path().equals(name) && !digest(name).equals(file.digest())) {
        throw damaged(name, "was changed: its digest is not that of the manifest");
      }
    }
    return directory.resolve(name);
  }

  /**
   * Waits until all files are read.
   *
   * @throws BesorolException if one has not the digest of the manifest
   */
  void verifyAll() throws IOException {
    for (var file : manifest.files()) {
      verified(file.path());
    }
  }

  private Digest digest(String name) throws IOException {
    return await(digests.get(name));
  }

  /** Does something beside everything else; nobody waits for it when it turns out not to matter. */
  <T> Future<T> meanwhile(Callable<T> work) {
    return threads.submit(work);
  }

  /** What was done {@link #meanwhile}; fails as that failed. */
  <T> T await(Future<T> work) throws IOException {
    try {
      return work.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private BesorolException damaged(String file, String how) {
    return ModelPackage.damaged(directory, file, how);
  }

  /** Reads no further. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
