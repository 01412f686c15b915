package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.DirectoryStore;
import hu.mtmt.besorol.classifiers.ModelStore;
import hu.mtmt.besorol.classifiers.PackageCache;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.ProcessGroup;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.store.Bucket;
import hu.mtmt.besorol.store.MirroredDirectory;
import hu.mtmt.besorol.store.S3Store;
import hu.mtmt.besorol.trainer.data.TemporaryDirectory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The store of a plan, on a volume or in a bucket, and the directory of its checkpoints. Of a
 * bucket's checkpoints there is a copy on this machine: it is filled at the start, and what changes
 * is sent at short intervals and at the end.
 */
final class PodStore implements AutoCloseable {
  /** The environment variable that names the directory of cached packages. */
  static final String CACHE = "BESOROL_CACHE";

  /** This much of a training is lost at most with its machine. */
  private static final Duration INTERVAL = Duration.ofSeconds(20);

  private static final String REMEDY = "mount a writable volume at /tmp";

  private final ModelStore store;
  private final Consumer<String> notes;
  private final TemporaryDirectory scratch;
  private final Path checkpoints;
  private final MirroredDirectory mirrored;
  private final Path cache;
  private final ScheduledExecutorService timer;

  private PodStore(
      ModelStore store,
      Path checkpoints,
      MirroredDirectory mirrored,
      TemporaryDirectory scratch,
      Path cache,
      Consumer<String> notes) {
    this.cache = cache;
    this.store = store;
    this.checkpoints = checkpoints;
    this.mirrored = mirrored;
    this.scratch = scratch;
    this.notes = notes;
    this.timer = mirrored == null ? null : Executors.newSingleThreadScheduledExecutor();
    if (timer != null) {
      timer.scheduleWithFixedDelay(
          this::save, INTERVAL.toSeconds(), INTERVAL.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /**
   * Opens the store of a plan.
   *
   * @param group of this process, which has checkpoints of its own
   * @param cache directory for packages of a bucket, as the container sees it; null for a temporary
   *     one
   * @throws BesorolException if the plan has none, or the bucket's checkpoints cannot be had
   */
  static PodStore open(
      JobPlan plan,
      ProcessGroup group,
      String cache,
      ContainerPaths paths,
      Clock clock,
      Consumer<String> notes) {
    if (plan.store() == null) {
      throw BesorolException.plan(
          "store is missing: write the directory in which the model's packages lie.");
    }
    var kept =
        plan instanceof TrainingPlan training ? group.checkpoints(training.checkpoints()) : null;
    if (plan.storeBucket() == null) {
      return new PodStore(
          new DirectoryStore(paths.resolve(plan.store())),
          kept == null ? null : paths.resolve(kept),
          null,
          null,
          null,
          notes);
    }
    var scratch = TemporaryDirectory.make("besorol-store-", REMEDY);
    var directory = cache == null ? scratch.path().resolve("cache") : paths.resolve(cache);
    var store =
        new S3Store(
            () -> Bucket.open(plan.storeBucket(), paths),
            plan.store(),
            new PackageCache(directory, PackageCache.MOST_BYTES, clock));
    try {
      if (kept == null) {
        return new PodStore(store, null, null, scratch, directory, notes);
      }
      var checkpoints = scratch.path().resolve("checkpoints");
      var mirrored = new MirroredDirectory(checkpoints, store.bucket(), kept);
      if (!mirrored.restore()) {
        notes.accept("The checkpoints of an earlier attempt are damaged: it begins anew.");
      }
      return new PodStore(store, checkpoints, mirrored, scratch, directory, notes);
    } catch (RuntimeException e) {
      store.close();
      scratch.close();
      throw e;
    }
  }

  ModelStore store() {
    return store;
  }

  /** The directory for checkpoints, or null if the plan has none. */
  Path checkpoints() {
    return checkpoints;
  }

  /** Directories for what is in a bucket; empty if the store is on a volume. */
  List<Path> copies() {
    return scratch == null
        ? List.of()
        : cache.startsWith(scratch.path())
            ? List.of(scratch.path())
            : List.of(scratch.path(), cache);
  }

  /** A checkpoint that cannot be sent costs time after a failure, not the result. */
  private void save() {
    try {
      mirrored.save();
    } catch (RuntimeException e) {
      notes.accept("Checkpoints are not up to date: " + Failures.of(e).message());
    }
  }

  /** Sends the last checkpoints. */
  @Override
  public void close() {
    if (timer != null) {
      timer.close(); // waits for one that is being sent
      save();
    }
    if (store instanceof S3Store s3) {
      s3.close();
    }
    if (scratch != null) {
      scratch.close();
    }
  }
}
