package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.ServiceReport;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.desired.Names;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A version that gets a part of the requests first, with pods that tell over HTTP what they do. */
@RealApiServerTest
class CanaryIT {
  private static final Digest V1 = Samples.digest("v1");
  private static final Digest V2 = Samples.digest("v2");
  private static final String CANARY = Names.canary(Samples.model("frascati"), V2, V1);

  @Test
  void takesOverStepByStep(RealApiServer server) throws IOException {
    var good = reporting(() -> new ServiceReport(V2, 50, 0, List.of(), Map.of(), Map.of(), null));
    try (var scene = new Scene(server, "canary")) {
      beginCanary(scene, good.getAddress().getPort());
      assertThat(scene.asked()).containsEntry(Labels.ANSWERS_FOR, V1.abbreviated());
      assertThat(scene.cluster.deployment(CANARY).getSpec().getTemplate().getMetadata().getLabels())
          .containsAllEntriesOf(scene.asked());

      until(() -> scene.model().canary().step() == 2);
      until(() -> scene.cluster.deployment(CANARY).getSpec().getReplicas() == 2);
      scene.cluster.startInferencePod(CANARY, 2, good.getAddress().getPort());
      scene.cluster.rollOut("frascati");
      until(() -> scene.cluster.deployments("frascati").size() == 3);
      assertThat(scene.serving()).isEqualTo(V1.value());
      scene.cluster.rollOut("frascati");

      eventually(
          () -> {
            assertThat(scene.serving()).isEqualTo(V2.value());
            assertThat(scene.modelReason()).isEqualTo("Serving");
            assertThat(scene.model().canary()).isNull();
          });
      assertThat(scene.asked()).containsEntry(Labels.ANSWERS_FOR, V2.abbreviated());
      until(() -> scene.cluster.deployment(CANARY) == null);
      assertThat(scene.deployed()).isEqualTo(Set.of(V1.value(), V2.value()));
      assertThat(scene.eventReasons()).contains("CanaryStep", "Canary");
    } finally {
      good.stop(0);
    }
  }

  @Test
  void isTakenBackWhenItFails(RealApiServer server) throws IOException {
    var bad = reporting(() -> new ServiceReport(V2, 50, 10, List.of(), Map.of(), Map.of(), null));
    try (var scene = new Scene(server, "takenback")) {
      beginCanary(scene, bad.getAddress().getPort());
      eventually(
          () -> {
            assertThat(scene.modelReason()).isEqualTo("CanaryFailed");
            assertThat(scene.condition(scene.model().conditions(), Type.STALLED).getMessage())
                .contains("10 of 50 requests failed (20.00 %)");
            assertThat(scene.version("v2").orElseThrow().verdict()).isEqualTo(Verdict.REJECTED);
            assertThat(scene.version("v2").orElseThrow().withdrawn()).isNotNull();
            assertThat(scene.model().canary()).isNull();
          });
      until(() -> scene.deployed().equals(Set.of(V1.value())));
      assertThat(scene.serving()).isEqualTo(V1.value());
      assertThat(scene.asked()).containsEntry(Labels.ANSWERS_FOR, V1.abbreviated());
      eventually(
          () -> assertThat(scene.eventReasons()).contains("CanaryFailed", "VersionRejected"));
      scene.awaitQuiet();
      assertThat(scene.deployed()).as("it is not tried again").isEqualTo(Set.of(V1.value()));
    } finally {
      bad.stop(0);
    }
  }

