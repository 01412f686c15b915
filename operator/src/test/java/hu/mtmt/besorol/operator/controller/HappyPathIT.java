package hu.mtmt.besorol.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@RealApiServerTest
class HappyPathIT {
  @Test
  void runBecomesAServedVersion(RealApiServer server) {
    var ns = server.namespace("happy");
    var client = server.client();
    var cluster = new StandInControllers(client, ns);
    try (var _ = new RunningOperator(client, ns)) {
      client.resource(Samples.model("frascati")).inNamespace(ns).create();
      client.resource(Samples.run("first", "frascati")).inNamespace(ns).create();
      await().until(() -> cluster.job("first") != null);
      cluster.runJob("first", Samples.result("v1", 0.66));
      await().atMost(Duration.ofSeconds(20)).until(() -> cluster.deployment("frascati") != null);
      cluster.rollOut("frascati");
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          client.resources(ClassifierModel.class).inNamespace(ns).withName("frascati").get().getStatus().serving())
                      .isNotNull());
