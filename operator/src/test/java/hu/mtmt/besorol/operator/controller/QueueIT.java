package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.observe.FlavorSource;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Runs that wait for machines. */
@RealApiServerTest
class QueueIT {
  private static final String ONE =
      "- {name: small, cpu: 2, memory: 4Gi, nodes: 1, nodeLabels: {type: small}}\n";
  private static final String TWO =
      "- {name: large, cpu: 8, memory: 32Gi, nodes: 2, costPerHour: \"2\", nodeLabels: {type:"
          + " large}}\n";

  private static Scene scene(RealApiServer server, String name, String flavors, String quotas) {
    var namespace = server.namespace(name);
    var data = Map.of(FlavorSource.KEY, flavors, FlavorSource.QUOTAS, quotas.formatted(namespace));
    var scene = Scene.withFlavors(server, Scene.flavors(namespace, data));
    scene.create(Samples.model("frascati"));
    return scene;
  }

  private static TrainingRun run(String name, int priority, int fallbackSeconds) {
    return Samples.edited(
        Samples.edited(
            Samples.run(name, "frascati"),
            "fallbackSeconds: 600",
            "fallbackSeconds: " + fallbackSeconds),
        "priority: 0",
        "priority: " + priority);
  }

  private static List<String> running(Scene scene) {
    return scene.cluster.jobs(Component.TRAINING).stream()
        .filter(j -> !j.getSpec().getSuspend())
        .filter(j -> j.getStatus() == null || j.getStatus().getConditions().isEmpty())
        .map(j -> j.getMetadata().getName())
        .sorted()
        .toList();
  }

  private static String why(Scene scene, String run) {
    var placement = scene.run(run).placement();
    return placement == null ? "" : placement.reason();
  }

  @Test
  void oneAfterTheOtherIsTrained(RealApiServer server) {
    try (var scene = scene(server, "turns", ONE, "[]")) {
      scene.create(Samples.run("a", "frascati"));
      until(() -> running(scene).equals(List.of("a")));
      scene.create(Samples.run("b", "frascati"));
      eventually(
          () -> {
            assertThat(scene.runReason("b")).isEqualTo("Queued");
            assertThat(why(scene, "b")).isEqualTo("Waiting for 1 of 1 small: run a holds it.");
            assertThat(scene.condition(scene.run("b").conditions(), Type.RECONCILING).getMessage())
                .isEqualTo(why(scene, "b"));
          });
      scene.create(Samples.run("c", "frascati"));
      eventually(
          () ->
              assertThat(why(scene, "c"))
                  .isEqualTo("Waiting for 1 of 1 small: run a holds it. 1 run is before it."));
      scene.awaitQuiet();
      assertThat(running(scene)).containsExactly("a");
      scene.stopOperator();
      scene.startOperator();
      scene.cluster.runJob("a", Samples.result("v1", 0.66));
      until(() -> running(scene).equals(List.of("b")));
      scene.client.resource(scene.runResource("b")).delete();
      scene.client.resource(scene.cluster.job("b")).delete(); // no garbage collector here
      until(() -> running(scene).equals(List.of("c")));
      eventually(() -> assertThat(scene.run("c").queue().admittedTime()).isNotNull());
    }
  }

  @Test
  void manyAtOnceNeverTakeMoreThanThereIs(RealApiServer server) {
    try (var scene = scene(server, "many", ONE + TWO, "[]")) {
      var names = IntStream.range(0, 12).mapToObj(i -> "run-" + i).toList();
      names.forEach(name -> scene.create(run(name, 0, 0)));
      for (int done = 0; done < names.size(); ) {
        int wanted = Math.min(3, names.size() - done);
        until(() -> running(scene).size() == wanted);
        eventually(() -> assertThat(running(scene)).hasSize(wanted));
        for (var name : running(scene)) {
          scene.cluster.runJob(name, Samples.result(name, 0.66));
          done++;
        }
      }
    }
  }

