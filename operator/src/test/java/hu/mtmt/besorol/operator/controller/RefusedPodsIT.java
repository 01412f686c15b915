package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.observe.FlavorSource;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs whose pods a quota of the namespace refuses, with the Job controller of Kubernetes. */
@RealApiServerTest
class RefusedPodsIT {
  private static final String FLAVORS =
      "- {name: large, cpu: 8, memory: 32Gi, nodes: 3, nodeLabels: {type: large}}\n";

  private static ControllerManager controllers;

  @BeforeAll
  static void startControllers(RealApiServer server) {
    var program = ControllerManager.program();
    assumeTrue(program.isPresent(), "there is no kube-controller-manager on this machine");
    controllers = ControllerManager.start(program.get(), server);
  }

  @AfterAll
  static void stopControllers() {
    if (controllers != null) {
      controllers.close();
    }
  }

  private static Scene scene(RealApiServer server, String name, int pods) {
    var namespace = server.namespace(name);
    var scene =
        Scene.withFlavors(server, Scene.flavors(namespace, Map.of(FlavorSource.KEY, FLAVORS)));
    var quota =
        new ResourceQuotaBuilder()
            .withNewMetadata()
            .withName("pods")
            .endMetadata()
            .withNewSpec()
            .addToHard("pods", new Quantity(String.valueOf(pods)))
            .endSpec()
            .build();
    var quotas = scene.client.resourceQuotas().inNamespace(namespace);
    quotas.resource(quota).create();
    until(() -> quotas.withName("pods").get().getStatus().getHard() != null);
    scene.create(Samples.model("frascati"));
    return scene;
  }

  /** Whatever the quota's controller writes at the same time. */
  private static void raise(Scene scene, int pods) {
    scene
        .client
        .resourceQuotas()
        .inNamespace(scene.namespace)
        .withName("pods")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"hard\": {\"pods\": \"%d\"}}}".formatted(pods));
  }

  private static List<Pod> pods(Scene scene, String run) {
    return scene
        .client
        .pods()
        .inNamespace(scene.namespace)
        .withLabel(Labels.RUN, run)
        .list()
        .getItems();
  }

  private static void run(Scene scene, Pod pod) {
    scene.cluster.podStatus(pod, "phase: Running\npodIP: 127.0.0.1\npodIPs: [{ip: 127.0.0.1}]\n");
  }

  /** Those that are there now: one of the time before may just be going. */
  private static void runAll(Scene scene, String run) {
    for (var pod : pods(scene, run)) {
      try {
        run(scene, pod);
      } catch (KubernetesClientException e) {
        assertThat(e.getCode()).isEqualTo(HttpURLConnection.HTTP_NOT_FOUND);
      }
    }
  }

  private static String ready(Scene scene, String run) {
    return scene.condition(scene.run(run).conditions(), Type.READY).getMessage();
  }

  @Test
  void gangWithPodsThatAreNeverMadeIsTakenBackAndTriedAgain(RealApiServer server) {
    try (var scene = scene(server, "gang-quota", 1)) {
      scene.create(Samples.gang("pair", 2, 2, 15));
      until(() -> pods(scene, "pair").size() == 1);
      run(scene, pods(scene, "pair").getFirst());
      var why = "exceeded quota: pods, requested: pods=1, used: pods=1, limited: pods=1";
      eventually(() -> assertThat(ready(scene, "pair")).contains(why));
      until(() -> scene.cluster.job("pair").getSpec().getSuspend());
      eventually(
          () -> {
            assertThat(scene.runReason("pair")).isEqualTo("Queued");
            assertThat(scene.run("pair").queue().takenBack())
                .returns(1, t -> t.started())
                .returns(
                    "1 of 2 pods had not started within 15 s: The cluster does not let the pod be"
                        + " made: %s. It is made once there is room, or what is against it is changed."
                            .formatted(why),
                    t -> t.reason());
          });
      raise(scene, 2);
      until(() -> !scene.cluster.job("pair").getSpec().getSuspend());
      eventually(
          () -> {
            runAll(scene, "pair");
            assertThat(scene.runReason("pair")).isEqualTo("Training");
            assertThat(scene.run("pair").queue().takenBack()).isNull();
            assertThat(scene.run("pair").lastFailure()).isNull();
          });
    }
  }

  @Test
  void singlePodThatIsRefusedIsTold(RealApiServer server) {
    try (var scene = scene(server, "single-quota", 0)) {
      scene.create(Samples.run("first", "frascati"));
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("Pending");
            assertThat(ready(scene, "first"))
                .isEqualTo(
                    "The cluster does not let the pod be made: exceeded quota: pods, requested:"
                        + " pods=1, used: pods=0, limited: pods=0. It is made once there is room,"
                        + " or what is against it is changed.");
            assertThat(scene.run("first").lastFailure().reason()).isEqualTo("PodsRefused");
            assertThat(scene.eventReasons()).contains("PodsRefused");
          });
      scene.awaitQuiet();
      raise(scene, 1);
      until(() -> pods(scene, "first").size() == 1);
      run(scene, pods(scene, "first").getFirst());
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("Training");
            assertThat(scene.run("first").lastFailure()).isNull();
          });
    }
  }
}
