package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.observe.FlavorSource;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Runs on machines of several flavors. */
@RealApiServerTest
class PlacementIT {
  private static final String FLAVORS =
      """
      - {name: small, cpu: 2, memory: 4Gi, costPerHour: "1", nodeLabels: {node.kubernetes.io/instance-type: small}}
      - {name: medium, cpu: 4, memory: 8Gi, costPerHour: "2", nodeLabels: {node.kubernetes.io/instance-type: medium}}
      - {name: large, cpu: 8, memory: 32Gi, costPerHour: "3", nodeLabels: {node.kubernetes.io/instance-type: large}}
      """;

  private static Scene scene(RealApiServer server, String name, String flavors) {
    return Scene.withFlavors(server, flavors(server.namespace(name), flavors));
  }

  private static ConfigMap flavors(String namespace, String flavors) {
    return Scene.flavors(namespace, Map.of(FlavorSource.KEY, flavors));
  }

  private static void change(Scene scene, String flavors) {
    scene.client.resource(flavors(scene.namespace, flavors)).update();
  }

  private static String flavorOf(Scene scene, String job) {
    var found = scene.cluster.job(job);
    return found == null ? null : found.getMetadata().getAnnotations().get(Labels.FLAVOR);
  }

  private static TrainingRun withFallback(String name, int seconds) {
    return Samples.edited(
        Samples.run(name, "frascati"), "fallbackSeconds: 600", "fallbackSeconds: " + seconds);
  }

  private static TrainingResult memoryExhausted(int estimated) {
    return TrainingResult.failed(
        new Failure(FailureKind.DEVICE_MEMORY_EXHAUSTED, "This training needs more memory."),
        new Footprint(1000, 10, estimated, null));
  }

