package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.observe.FlavorSource;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs that several nodes train together. */
@RealApiServerTest
class GangIT {
  private static final String THREE =
      "- {name: large, cpu: 8, memory: 32Gi, nodes: 3, nodeLabels: {type: large}}\n";

  /** What a run like the others tells that took an hour on one node. */
  private static final TrainingResult AN_HOUR =
      new TrainingResult(
          Samples.digest("v1"),
          Samples.judgement(0.66),
          3600,
          1000,
          new Footprint(1000, 10, 500, null),
          null);

  private static Scene scene(RealApiServer server, String name) {
    var namespace = server.namespace(name);
    var scene =
        Scene.withFlavors(server, Scene.flavors(namespace, Map.of(FlavorSource.KEY, THREE)));
    scene.create(Samples.model("frascati"));
    return scene;
  }

  private static Integer nodesOf(Scene scene, String run) {
    var job = scene.cluster.job(run);
    return job == null ? null : job.getSpec().getCompletions();
  }

  private static String why(Scene scene, String run) {
    var placement = scene.run(run).placement();
    return placement == null ? "" : placement.reason();
  }

  private static boolean isSuspended(Scene scene, String run) {
    return scene.cluster.job(run).getSpec().getSuspend();
  }

  @Test
  void gangIsAdmittedWholeAndEndsWithWhatItsFirstRankTells(RealApiServer server) {
    try (var scene = scene(server, "gang")) {
      scene.create(Samples.gang("pair", 2, 2, 600));
      until(() -> Integer.valueOf(2).equals(nodesOf(scene, "pair")));
      var service =
          scene.client.services().inNamespace(scene.namespace).withName("ranks-pair").get();
      assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
      scene.create(Samples.gang("other", 2, 2, 600));
      eventually(
          () ->
              assertThat(why(scene, "other"))
                  .isEqualTo("Waiting for 1 of 3 large: run pair holds it."));

      scene.cluster.startRank("pair", 1, 1, true);
      eventually(
          () ->
              assertThat(scene.condition(scene.run("pair").conditions(), Type.READY).getMessage())
                  .isEqualTo("1 of 2 pods have started: they train once all have."));
      scene.cluster.startRank("pair", 0, 1, true);
      eventually(() -> assertThat(scene.runReason("pair")).isEqualTo("Training"));
      assertThat(scene.run("pair").placement().nodes()).isEqualTo(2);

      scene.cluster.endPod("pair-1-1", 137, "Error", null);
      eventually(
          () -> {
            assertThat(scene.runReason("pair")).isEqualTo("Pending");
            assertThat(scene.run("pair").lastFailure())
                .isNotNull()
                .returns("pair-1-1", f -> f.pod());
          });
      scene.cluster.startRank("pair", 1, 2, true);
      eventually(() -> assertThat(scene.runReason("pair")).isEqualTo("Training"));
      scene.cluster.endPod("pair-0-1", 0, "Completed", Samples.result("v1", 0.66));
      scene.cluster.endPod("pair-1-2", 143, "Error", null); // as it is not needed any more
      scene.cluster.completeJob("pair");
      eventually(
          () -> {
            assertThat(scene.runReason("pair")).isEqualTo("Complete");
            assertThat(scene.run("pair").result().version())
                .isEqualTo(Samples.digest("v1").value());
            assertThat(scene.run("pair").lastFailure().pod()).isEqualTo("pair-1-1");
          });
      until(() -> Integer.valueOf(2).equals(nodesOf(scene, "other")));
    }
  }

