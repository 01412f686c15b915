package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.config.ClusterClock;
import hu.mtmt.besorol.operator.observe.FlavorSource;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Machines whose clocks are an hour off: nothing ends early for that, and nothing late. */
@RealApiServerTest
class ClockSkewIT {
  private static final String FLAVORS =
      """
      - {name: small, cpu: 2, memory: 4Gi, nodes: 9, costPerHour: "1", nodeLabels: {type: small}}
      - {name: large, cpu: 8, memory: 8Gi, nodes: 9, costPerHour: "2", nodeLabels: {type: large}}
      """;

  private static Scene scene(RealApiServer server, int operatorMinutes, int othersMinutes) {
    var namespace = server.namespace("clocks");
    server.client().resource(Scene.flavors(namespace, Map.of(FlavorSource.KEY, FLAVORS))).create();
    var own = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(operatorMinutes));
    var clock = new ClusterClock(own);
    var client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.kubeconfig().toFile()))
            .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("clock", clock))
            .build();
    var scene =
        new Scene(server, namespace, Map.of("besorol.flavors", "flavors"), client, clock, o -> {});
    scene.cluster.clocksAreAheadBy(Duration.ofMinutes(othersMinutes));
    return scene;
  }

  private static void findNoNode(Scene scene, String run, int othersMinutes) {
    scene.cluster.podStatus(
        scene.cluster.startPod(run, 1),
        """
        phase: Pending
        conditions:
        - {type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available.", lastTransitionTime: "%s"}
        """
            .formatted(Instant.now().plus(Duration.ofMinutes(othersMinutes))));
  }

  @ParameterizedTest
  @CsvSource({"60, -60", "-60, 60"})
  void nothingEndsEarlyOrLate(int operatorMinutes, int othersMinutes, RealApiServer server) {
    try (var scene = scene(server, operatorMinutes, othersMinutes)) {
      scene.create(Samples.model("frascati"));
      scene.create(
          Samples.edited(
              Samples.run("ended", "frascati"),
              "backoffLimit: 3",
              "backoffLimit: 3\n  ttlSecondsAfterFinished: 1800"));
      until(() -> scene.cluster.job("ended") != null);
      scene.cluster.runJob("ended", Samples.result("v1", 0.66));
      until(() -> scene.run("ended").result() != null);

      scene.create(
          Samples.edited(
              Samples.run("patient", "frascati"), "fallbackSeconds: 600", "fallbackSeconds: 1800"));
      scene.create(
          Samples.edited(
              Samples.run("hasty", "frascati"), "fallbackSeconds: 600", "fallbackSeconds: 5"));
      for (var run : new String[] {"patient", "hasty"}) {
        until(() -> scene.cluster.job(run) != null);
        findNoNode(scene, run, othersMinutes);
      }

      scene.create(Samples.gang("pair", 2, 2, 5));
      until(() -> scene.cluster.job("pair") != null);
      scene.cluster.startRank("pair", 0, 1, true);
      scene.cluster.startRank("pair", 1, 1, false);
      var waits = Instant.now();
      until(() -> scene.cluster.job("pair").getSpec().getSuspend());
      assertThat(Instant.now()).as("taken back no earlier").isAfter(waits.plusSeconds(3));
      scene.cluster.stopped("pair");
      until(() -> !scene.cluster.job("pair").getSpec().getSuspend());

      until(
          () ->
              scene.cluster.job("hasty") != null
                  && "large".equals(scene.run("hasty").placement().flavor()));
      assertThat(scene.run("patient").placement().flavor()).isEqualTo("small");
      assertThat(scene.run("patient").attempts()).isEmpty();
      assertThat(scene.runResource("ended")).as("its time is not over").isNotNull();
      eventually(
          () ->
              assertThat(Instant.parse(scene.run("patient").startTime()))
                  .isBetween(Instant.now().minusSeconds(300), Instant.now().plusSeconds(60)));
    }
  }
}