  @Test
  void machineThatIsTooSmallIsLeftForOneThatFits(RealApiServer server) {
    try (var scene = scene(server, "exhausted", FLAVORS)) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      until(() -> "small".equals(flavorOf(scene, "first")));
      var first = scene.cluster.job("first").getMetadata().getUid();
      scene.cluster.startPod("first", 1);
      scene.cluster.endPod("first-1", 4, "Error", memoryExhausted(9000));
      scene.cluster.failJob("first", "PodFailurePolicy", "Container besorol exited with 4");
      until(() -> "large".equals(flavorOf(scene, "first")));
      var job = scene.cluster.job("first");
      assertThat(job.getSpec().getBackoffLimit()).isEqualTo(2);
      assertThat(job.getSpec().getTemplate().getSpec().getNodeSelector())
          .containsEntry("node.kubernetes.io/instance-type", "large");
      eventually(
          () -> {
            var status = scene.run("first");
            assertThat(status.attempts())
                .singleElement()
                .returns(first, Attempt::jobUid)
                .returns("small", Attempt::flavor)
                .returns(4096L, Attempt::memoryMiB)
                .returns("DeviceMemoryExhausted", Attempt::reason);
            assertThat(status.footprint().documents()).isEqualTo(1000);
            assertThat(status.placement().flavor()).isEqualTo("large");
            assertThat(status.placement().estimatedMemoryMiB()).isEqualTo(9000);
            assertThat(status.placement().reason()).contains("about 9000 MiB");
            assertThat(status.placement().rejected())
                .filteredOn(r -> r.flavor().equals("medium"))
                .singleElement()
                .satisfies(r -> assertThat(r.reason()).startsWith("808 MiB of memory are missing"));
            assertThat(scene.condition(status.conditions(), Type.FAILED).getStatus()).isNull();
          });

      scene.create(Samples.run("second", "frascati"));
      eventually(() -> assertThat(flavorOf(scene, "second")).as("learnt").isEqualTo("large"));

      scene.cluster.startPod("first", 2);
      scene.cluster.endPod(
          "first-2",
          0,
          "Completed",
          new TrainingResult(
              Samples.digest("v1"),
              Samples.judgement(0.66),
              600,
              1000,
              new Footprint(1000, 10, 9000, 9900),
              null));
      scene.cluster.completeJob("first");
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("Complete");
            assertThat(scene.run("first").footprint().usedMemoryMiB()).isEqualTo(9900);
          });
      scene.create(Samples.run("third", "frascati"));
      eventually(
          () -> {
            var placement = scene.run("third").placement();
            assertThat(placement).isNotNull();
            assertThat(placement.estimatedMemoryMiB()).as("corrected").isEqualTo(9900);
            assertThat(placement.estimatedSeconds()).isEqualTo(600);
          });
      assertThat(
              scene
                  .operator()
                  .meters()
                  .get("besorol.training.memory")
                  .tags("algorithm", "Linear", "measure", "used")
                  .summary()
                  .max())
          .isEqualTo(9900);
    }
  }

  @Test
  void killedForMemoryIsRetriedWithMore(RealApiServer server) {
    try (var scene = scene(server, "killed", FLAVORS)) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      until(() -> "small".equals(flavorOf(scene, "first")));
      scene.cluster.startPod("first", 1);
      var second = scene.cluster.startPod("first", 2); // as the Job controller may do meanwhile
      scene.cluster.endPod("first-1", 137, "OOMKilled", null);
      until(() -> scene.cluster.job("first").getSpec().getSuspend());
      assertThat(flavorOf(scene, "first")).as("while a pod runs").isEqualTo("small");
      eventually(() -> assertThat(scene.runReason("first")).isEqualTo("Moving"));
      scene.client.resource(second).withGracePeriod(0).delete();
      until(() -> "medium".equals(flavorOf(scene, "first")));
      eventually(
          () -> {
            assertThat(scene.run("first").placement().estimatedMemoryMiB()).isEqualTo(5120);
            assertThat(scene.eventReasons()).contains("OOMKilled", "Moving");
          });
      scene.create(Samples.run("second", "frascati"));
      eventually(() -> assertThat(flavorOf(scene, "second")).as("learnt").isEqualTo("medium"));
    }
  }

  @Test
  void podOverItsDiskIsTriedWhereThereIsMore(RealApiServer server) {
    var flavors =
        """
        - {name: small, cpu: 2, memory: 4Gi, disk: 10Gi, costPerHour: "1", nodeLabels: {type: small}}
        - {name: alike, cpu: 4, memory: 8Gi, disk: 12Gi, costPerHour: "2", nodeLabels: {type: alike}}
        - {name: roomy, cpu: 8, memory: 8Gi, disk: 50Gi, costPerHour: "3", nodeLabels: {type: roomy}}
        """;
    try (var scene = scene(server, "disk", flavors)) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      until(() -> "small".equals(flavorOf(scene, "first")));
      scene.cluster.podStatus(
          scene.cluster.startPod("first", 1),
          """
          phase: Failed
          reason: Evicted
          message: "Pod ephemeral local storage usage exceeds the total limit of containers 10Gi. "
          """);
      until(() -> "roomy".equals(flavorOf(scene, "first")));
      eventually(
          () -> {
            var status = scene.run("first");
            assertThat(status.attempts()).singleElement().returns("DiskExhausted", Attempt::reason);
            assertThat(status.placement().estimatedDiskMiB()).isEqualTo(12_800);
            assertThat(status.placement().rejected())
                .filteredOn(r -> r.flavor().equals("alike"))
                .singleElement()
                .satisfies(r -> assertThat(r.reason()).startsWith("512 MiB of disk are missing"));
          });
      scene.create(Samples.run("second", "frascati"));
      eventually(() -> assertThat(flavorOf(scene, "second")).as("learnt").isEqualTo("roomy"));
    }
  }

  @Test
  void memoryIsNotAskedForWithoutBound(RealApiServer server) {
    try (var scene = scene(server, "bound", FLAVORS)) {
      scene.create(Samples.model("frascati"));
      scene.create(
          Samples.edited(Samples.run("first", "frascati"), "backoffLimit: 3", "backoffLimit: 0"));
      until(() -> "small".equals(flavorOf(scene, "first")));
      scene.cluster.startPod("first", 1);
      scene.cluster.endPod("first-1", 4, "Error", memoryExhausted(5000));
      scene.cluster.failJob("first", "PodFailurePolicy", "Container besorol exited with 4");
      eventually(() -> assertThat(scene.runReason("first")).isEqualTo("DeviceMemoryExhausted"));

      scene.create(Samples.run("second", "frascati"));
      until(() -> "medium".equals(flavorOf(scene, "second")));
      scene.cluster.startPod("second", 1);
      scene.cluster.endPod("second-1", 4, "Error", memoryExhausted(99_999));
      scene.cluster.failJob("second", "PodFailurePolicy", "Container besorol exited with 4");
      eventually(
          () -> {
            assertThat(scene.runReason("second")).isEqualTo("DeviceMemoryExhausted");
            assertThat(scene.run("second").attempts()).as("no flavor is large enough").isEmpty();
          });
    }
  }

  @Test
  void withoutANodeTheNextFlavorIsTried(RealApiServer server) {
    try (var scene = scene(server, "no-node", FLAVORS)) {
      scene.create(Samples.model("frascati"));
      scene.create(withFallback("patient", 3600));
      scene.create(withFallback("first", 1));
      for (var run : new String[] {"patient", "first"}) {
        until(() -> "small".equals(flavorOf(scene, run)));
        scene.cluster.podStatus(
            scene.cluster.startPod(run, 1),
            """
            phase: Pending
            conditions:
            - {type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available."}
            """);
      }
      until(() -> "medium".equals(flavorOf(scene, "first")));
      eventually(
          () -> {
            assertThat(scene.run("first").attempts())
                .singleElement()
                .returns("NoNode", Attempt::reason);
            assertThat(scene.run("first").placement().rejected())
                .extracting(r -> r.flavor())
                .contains("small");
            assertThat(scene.run("patient").placement().reason())
                .matches(
                    "Waiting for a node of small since \\S+ \\S+ UTC: from \\S+ \\S+ UTC on medium"
                        + " is tried\\.");
          });
      assertThat(flavorOf(scene, "patient")).isEqualTo("small");
    }
  }

  @Test
  void nodeThatNoFlavorHasIsNamedToARunThatWaits(RealApiServer server) throws IOException {
    var recorder = new RequestRecorder();
    var flavors = FLAVORS.replace("node.kubernetes.io/instance-type", "example.org/machine");
    var namespace = server.namespace("stray");
    for (var machine : new String[] {"small", "smal"}) {
      server
          .client()
          .resource(
              new NodeBuilder()
                  .withNewMetadata()
                  .withName("node-" + machine)
                  .addToLabels("example.org/machine", machine)
                  .endMetadata()
                  .build())
          .create();
    }
    try (var scene =
        Scene.withFlavors(
            server, flavors(namespace, flavors), recorder.client(server.kubeconfig()))) {
      scene.create(Samples.model("frascati"));
      scene.create(withFallback("first", 3600));
      until(() -> scene.cluster.job("first") != null);
      assertThat(recorder.used()).noneMatch(r -> r.resource().equals("nodes"));
      scene.cluster.podStatus(
          scene.cluster.startPod("first", 1),
          """
          phase: Pending
          conditions:
          - {type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available."}
          """);
      eventually(
          () ->
              assertThat(scene.run("first").placement().reason())
                  .startsWith("Waiting for a node of small since ")
                  .endsWith(
                      " No flavor has the label example.org/machine of node node-smal (smal):"
                          + " correct the label, or add a flavor."));
    }
    assertThat(
            recorder.used().stream()
                .filter(r -> r.resource().equals("nodes"))
                .collect(Collectors.toSet()))
        .isEqualTo(
            RbacIT.granted(KubernetesBinaries.repository().resolve("kubernetes/nodes/rbac.yaml")));
  }

  @Test
  void changeOfTheFlavorsHoldsAtOnceAndAWrongOneIsRefused(RealApiServer server) {
    var wrong = "- {name: small, cpu: two, memory: 4Gi}";
    try (var scene = scene(server, "changed", wrong)) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("NoFlavorFits");
            assertThat(scene.condition(scene.run("first").conditions(), Type.READY).getMessage())
                .contains("flavor small: cpu: 'two' is not a quantity");
          });
      change(scene, FLAVORS);
      until(() -> "small".equals(flavorOf(scene, "first")));
      change(scene, FLAVORS + "- {name: tiny, cpu: 1, memory: none}");
      until(
          () ->
              scene.client.v1().events().inNamespace(scene.namespace).list().getItems().stream()
                  .anyMatch(
                      e ->
                          e.getReason().equals("FlavorsRefused")
                              && e.getMessage().contains("flavor tiny: memory: 'none'")));
      scene.create(Samples.run("second", "frascati"));
      until(() -> "small".equals(flavorOf(scene, "second")));
      change(scene, FLAVORS.lines().skip(1).reduce("", (a, b) -> a + b + "\n"));
      scene.create(Samples.run("third", "frascati"));
      until(() -> scene.cluster.job("third") != null);
      assertThat(flavorOf(scene, "third")).isEqualTo("medium");
      assertThat(flavorOf(scene, "second")).as("its flavor was removed").isEqualTo("small");
      eventually(() -> assertThat(scene.run("second").placement().flavor()).isEqualTo("small"));
    }
  }
}