  @Test
  void importantRunTakesTheMachineOfALessImportantOne(RealApiServer server) {
    try (var scene = scene(server, "preempt", ONE, "[]")) {
      scene.create(Samples.run("first", "frascati"));
      until(() -> running(scene).equals(List.of("first")));
      scene.cluster.startPod("first", 1);
      scene.create(run("urgent", 10, 600));
      until(() -> scene.cluster.job("first").getSpec().getSuspend());
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("Queued");
            assertThat(scene.run("first").queue().preemptions()).isEqualTo(1);
            assertThat(scene.eventReasons()).contains("Preempted");
          });
      assertThat(scene.cluster.job("urgent")).as("while a pod still writes").isNull();
      scene.cluster.endPod(
          "first-1",
          75,
          "Error",
          TrainingResult.failed(new Failure(FailureKind.INTERRUPTED, "Asked to stop.")));
      scene.cluster.stopped("first");
      until(() -> running(scene).equals(List.of("urgent")));
      eventually(
          () ->
              assertThat(why(scene, "first"))
                  .isEqualTo("Waiting for 1 of 1 small: run urgent holds it."));
      scene.cluster.runJob("urgent", Samples.result("v1", 0.66));
      until(() -> running(scene).equals(List.of("first")));
      scene.cluster.startPod("first", 2);
      eventually(() -> assertThat(scene.runReason("first")).isEqualTo("Training"));
      assertThat(
              scene
                  .operator()
                  .meters()
                  .get("besorol.preempted")
                  .tag("flavor", "small")
                  .counter()
                  .count())
          .isEqualTo(1);
    }
  }

  @Test
  void quotaOfTheNamespaceHolds(RealApiServer server) {
    try (var scene = scene(server, "quota", TWO, "[{namespace: %s, flavor: large, nodes: 1}]")) {
      scene.create(Samples.run("a", "frascati"));
      until(() -> running(scene).equals(List.of("a")));
      scene.create(Samples.run("b", "frascati"));
      eventually(
          () ->
              assertThat(why(scene, "b"))
                  .isEqualTo(
                      "Waiting for 1 of 1 large in the quota of namespace %s: run a holds it."
                          .formatted(scene.namespace)));
      scene
          .client
          .resource(
              Scene.flavors(
                  scene.namespace,
                  Map.of(
                      FlavorSource.KEY,
                      TWO,
                      FlavorSource.QUOTAS,
                      "[{namespace: other, flavor: large, nodes: 0}]")))
          .update();
      until(() -> running(scene).equals(List.of("a", "b")));
    }
  }

  @Test
  void anotherFlavorIsTakenAfterTheFallbackTime(RealApiServer server) {
    try (var scene = scene(server, "other", ONE + TWO, "[]")) {
      scene.create(Samples.run("a", "frascati"));
      until(() -> running(scene).equals(List.of("a")));
      scene.create(Samples.run("patient", "frascati"));
      scene.create(run("b", 0, 2));
      until(() -> running(scene).equals(List.of("a", "b")));
      eventually(
          () -> {
            assertThat(why(scene, "b"))
                .isEqualTo(
                    "large is free, and small was not within spec.placement.fallbackSeconds.");
          });
      assertThat(scene.cluster.job("patient")).isNull();
    }
  }

  @Test
  void suspendedRunLeavesItsMachineAndWaitsForItsTurn(RealApiServer server) {
    try (var scene = scene(server, "suspended", ONE, "[]")) {
      scene.create(Samples.run("a", "frascati"));
      until(() -> running(scene).equals(List.of("a")));
      scene.create(Samples.run("b", "frascati"));
      scene.suspend("a", true);
      until(() -> running(scene).equals(List.of("b")));
      eventually(() -> assertThat(scene.runReason("a")).isEqualTo("Suspended"));
      scene.suspend("a", false);
      eventually(
          () -> assertThat(why(scene, "a")).isEqualTo("Waiting for 1 of 1 small: run b holds it."));
      scene.cluster.runJob("b", Samples.result("v1", 0.66));
      until(() -> running(scene).equals(List.of("a")));
    }
  }
}