  @Test
  void getsItsShareByTheWeightsOfARoute(RealApiServer server) throws IOException {
    Scene.installGatewayApi(server);
    var v3 = Samples.digest("v3");
    var told =
        new AtomicReference<>(new ServiceReport(v3, 50, 0, List.of(), Map.of(), Map.of(), null));
    var good = reporting(() -> new ServiceReport(V2, 50, 0, List.of(), Map.of(), Map.of(), null));
    var turning = reporting(told::get);
    var name = Names.inference(Samples.model("frascati"), V2);
    try (var scene = new Scene(server, "weights")) {
      serveFirst(scene, Samples.routed(Samples.model("frascati")), 600);
      assertThat(scene.weights()).isEqualTo(Map.of("frascati", 100));
      train(scene, "second", V2, V1);
      until(() -> scene.weights().equals(Map.of("frascati", 100, name, 0)));
      startPods(scene, name, good.getAddress().getPort());
      until(() -> scene.weights().equals(Map.of("frascati", 90, name, 10)));
      scene.awaitQuiet();
      assertThat(scene.asked()).containsEntry(Labels.ANSWERS_FOR, V1.abbreviated());

      scene.change("{\"spec\":{\"serving\":{\"rollout\":{\"stepSeconds\":1}}}}");
      until(() -> V2.value().equals(scene.serving()));
      until(() -> scene.weights().equals(Map.of("frascati", 100)));
      until(
          () -> scene.client.services().inNamespace(scene.namespace).withName(name).get() == null);

      var third = Names.inference(Samples.model("frascati"), v3);
      scene.change("{\"spec\":{\"serving\":{\"rollout\":{\"stepSeconds\":600}}}}");
      train(scene, "third", v3, V2);
      until(() -> scene.cluster.deployment(third) != null);
      startPods(scene, third, turning.getAddress().getPort());
      until(() -> scene.weights().equals(Map.of("frascati", 90, third, 10)));
      told.set(new ServiceReport(v3, 50, 25, List.of(), Map.of(), Map.of(), null));
      until(() -> scene.weights().equals(Map.of("frascati", 100)));
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("CanaryFailed"));
      until(() -> scene.cluster.deployment(third) == null);

      scene.change("{\"spec\":{\"serving\":{\"route\":null}}}");
      until(() -> scene.weights().isEmpty());
    } finally {
      good.stop(0);
      turning.stop(0);
    }
  }

  @Test
  void youngerOfTwoModelsWithOneHostnameIsRefused(RealApiServer server) throws IOException {
    Scene.installGatewayApi(server);
    try (var scene = new Scene(server, "hostname")) {
      var elder = scene.create(Samples.routed(Samples.model("elder")));
      passASecond();
      scene.create(Samples.routed(Samples.model("frascati")));
      eventually(
          () -> {
            assertThat(scene.modelReason()).isEqualTo("RouteRefused");
            assertThat(scene.condition(scene.model().conditions(), Type.STALLED).getMessage())
                .contains("classify.example.org", "belongs to model hostname");
          });
      scene.client.resource(elder).delete();
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("NoVersion"));
    }
  }

  /** Models are ordered by whole seconds. */
  static void passASecond() {
    var now = System.currentTimeMillis() / 1000;
    until(() -> System.currentTimeMillis() / 1000 > now);
  }

  private static void startPods(Scene scene, String deployment, int port) {
    scene.cluster.startInferencePod(deployment, 1, port);
    scene.cluster.startInferencePod(deployment, 2, port);
    scene.cluster.rollOut("frascati");
  }

  /** Version 1 serves, and the first pod of version 2 is up, which tells what {@code port} does. */
  private static void beginCanary(Scene scene, int port) throws IOException {
    serveFirst(scene, Samples.model("frascati"), 1);
    train(scene, "second", V2, V1);
    until(() -> scene.cluster.deployment(CANARY) != null);
    eventually(
        () -> {
          assertThat(scene.modelReason()).isEqualTo("Canary");
          assertThat(scene.model().canary())
              .returns(1, c -> c.step())
              .returns(10, c -> c.percent());
        });
    assertThat(scene.cluster.deployment(CANARY).getSpec().getReplicas()).isEqualTo(1);
    scene.cluster.startInferencePod(CANARY, 1, port);
    scene.cluster.rollOut("frascati");
  }

  private static void serveFirst(Scene scene, ClassifierModel model, int stepSeconds)
      throws IOException {
    scene.create(model);
    scene.change(
        "{\"spec\":{\"serving\":{\"rollout\":{\"strategy\":\"Canary\",\"stepSeconds\":%d}}}}"
            .formatted(stepSeconds));
    scene.trainAndServe("first", Samples.result("v1", 0.66));
    var report = new ServiceReport(V1, 50, 0, List.of(), Map.of(), Map.of(), null);
    var well = reporting(() -> report);
    var first = scene.cluster.deployments("frascati").getFirst().getMetadata().getName();
    scene.cluster.startInferencePod(first, 1, well.getAddress().getPort());
  }

  /** A version that is better than the serving one. */
  private static void train(Scene scene, String run, Digest version, Digest serving) {
    var request = new ComparisonRequest(Metric.LENIENT_F1, serving, "0.95");
    var name = version.equals(V2) ? "v2" : "v3";
    passASecond();
    scene.train(run, Samples.result(name, 0.68, Samples.comparison(request, 0.02)));
  }

  /** A server that tells that, as a pod does. */
  static HttpServer reporting(Supplier<ServiceReport> report) throws IOException {
    var pod = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pod.createContext(
        ServiceReport.ROUTE,
        exchange -> {
          var body = ContractJson.write(report.get());
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    pod.start();
    return pod;
  }
}
