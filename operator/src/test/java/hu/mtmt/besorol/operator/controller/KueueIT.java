package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.observe.FlavorSource;
import hu.mtmt.besorol.operator.observe.Kueue;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Runs that wait in a queue of Kueue; in the first test it is not installed. */
@RealApiServerTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KueueIT {
  /** Of the built-in queue: not one node may be taken, and Kueue decides all the same. */
  private static final String ONE = "- {name: small, cpu: 2, memory: 4Gi, nodes: 1}\n";

  private static final Path RBAC =
      KubernetesBinaries.repository().resolve("kubernetes/kueue/rbac.yaml");

  private final RequestRecorder recorder = new RequestRecorder();

  private Scene scene(RealApiServer server, String name) {
    var namespace = server.namespace(name);
    var scene =
        Scene.withFlavors(
            server,
            Scene.flavors(namespace, Map.of(FlavorSource.KEY, ONE)),
            recorder.client(server.kubeconfig()));
    scene.create(Samples.model("frascati"));
    return scene;
  }

  private static TrainingRun run(String name) {
    return Samples.edited(
        Samples.run(name, "frascati"), "priority: 0", "priority: 0\n    queueName: trainings");
  }

  private static String message(Scene scene, String run) {
    return scene.condition(scene.run(run).conditions(), Type.READY).getMessage();
  }

  private static boolean isSuspended(Scene scene, String run) {
    return scene.cluster.job(run).getSpec().getSuspend();
  }

  @Test
  @Order(1)
  void withoutKueueNoJobIsMadeAndTheStatusSaysSo(RealApiServer server) {
    try (var scene = scene(server, "absent")) {
      scene.create(run("first"));
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("QueueNotFound");
            assertThat(message(scene, "first")).contains("Kueue is not installed");
            assertThat(scene.condition(scene.run("first").conditions(), Type.STALLED).getStatus())
                .isEqualTo("True");
          });
      assertThat(scene.cluster.job("first")).isNull();
    }
  }

  @Test
  @Order(2)
  void kueueAdmitsEvictsAndAdmitsAgain(RealApiServer server) throws IOException {
    StandInKueue.install(server.client());
    try (var scene = scene(server, "kueue")) {
      var kueue = new StandInKueue(scene.client, scene.namespace);
      scene.create(run("first"));
      eventually(
          () ->
              assertThat(message(scene, "first"))
                  .startsWith("There is no LocalQueue trainings of Kueue in namespace kueue"));
      kueue.createQueue("trainings");
      until(() -> scene.cluster.job("first") != null);
      assertThat(isSuspended(scene, "first")).isTrue();
      assertThat(scene.cluster.job("first").getMetadata().getLabels())
          .containsEntry(Kueue.QUEUE_NAME, "trainings");
      eventually(
          () ->
              assertThat(message(scene, "first"))
                  .isEqualTo("Waiting for Kueue to admit it in LocalQueue trainings."));
      // The machine is another's, for the queue that is built in.
      scene.create(Samples.run("builtin", "frascati"));
      until(() -> scene.cluster.job("builtin") != null);

      kueue.queue("first", "insufficient unused quota for cpu in flavor all, 1 more needed");
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("Queued");
            assertThat(message(scene, "first"))
                .isEqualTo(
                    "Waiting in LocalQueue trainings of Kueue: insufficient unused quota for cpu in"
                        + " flavor all, 1 more needed.");
            assertThat(scene.run("first").placement().reason()).isEqualTo(message(scene, "first"));
          });

      kueue.admit("first", Map.of("pool", "spot"));
      scene.cluster.startPod("first", 1);
      eventually(() -> assertThat(scene.runReason("first")).isEqualTo("Training"));
      scene.awaitQuiet();
      assertThat(isSuspended(scene, "first")).isFalse();

      kueue.evict("first", "Preempted", "Preempted to accommodate a workload");
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("Queued");
            assertThat(message(scene, "first"))
                .isEqualTo(
                    "Kueue has taken its machines back (Preempted: Preempted to accommodate a"
                        + " workload): it goes on from its newest checkpoint when LocalQueue"
                        + " trainings admits it again.");
            assertThat(scene.condition(scene.run("first").conditions(), Type.FAILED).getStatus())
                .isNull();
          });
      scene.cluster.stopped("first");
      scene.awaitQuiet();
      assertThat(isSuspended(scene, "first")).as("Kueue's, not ours").isTrue();

      kueue.admit("first", Map.of("pool", "spot"));
      scene.cluster.runJob("first", Samples.result("v1", 0.66));
      eventually(() -> assertThat(scene.runReason("first")).isEqualTo("Complete"));
    }
    assumeTrue(Files.isRegularFile(RBAC), "kubernetes/kueue is not here");
    assertThat(recorder.used())
        .filteredOn(r -> r.group().equals("kueue.x-k8s.io"))
        .as("what the component for Kueue grants")
        .containsExactlyInAnyOrderElementsOf(RbacIT.granted(RBAC));
  }

  @Test
  @Order(3)
  void suspendedRunGivesItsJobUpUntilItIsResumed(RealApiServer server) {
    StandInKueue.install(server.client());
    try (var scene = scene(server, "suspended")) {
      var kueue = new StandInKueue(scene.client, scene.namespace);
      kueue.createQueue("trainings");
      scene.create(run("first"));
      until(() -> scene.cluster.job("first") != null);
      var uid = scene.cluster.job("first").getMetadata().getUid();
      kueue.queue("first", "no quota");
      kueue.admit("first", Map.of());
      var pod = scene.cluster.startPod("first", 1);
      eventually(() -> assertThat(scene.runReason("first")).isEqualTo("Training"));
      scene.suspend("first", true);
      // The garbage collector, which is not here, removes the pods first and then the Job.
      until(() -> scene.cluster.job("first").isMarkedForDeletion());
      scene.client.resource(pod).withGracePeriod(0).delete();
      scene.client.resource(scene.cluster.job("first")).edit(StandInKueue::withoutFinalizers);
      eventually(() -> assertThat(scene.runReason("first")).isEqualTo("Suspended"));
      scene.awaitQuiet();
      assertThat(scene.cluster.job("first")).isNull();

      scene.suspend("first", false);
      until(() -> scene.cluster.job("first") != null);
      assertThat(scene.cluster.job("first").getMetadata().getUid()).isNotEqualTo(uid);
      assertThat(isSuspended(scene, "first")).isTrue();
    }
  }
}
