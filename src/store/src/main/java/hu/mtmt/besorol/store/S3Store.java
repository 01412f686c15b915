package hu.mtmt.besorol.store;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.ModelStore;
import hu.mtmt.besorol.classifiers.PackageCache;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A store in a bucket: the files of a version are objects below a prefix of its own, as they would
 * lie in a directory. The manifest is written last and deleted first, so that a version is there
 * when all its files are. What is opened lies in a cache, and what the cache has whole is not asked
 * of the bucket.
 */
public final class S3Store implements ModelStore, AutoCloseable {
  private final Supplier<Bucket> bucket;
  private final String prefix;
  private final PackageCache cache;
  private Bucket opened;

  /**
   * @param bucket opens the bucket when it is needed first, and is asked once
   * @param prefix of the model's packages, without a slash at its end
   * @param cache for packages; closed with this
   */
  public S3Store(Supplier<Bucket> bucket, String prefix, PackageCache cache) {
    this.bucket = bucket;
    this.prefix = prefix;
    this.cache = cache;
  }

  /** The bucket. */
  public synchronized Bucket bucket() {
    if (opened == null) {
      opened = bucket.get();
    }
    return opened;
  }

  @Override
  public Path directory() {
    return cache.directory();
  }

  @Override
  public boolean contains(Digest version) {
    return bucket().contains(key(version, ModelManifest.FILE));
  }

  @Override
  public Optional<ModelPackage> open(Digest version) {
    try {
      return Optional.of(cache.open(version, directory -> fetch(version, directory)));
    } catch (Missing e) {
      return Optional.empty();
    }
  }

  /** There is no manifest of the version. */
  private static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void fetch(Digest version, Path directory) throws IOException {
    var key = key(version, ModelManifest.FILE);
    var bytes = bucket().read(key).orElseThrow(Missing::new);
    if (!Digest.of(bytes).equals(version)) {
      throw BesorolException.data(
          "%s is not the manifest of that version: it was changed. Train the version again."
              .formatted(bucket().address(key)));
    }
    for (var file : manifest(bytes, key).files()) {
      var target = directory.resolve(file.path()).normalize();
      if (!target.startsWith(directory)) {
        throw BesorolException.data(
            "%s names a file outside of the package: '%s'."
                .formatted(bucket().address(key), file.path()));
      }
      Files.createDirectories(target.getParent());
      bucket().fetch(key(version, file.path()), file.digest(), file.bytes(), target);
    }
    Files.write(directory.resolve(ModelManifest.FILE), bytes);
  }

  private ModelManifest manifest(byte[] bytes, String key) {
    try {
      return ContractJson.read(bytes, ModelManifest.class, bucket().address(key));
    } catch (BesorolException e) { // a package is data; its manifest is nobody's plan
      throw BesorolException.data(e.getMessage());
    }
  }

  @Override
  public void keep(ModelPackage model) {
    var version = model.version();
    cache.keep(version);
    try {
      for (var file : model.manifest().files()) {
        bucket()
            .put(model.directory().resolve(file.path()), key(version, file.path()), file.digest());
      }
      bucket()
          .put(
              model.directory().resolve(ModelManifest.FILE),
              key(version, ModelManifest.FILE),
              version);
    } catch (IOException e) {
      throw BesorolException.machine(
          "The model package %s cannot be read (%s): check its volume."
              .formatted(model.directory(), e),
          e);
    }
  }

  @Override
  public boolean remove(Digest version) {
    boolean there = contains(version);
    bucket().delete(key(version, ModelManifest.FILE));
    bucket().list(key(version, "")).forEach(bucket()::delete);
    return there;
  }

  private String key(Digest version, String file) {
    return (prefix.isEmpty() ? "" : prefix + "/") + JobPlan.packageDirectory(version) + "/" + file;
  }

  @Override
  public String toString() {
    return bucket().address(prefix);
  }

  @Override
  public synchronized void close() {
    cache.close();
    if (opened != null) {
      opened.close();
    }
  }
}
