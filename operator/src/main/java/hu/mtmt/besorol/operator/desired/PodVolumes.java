package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.BucketReference;
import hu.mtmt.besorol.api.ClassifierModelSpec.Store;
import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.S3Bucket;
import hu.mtmt.besorol.contract.Source;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * The claims and Secrets that a pod mounts, and where their files are found in it. A claim or
 * Secret is one volume however often it is named; data and keys are mounted read-only.
 */
final class PodVolumes {
  /** Where packages lie that were fetched from a bucket. */
  static final String CACHE = "/var/cache/besorol";

  private static final String DATA = "/var/lib/besorol/data/";
  private static final String STORE = "/var/lib/besorol/store";
  private static final String CREDENTIALS = "/var/run/secrets/besorol/";
  private static final String CACHE_VOLUME = "cache";

  private final SequencedMap<String, Volume> volumes = new LinkedHashMap<>();
  private final SequencedMap<String, VolumeMount> mounts = new LinkedHashMap<>();

  /**
   * Where a model's packages are.
   *
   * @param path directory, or prefix in the bucket
   * @param bucket null if it is a directory
   */
  record StorePlace(String path, S3Bucket bucket) {}

  /** Where a model's packages are, mounted for reading and writing. */
  StorePlace writableStore(Store store, String model) {
    return store(store, model, false);
  }

  /** Where a model's packages are, mounted for reading only. */
  StorePlace readableStore(Store store, String model) {
    return store(store, model, true);
  }

  private StorePlace store(Store store, String model, boolean readOnly) {
    var directory = store.path() == null ? "" : normalized(store.path());
    var below = (directory.isEmpty() ? "" : directory + "/") + model;
    if (store.s3() != null) {
      mountCache(store);
      return new StorePlace(below, bucket(store.s3()));
    }
    mountClaim(store.persistentVolumeClaim().claimName(), STORE, readOnly);
    return new StorePlace(STORE + "/" + below, null);
  }

  /** Where the pod reads a file; what is neither in a bucket nor behind an address is mounted. */
  Source source(DataSource source) {
    var digest = new Digest(source.digest());
    if (source.uri() != null) {
      return new Source(source.uri(), digest);
    }
    if (source.s3() != null) {
      return new Source(normalized(source.path()), digest, bucket(source.s3()));
    }
    var claim = source.persistentVolumeClaim().claimName();
    mountClaim(claim, DATA + claim, true);
    return new Source(DATA + claim + "/" + normalized(source.path()), digest);
  }

  List<Volume> volumes() {
    return List.copyOf(volumes.values());
  }

  List<VolumeMount> mounts() {
    return List.copyOf(mounts.values());
  }

  private S3Bucket bucket(BucketReference reference) {
    String directory = null;
    if (reference.credentials() != null) {
      var secret = reference.credentials().secretName();
      directory = CREDENTIALS + secret;
      mount(
          "secret/" + secret,
          name ->
              new VolumeBuilder()
                  .withName(name)
                  .withNewSecret()
                  .withSecretName(secret)
                  .endSecret()
                  .build(),
          directory,
          true);
    }
    return new S3Bucket(reference.endpoint(), reference.region(), reference.bucket(), directory);
  }

  private void mountCache(Store store) {
    if (store.cache() != null) {
      mountClaim(store.cache().persistentVolumeClaim().claimName(), CACHE, false);
      return;
    }
    volumes.putIfAbsent(
        CACHE_VOLUME,
        new VolumeBuilder().withName(CACHE_VOLUME).withNewEmptyDir().endEmptyDir().build());
    mounts.putIfAbsent(CACHE, mount(CACHE_VOLUME, CACHE, false));
  }

  private void mountClaim(String claim, String path, boolean readOnly) {
    mount(
        "claim/" + claim,
        name ->
            new VolumeBuilder()
                .withName(name)
                .withNewPersistentVolumeClaim()
                .withClaimName(claim)
                .endPersistentVolumeClaim()
                .build(),
        path,
        readOnly);
  }

  /** Volumes are numbered: names of claims and Secrets are longer than theirs may be. */
  private void mount(String key, Function<String, Volume> volume, String path, boolean readOnly) {
    var kind = key.substring(0, key.indexOf('/'));
    var made =
        volumes.computeIfAbsent(
            key,
            k ->
                volume.apply(
                    kind
                        + "-"
                        + volumes.keySet().stream().filter(o -> o.startsWith(kind + "/")).count()));
    mounts.putIfAbsent(path, mount(made.getName(), path, readOnly));
  }

  private static VolumeMount mount(String volume, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  /** Without the empty and {@code .} parts that a path in a manifest may have. */
  private static String normalized(String path) {
    return String.join(
        "/",
        List.of(path.split("/")).stream().filter(p -> !p.isEmpty() && !p.equals(".")).toList());
  }
}
