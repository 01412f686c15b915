package hu.mtmt.besorol.inference;

import hu.mtmt.besorol.classifiers.PackageCache;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.contract.S3Bucket;
import hu.mtmt.besorol.store.Bucket;
import hu.mtmt.besorol.store.S3Store;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Loads the package in the background, so that the process is alive from the start and ready when
 * it can answer. A package that is not fit to serve ends the process with the exit code of its
 * {@link hu.mtmt.besorol.contract.FailureKind} and a sentence, which also becomes the container's
 * termination message.
 */
@ApplicationScoped
class ModelLoader {
  private static final Logger LOG = Logger.getLogger(ModelLoader.class);

  private final InferenceConfig config;
  private final ApiKeys apiKeys;
  private final ServedModel served;
  private final Baseline baseline;
  private final Meters meters;
  private final Map<String, String> environment = System.getenv();

  ModelLoader(
      InferenceConfig config,
      ApiKeys apiKeys,
      ServedModel served,
      Baseline baseline,
      Meters meters) {
    this.config = config;
    this.apiKeys = apiKeys;
    this.served = served;
    this.baseline = baseline;
    this.meters = meters;
  }

  void onStart(@Observes StartupEvent event) {
    Thread.ofPlatform().name("model-loader").start(this::load);
  }

  private void load() {
    try {
      config.apiKeysFile().ifPresent(f -> apiKeys.read(containerPath(f)));
      // Before anybody asks: opening a package beside the first answers would make them slow.
      config.baselinePackage().ifPresent(this::compareWith);
      var start = System.nanoTime();
      var model = model(named());
      meters.describe(model);
      served.set(model);
      LOG.infof(
          "Serving version %s, loaded in %d ms.",
          model.version(), Duration.ofNanos(System.nanoTime() - start).toMillis());
      if (config.trainingRun()) {
        Quarkus.asyncExit(0);
      }
    } catch (RuntimeException | Error e) {
      if (!(e instanceof BesorolException)) {
        LOG.error("The package cannot be loaded", e);
      }
      fail(Failure.of(e));
    }
  }

  private String named() {
    return config
        .packagePath()
        .orElseThrow(
            () ->
                BesorolException.plan(
                    "BESOROL_PACKAGE is not set: set it to the absolute path of a package."));
  }

  /** What it is for is told without it: this process answers all the same. */
  private void compareWith(String name) {
    try {
      baseline.set(model(name));
    } catch (RuntimeException e) {
      LOG.warnf("Nothing is compared with the version that is served: %s", e.getMessage());
    }
  }

  private Model model(String name) {
    return config
        .s3()
        .map(s3 -> fetched(s3, name))
        .orElseGet(() -> Model.load(containerPath(name)));
  }

  /** A package of a bucket, which stays in the cache as long as this process lives. */
  private Model fetched(InferenceConfig.S3 s3, String name) {
    int slash = name.lastIndexOf('/');
    var version =
        JobPlan.versionOf(name.substring(slash + 1))
            .orElseThrow(
                () ->
                    BesorolException.plan(
                        "The package is named '%s', but in a bucket it must end in a version: sha256- and 64 hexadecimal digits."
                            .formatted(name)));
    var bucket =
        new S3Bucket(
            s3.endpoint(),
            s3.region().orElse(S3Bucket.DEFAULT_REGION),
            s3.bucket(),
            s3.credentials().orElse(null));
    var cache =
        config
            .cache()
            .map(this::containerPath)
            .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "besorol-cache"));
    var store =
        new S3Store(
            () -> Bucket.open(bucket, ContainerPaths.of(environment)),
            slash < 0 ? "" : name.substring(0, slash),
            new PackageCache(cache, PackageCache.MOST_BYTES, Clock.systemUTC()));
    return store
        .open(version)
        .map(Model::of)
        .orElseThrow(
            () ->
                BesorolException.data(
                    "There is no version %s at %s: it was removed, or the name is wrong."
                        .formatted(version, store)));
  }

  private Path containerPath(String path) {
    return ContainerPaths.of(environment).resolve(path);
  }

  private void fail(Failure failure) {
    System.err.println(failure.message());
    writeTerminationMessage(failure.message());
    Quarkus.asyncExit(failure.kind().exitCode());
  }

  /** Where there is a container around this process; elsewhere nobody would look for it. */
  private void writeTerminationMessage(String message) {
    var file = containerPath(JobResult.PATH);
    if (!environment.containsKey(ContainerPaths.VARIABLE) && !Files.isWritable(file)) {
      return;
    }
    try {
      Files.writeString(file, message);
    } catch (IOException e) {
      LOG.warnf("The termination message cannot be written: %s", e);
    }
  }
}
