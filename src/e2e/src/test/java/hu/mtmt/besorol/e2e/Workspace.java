package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Conditions;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A namespace that admits restricted pods only, with volumes for the claims of the quickstart: the
 * corpus, and an empty store.
 */
final class Workspace {
  private static final Path SAMPLE =
      KubernetesBinaries.repository().resolve("kubernetes/samples/quickstart");
  private static final int MINUTES = 4;

  private final Cluster cluster;
  private final String namespace;

  private Workspace(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Creates one, which is gone after the test. */
  static Workspace create(Cluster cluster, String namespace) throws IOException {
    return create(cluster, namespace, cluster.directory(namespace + "-quickstart-store"));
  }

  /**
   * The same with the store in a directory of the nodes.
   *
   * @param store where packages are kept
   */
  static Workspace create(Cluster cluster, String namespace, Path store) {
    var workspace = new Workspace(cluster, namespace);
    cluster.afterwards(workspace::delete);
    cluster
        .client()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
    try (var files = Files.list(SAMPLE)) {
      var data = cluster.directory(namespace + "-quickstart-data");
      workspace.volume("quickstart-data", data);
      for (var file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        Files.copy(file, data.resolve(file.getFileName()));
      }
      // Kubernetes does not give the files of such a volume to the pods' group.
      Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxrwxrwx"));
      workspace.volume("quickstart-store", store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return workspace;
  }

  /** A directory of the nodes, which share their files, for the claim of that name. */
  private void volume(String claim, Path directory) {
    cluster
        .client()
        .resource(
            new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(namespace + "-" + claim)
                .endMetadata()
                .withNewSpec()
                .withCapacity(Map.of("storage", new Quantity("1Gi")))
                .withAccessModes("ReadWriteOnce")
                .withNewClaimRef()
                .withNamespace(namespace)
                .withName(claim)
                .endClaimRef()
                .withNewHostPath(directory.toString(), "Directory")
                .endSpec()
                .build())
        .create();
  }

  String namespace() {
    return namespace;
  }

  /**
   * Applies the quickstart, without the gate that measures the time of a machine that may be busy
   * with other things.
   */
  void applyQuickstart() {
    applyQuickstart("");
  }

  /**
   * The same, changed further.
   *
   * @param operations on the model, as lines of a JSON patch in YAML
   */
  void applyQuickstart(String operations) {
    try {
      var manifests =
          cluster.kustomization(
              namespace,
              SAMPLE,
              """
              patches:
                - target: {kind: ClassifierModel}
                  patch: |-
                    - {op: test, path: /spec/gates/4/name, value: fast}
                    - {op: remove, path: /spec/gates/4}
              """
                  + operations.indent(6));
      cluster.kubectl("apply", "-n", namespace, "-k", manifests);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Applies the quickstart's run again, with another name and seed: another version. */
  void applyRun(String name, int seed) {
    applyRun(name, seed, "");
  }

  /**
   * The same with more in its spec.
   *
   * @param fields lines of YAML
   */
  void applyRun(String name, int seed, String fields) {
    try {
      var file = Files.createTempFile("run", ".yaml");
      Files.writeString(
          file,
          Files.readString(SAMPLE.resolve("trainingrun.yaml"))
                  .replace("name: quickstart-1", "name: " + name)
                  .replace("seed: 42", "seed: " + seed)
              + fields.indent(2));
      cluster.kubectl("apply", "-n", namespace, "-f", file.toString());
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes the quickstart's model by a merge patch in JSON. */
  void patchModel(String patch) {
    cluster.kubectl(
        "patch", "classifiermodel", "quickstart", "-n", namespace, "--type=merge", "-p", patch);
  }

  /** The document of the quickstart, as JSON. */
  static byte[] document() {
    try {
      return Files.readAllBytes(SAMPLE.resolve("sample.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the run has ended, which must be well; gives its version. */
  String awaitVersion(String run) {
    var ended =
        await(
            TrainingRun.class,
            run,
            r ->
                r.getStatus() != null
                    && Stream.of(Conditions.Type.COMPLETE, Conditions.Type.FAILED)
                        .anyMatch(t -> isTrue(r.getStatus().conditions(), t)));
    assertThat(ended.getStatus().lastFailure()).isNull();
    return ended.getStatus().result().version();
  }

  /** Waits until the model serves that version, and no other one any more. */
  ClassifierModel awaitServing(String version) {
    return await(
        ClassifierModel.class,
        "quickstart",
        m ->
            m.getStatus() != null
                && m.getStatus().serving() != null
                && m.getStatus().serving().version().equals(version)
                && isTrue(m.getStatus().conditions(), Conditions.Type.READY));
  }

  /** An object as it is now. */
  <T extends HasMetadata> T get(Class<T> type, String name) {
    return cluster.client().resources(type).inNamespace(namespace).withName(name).get();
  }

  /** Waits for an object to be as described. */
  <T extends HasMetadata> T await(Class<T> type, String name, Predicate<T> wanted) {
    return cluster
        .client()
        .resources(type)
        .inNamespace(namespace)
        .withName(name)
        .waitUntilCondition(o -> o != null && wanted.test(o), MINUTES, TimeUnit.MINUTES);
  }

  /** Waits until so many objects with that label are as described. */
  <T extends HasMetadata> List<T> awaitAll(
      Class<T> type, String label, String value, int count, Predicate<T> wanted) {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(MINUTES))
        .until(
            () ->
                cluster
                    .client()
                    .resources(type)
                    .inNamespace(namespace)
                    .withLabel(label, value)
                    .list()
                    .getItems()
                    .stream()
                    .filter(wanted)
                    .toList(),
            found -> found.size() == count);
  }

  private static boolean isTrue(List<Condition> conditions, Conditions.Type type) {
    return conditions.stream()
        .anyMatch(c -> c.getType().equals(type.written()) && c.getStatus().equals("True"));
  }

  /** Where the service can be asked from this machine. */
  String url() {
    var service = cluster.client().services().inNamespace(namespace).withName("quickstart").get();
    return "http://" + service.getSpec().getClusterIP();
  }

  private void delete() {
    cluster.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--timeout=2m");
    cluster.kubectl(
        "delete",
        "pv",
        namespace + "-quickstart-data",
        namespace + "-quickstart-store",
        "--ignore-not-found");
  }
}
