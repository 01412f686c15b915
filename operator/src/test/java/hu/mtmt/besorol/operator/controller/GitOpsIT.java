package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a tool does that applies the manifests of a repository again and again. */
@RealApiServerTest
class GitOpsIT {
  private static final Path SAMPLES = KubernetesBinaries.repository().resolve("kubernetes/samples");
  private static final String SYNC = "sync";

  @Test
  void syncWithNothingChangedWritesNothing(RealApiServer server) throws IOException {
    try (var scene = new Scene(server, "gitops")) {
      assertThat(manifests())
          .extracting(HasMetadata::getKind)
          .contains("ClassifierModel", "TrainingRun");
      sync(scene);
      until(() -> scene.cluster.job("quickstart-1") != null);
      scene.cluster.runJob("quickstart-1", Samples.result("v1", 0.7));
      eventually(() -> assertThat(scene.runReason("quickstart-1")).isEqualTo("Complete"));
      until(() -> scene.cluster.job("linear") != null);
      scene.cluster.startPod("linear", 1);
      eventually(() -> assertThat(scene.runReason("linear")).isEqualTo("Training"));
      scene.awaitQuiet();

      var before = versions(scene);
      sync(scene);
      scene.awaitQuiet();
      assertThat(versions(scene)).isEqualTo(before);
      assertThat(fieldsOf("besorol-operator", scene)).allMatch(f -> f.startsWith("{f:status"));
      assertThat(fieldsOf(SYNC, scene)).hasSizeGreaterThan(2).noneMatch(f -> f.contains("status"));
    }
  }

  /** A resource that no operator has seen is under way, as kstatus reads its generations. */
  @Test
  void resourceThatNobodyHasSeenHasObservedNothing(RealApiServer server) throws IOException {
    var namespace = server.namespace("unseen");
    var model = Samples.model("frascati");
    var run = Samples.run("first", "frascati");
    for (var resource : List.<HasMetadata>of(model, run)) {
      var client = server.client().resource(resource).inNamespace(namespace);
      client.create();
      var served = new ObjectMapper().readTree(Serialization.asJson(client.get()));
      assertThat(served.at("/status/observedGeneration").longValue()).isEqualTo(-1);
    }
  }

  private static List<GenericKubernetesResource> manifests() throws IOException {
    var manifests = new ArrayList<GenericKubernetesResource>();
    try (var files = Stream.concat(yaml(SAMPLES), yaml(SAMPLES.resolve("quickstart")))) {
      for (var file : files.toList()) {
        for (var document : Files.readString(file).split("(?m)^---$")) {
          var object = Serialization.unmarshal(document, GenericKubernetesResource.class);
          if (!List.of("Kustomization", "PersistentVolume").contains(object.getKind())) {
            manifests.add(object);
          }
        }
      }
    }
    return manifests;
  }

  private static Stream<Path> yaml(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  /** Server-side apply that gives up where another manager has set a field otherwise. */
  private static void sync(Scene scene) throws IOException {
    var how =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(SYNC)
            .withForce(false)
            .build();
    manifests().forEach(m -> scene.client.resource(m).inNamespace(scene.namespace).patch(how));
  }

  /**
   * Of all that was applied and of all that the operator has written. Where defaults are filled in
   * below a list without keys, or in a claim, the API server itself may note a later time of the
   * apply: there everything else is compared.
   */
  private static Map<String, String> versions(Scene scene) throws IOException {
    var versions = new TreeMap<>(scene.versionsOfEverything());
    for (var manifest : manifests()) {
      var there = scene.client.resource(manifest).inNamespace(scene.namespace).get();
      var name = there.getKind() + "/" + there.getMetadata().getName();
      var version = there.getMetadata().getResourceVersion();
      if (there.getKind().equals("PersistentVolumeClaim") || name.equals("TrainingRun/ensemble")) {
        there.getMetadata().setManagedFields(null);
        there.getMetadata().setResourceVersion(null);
        version = Serialization.asJson(there);
      }
      versions.put(name, version);
    }
    return versions;
  }

  /** What that manager owns of the models and runs. */
  private static List<String> fieldsOf(String manager, Scene scene) {
    return Stream.concat(
            scene
                .client
                .resources(ClassifierModel.class)
                .inNamespace(scene.namespace)
                .list()
                .getItems()
                .stream(),
            scene
                .client
                .resources(TrainingRun.class)
                .inNamespace(scene.namespace)
                .list()
                .getItems()
                .stream())
        .flatMap(r -> r.getMetadata().getManagedFields().stream())
        .filter(f -> manager.equals(f.getManager()))
        .map(ManagedFieldsEntry::getFieldsV1)
        .map(f -> Serialization.asJson(f).replace("\"", ""))
        .toList();
  }
}
