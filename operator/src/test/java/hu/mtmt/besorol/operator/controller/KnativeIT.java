package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.ServiceReport;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.desired.KnativeInference;
import hu.mtmt.besorol.operator.desired.Names;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A model that Knative serves; in the first test it is not installed. */
@RealApiServerTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KnativeIT {
  private static final Digest V1 = Samples.digest("v1");
  private static final Digest V2 = Samples.digest("v2");
  private static final String FIRST = Names.inference(Samples.model("frascati"), V1);
  private static final String SECOND = Names.inference(Samples.model("frascati"), V2);
  private static final String ROUTE = Names.knative(Samples.model("frascati"));

  @AfterAll
  static void uninstall(RealApiServer server) {
    StandInKnative.uninstall(server.client());
  }

  @Test
  @Order(1)
  void withoutKnativeTheStatusSaysSoAndWhatServesStays(RealApiServer server) {
    try (var scene = new Scene(server, "noknative")) {
      scene.create(Samples.model("frascati"));
      scene.trainAndServe("first", Samples.result("v1", 0.66));
      move(scene, "Knative");
      eventually(
          () -> {
            assertThat(scene.modelReason()).isEqualTo("PlatformRefused");
            assertThat(scene.condition(scene.model().conditions(), Type.STALLED).getMessage())
                .contains("install Knative Serving", "goes on serving");
          });
      assertThat(scene.serving()).isEqualTo(V1.value());
      assertThat(scene.deployed()).isEqualTo(Set.of(V1.value()));
      move(scene, "Deployment");
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("Serving"));
    }
  }

  @Test
  @Order(2)
  void versionIsAConfigurationAndToGoBackIsOneWrite(RealApiServer server) {
    StandInKnative.install(server.client());
    try (var scene = new Scene(server, "serverless")) {
      var knative = new StandInKnative(scene.client, scene.namespace);
      scene.create(
          Samples.served(Samples.model("frascati"), "platform: Auto\nreplicas: {minimum: 0}"));
      scene.train("first", Samples.result("v1", 0.66));
      serve(scene, knative, FIRST, V1);
      assertThat(scene.cluster.deployments("frascati")).isEmpty();
      assertThat(scene.model().url()).isEqualTo(knative.address(ROUTE));
      assertThat(scene.model().platform().name()).isEqualTo(Platform.KNATIVE);
      assertThat(scene.asked()).containsEntry(KnativeInference.CONFIGURATION, FIRST);
      assertThat(knative.traffic(ROUTE)).isEqualTo(Map.of("all", "100 " + FIRST));
      scene.awaitQuiet();
      var quiet = scene.versionsOfEverything();
      scene.stopOperator();
      scene.startOperator();
      scene.awaitQuiet();
      assertThat(scene.versionsOfEverything()).as("nothing is written again").isEqualTo(quiet);

      train(scene);
      serve(scene, knative, SECOND, V2);
      until(
          () ->
              knative
                  .traffic(ROUTE)
                  .equals(Map.of("all", "100 " + SECOND, "former", "0 " + FIRST)));
      assertThat(knative.configurations()).isEqualTo(Set.of(FIRST, SECOND));

      scene.change(
          "{\"spec\":{\"promotion\":{\"mode\":\"Manual\",\"version\":\"%s\"}}}"
              .formatted(V1.value()));
      until(() -> "100 %s".formatted(FIRST).equals(knative.traffic(ROUTE).get("all")));
      until(() -> V1.value().equals(scene.serving()));
      knative.fail(FIRST, "It is gone.");
      eventually(
          () -> {
            assertThat(scene.modelReason()).isEqualTo("RolloutStuck");
            assertThat(scene.condition(scene.model().conditions(), Type.STALLED).getMessage())
                .contains("It is gone.");
          });
    }
  }

  @Test
  @Order(2)
  void canaryIsAShareOfTheTraffic(RealApiServer server) throws IOException {
    StandInKnative.install(server.client());
    var first =
        CanaryIT.reporting(() -> new ServiceReport(V1, 50, 0, List.of(), Map.of(), Map.of(), null));
    var second =
        CanaryIT.reporting(() -> new ServiceReport(V2, 50, 0, List.of(), Map.of(), Map.of(), null));
    try (var scene = new Scene(server, "share")) {
      var knative = new StandInKnative(scene.client, scene.namespace);
      scene.create(
          Samples.served(Samples.model("frascati"), "platform: Knative\nreplicas: {minimum: 1}"));
      scene.change(
          """
          {"spec": {"serving": {"rollout":
            {"strategy": "Canary", "steps": [10], "stepSeconds": 600, "keepPreviousSeconds": 0}}}}
          """);
      scene.train("first", Samples.result("v1", 0.66));
      until(() -> knative.configuration(FIRST) != null);
      knative.startPod(FIRST, first.getAddress().getPort());
      serve(scene, knative, FIRST, V1);
      train(scene);
      until(() -> knative.configuration(SECOND) != null);
      assertThat(knative.traffic(ROUTE)).isEqualTo(Map.of("all", "100 " + FIRST));
      knative.startPod(SECOND, second.getAddress().getPort());
      knative.becomeReady(SECOND);
      until(
          () ->
              knative
                  .traffic(ROUTE)
                  .equals(Map.of("all", "90 " + FIRST, "canary", "10 " + SECOND)));
      scene.change("{\"spec\":{\"serving\":{\"rollout\":{\"stepSeconds\":1}}}}");
      until(() -> knative.traffic(ROUTE).equals(Map.of("all", "100 " + SECOND)));
      scene.awaitQuiet();
      assertThat(knative.configurations())
          .as("the one before has pods until the requests have gone over")
          .contains(FIRST);
      knative.routeRequests(ROUTE);
      until(() -> knative.configurations().equals(Set.of(SECOND)));
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("Serving"));
    } finally {
      first.stop(0);
      second.stop(0);
    }
  }

  @Test
  @Order(2)
  void addressMovesWhenTheOtherPlatformAnswers(RealApiServer server) {
    StandInKnative.install(server.client());
    try (var scene = new Scene(server, "move")) {
      var knative = new StandInKnative(scene.client, scene.namespace);
      scene.create(Samples.model("frascati"));
      scene.trainAndServe("first", Samples.result("v1", 0.66));
      move(scene, "Knative");
      until(() -> knative.configuration(FIRST) != null && knative.route(ROUTE) != null);
      eventually(
          () ->
              assertThat(scene.condition(scene.model().conditions(), Type.READY).getMessage())
                  .contains("is coming into service on Knative in place of Deployment"));
      knative.becomeReady(FIRST);
      scene.awaitQuiet();
      assertThat(scene.asked()).doesNotContainKey(KnativeInference.CONFIGURATION);
      knative.routeRequests(ROUTE);
      until(() -> scene.asked().containsKey(KnativeInference.CONFIGURATION));
      until(() -> scene.model().platform().name() == Platform.KNATIVE);
      scene.awaitQuiet();
      assertThat(scene.deployed()).as("kept for a while").isEqualTo(Set.of(V1.value()));
      scene.change("{\"spec\":{\"serving\":{\"rollout\":{\"keepPreviousSeconds\":0}}}}");
      until(() -> scene.deployed().isEmpty());

      move(scene, "Deployment");
      until(() -> scene.deployed().equals(Set.of(V1.value())));
      scene.awaitQuiet();
      assertThat(scene.asked()).containsKey(KnativeInference.CONFIGURATION);
      scene.cluster.rollOut("frascati");
      until(() -> !scene.asked().containsKey(KnativeInference.CONFIGURATION));
      assertThat(scene.asked()).containsEntry(Labels.ANSWERS_FOR, V1.abbreviated());
      until(() -> knative.configurations().isEmpty() && knative.route(ROUTE) == null);
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("Serving"));
    }
  }

  private static void move(Scene scene, String platform) {
    scene.change("{\"spec\":{\"serving\":{\"platform\":\"%s\"}}}".formatted(platform));
  }

  /** A version that is better than the first. */
  private static void train(Scene scene) {
    CanaryIT.passASecond();
    var request = new ComparisonRequest(Metric.LENIENT_F1, V1, "0.95");
    scene.train("second", Samples.result("v2", 0.68, Samples.comparison(request, 0.02)));
  }

  private static void serve(
      Scene scene, StandInKnative knative, String configuration, Digest version) {
    until(() -> knative.configuration(configuration) != null);
    knative.becomeReady(configuration);
    until(() -> knative.traffic(ROUTE).getOrDefault("all", "").equals("100 " + configuration));
    knative.routeRequests(ROUTE);
    until(() -> version.value().equals(scene.serving()));
  }
}