  @Test
  void podsThatCouldNotAllStartAreTakenBackAndTriedAgain(RealApiServer server) {
    try (var scene = scene(server, "taken")) {
      scene.create(Samples.gang("pair", 2, 2, 5));
      until(() -> Integer.valueOf(2).equals(nodesOf(scene, "pair")));
      var first = scene.cluster.job("pair").getMetadata().getUid();
      scene.cluster.startRank("pair", 0, 1, true);
      scene.cluster.startRank("pair", 1, 1, false);
      until(() -> isSuspended(scene, "pair"));
      eventually(
          () -> {
            assertThat(scene.runReason("pair")).isEqualTo("Queued");
            assertThat(scene.run("pair").queue()).isNotNull();
            var takenBack = scene.run("pair").queue().takenBack();
            assertThat(takenBack.times()).isEqualTo(1);
            assertThat(takenBack.started()).isEqualTo(1);
            assertThat(takenBack.reason())
                .isEqualTo(
                    "1 of 2 pods had not started within 5 s: Pod pair-1-1 finds no node: 0/3 nodes"
                        + " are available. It waits until one is free.");
            assertThat(why(scene, "pair"))
                .startsWith(takenBack.reason() + " It takes its turn again from ");
          });
      scene.stopOperator();
      scene.startOperator();
      scene.create(Samples.gang("single", 1, 1, 2));
      until(() -> scene.cluster.job("single") != null);
      scene.cluster.stopped("pair");
      until(() -> !isSuspended(scene, "pair"));
      assertThat(Instant.now())
          .as("not before")
          .isAfterOrEqualTo(scene.run("pair").queue().takenBack().retryTime());
      scene.cluster.startRank("pair", 0, 2, true);
      scene.cluster.startRank("pair", 1, 2, true);
      eventually(
          () -> {
            assertThat(scene.runReason("pair")).isEqualTo("Training");
            assertThat(scene.run("pair").queue().takenBack()).isNull();
            assertThat(scene.run("pair").queue().admittedTime()).isNotNull();
          });
      assertThat(scene.cluster.job("pair").getMetadata().getUid()).isEqualTo(first);
      scene.awaitQuiet();
    }
  }

  @Test
  void fewerNodesAreTakenAtOnceWhereThatEndsItSooner(RealApiServer server) throws IOException {
    var pod = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var progress =
        new Progress(
            Progress.Stage.TRAINING, 10, 1, null, 7200, Map.of(), null, null, Instant.now());
    pod.createContext(
        Progress.ROUTE,
        exchange -> {
          var body = ContractJson.write(progress);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    pod.start();
    try (var scene = scene(server, "sooner")) {
      scene.train("first", AN_HOUR);
      scene.create(Samples.gang("holder", 1, 1, 600));
      until(() -> scene.cluster.job("holder") != null);
      scene.create(Samples.gang("fixed", 3, 3, 600));
      eventually(
          () ->
              assertThat(why(scene, "fixed"))
                  .startsWith("Waiting for 1 of 3 large: run holder holds it"));
      scene.client.resource(scene.runResource("fixed")).delete();
      scene.create(Samples.gang("trio", 1, 3, 600));
      eventually(
          () ->
              assertThat(why(scene, "trio"))
                  .as("when the holder ends is not known")
                  .startsWith("Waiting for 1 of 3 large"));
      scene.client.resource(scene.runResource("trio")).delete();

      scene.cluster.startPod("holder", 1, "127.0.0.1", pod.getAddress().getPort());
      until(() -> scene.run("holder").progress() != null);
      scene.create(Samples.gang("another", 1, 3, 600));
      until(() -> Integer.valueOf(2).equals(nodesOf(scene, "another")));
      eventually(
          () ->
              assertThat(why(scene, "another"))
                  .isEqualTo(
                      "2 of 3 nodes of large are free, and on them the run is expected to end"
                          + " sooner than if it waited for all."));
    } finally {
      pod.stop(0);
    }
  }

  @Test
  void fewerNodesAreTakenWhereThereAreNoMore(RealApiServer server) {
    try (var scene = scene(server, "fewer")) {
      scene.train("first", AN_HOUR);
      scene.create(Samples.gang("trio", 1, 3, 5));
      until(() -> Integer.valueOf(3).equals(nodesOf(scene, "trio")));
      eventually(
          () ->
              assertThat(why(scene, "trio"))
                  .endsWith(
                      "It takes 3 nodes of at most 3, as that ends it soonest: about 27 min, and 60"
                          + " min on one."));
      scene.cluster.startRank("trio", 0, 1, true);
      scene.cluster.startRank("trio", 1, 1, true);
      scene.cluster.startRank("trio", 2, 1, false);
      until(() -> isSuspended(scene, "trio"));
      scene.cluster.stopped("trio");
      until(() -> Integer.valueOf(2).equals(nodesOf(scene, "trio")));
      eventually(
          () -> {
            assertThat(isSuspended(scene, "trio")).isFalse();
            assertThat(scene.run("trio").placement().nodes()).isEqualTo(2);
            assertThat(why(scene, "trio"))
                .endsWith(
                    "It takes 2 nodes of at most 3, as there are no more for it: about 35 min, and"
                        + " 60 min on one.");
          });
    }
  }
}
