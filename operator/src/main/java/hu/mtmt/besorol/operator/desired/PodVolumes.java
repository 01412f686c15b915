package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.ClassifierModelSpec.Store;
import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Source;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The claims that a pod mounts, and where their files are found in it. A claim is one volume
 * however often it is named; data is mounted read-only.
 */
final class PodVolumes {
  private static final String DATA = "/var/lib/besorol/data/";
  private static final String STORE = "/var/lib/besorol/store";

  private final SequencedMap<String, String> volumeOfClaim = new LinkedHashMap<>();
  private final SequencedMap<String, VolumeMount> mounts = new LinkedHashMap<>();

  /** The directory of a model's packages, mounted for reading and writing. */
  String writableStore(Store store, String model) {
    return store(store, model, false);
  }

  /** The directory of a model's packages, mounted for reading only. */
  String readableStore(Store store, String model) {
    return store(store, model, true);
  }

  private String store(Store store, String model, boolean readOnly) {
    mount(store.persistentVolumeClaim().claimName(), STORE, readOnly);
    var directory = store.path() == null ? "" : normalized(store.path());
    return STORE + (directory.isEmpty() ? "" : "/" + directory) + "/" + model;
  }

  /** Where the pod reads a file; what is not behind an address is mounted. */
  Source source(DataSource source) {
    var digest = new Digest(source.digest());
    if (source.uri() != null) {
      return new Source(source.uri(), digest);
    }
    var claim = source.persistentVolumeClaim().claimName();
    mount(claim, DATA + claim, true);
    return new Source(DATA + claim + "/" + normalized(source.path()), digest);
  }

  List<Volume> volumes() {
    var volumes = new ArrayList<Volume>();
    volumeOfClaim.forEach(
        (claim, name) ->
            volumes.add(
                new VolumeBuilder()
                    .withName(name)
                    .withNewPersistentVolumeClaim()
                    .withClaimName(claim)
                    .endPersistentVolumeClaim()
                    .build()));
    return volumes;
  }

  List<VolumeMount> mounts() {
    return List.copyOf(mounts.values());
  }

  private void mount(String claim, String path, boolean readOnly) {
    var volume = volumeOfClaim.computeIfAbsent(claim, c -> "claim-" + volumeOfClaim.size());
    mounts.putIfAbsent(
        path,
        new VolumeMountBuilder()
            .withName(volume)
            .withMountPath(path)
            .withReadOnly(readOnly ? true : null)
            .build());
  }

  /** Without the empty and {@code .} parts that a path in a manifest may have. */
  private static String normalized(String path) {
    return String.join(
        "/",
        List.of(path.split("/")).stream().filter(p -> !p.isEmpty() && !p.equals(".")).toList());
  }
}
