package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import org.junit.jupiter.api.Test;

/** What was done is not done again. */
@RealApiServerTest
class RestartIT {
  @Test
  void anotherLookWritesNothing(RealApiServer server) {
    try (var scene = new Scene(server, "quiet")) {
      scene.create(Samples.model("frascati"));
      scene.trainAndServe("first", Samples.result("v1", 0.66));
      scene.create(Samples.run("second", "frascati"));
      until(() -> scene.cluster.job("second") != null);
      scene.cluster.startPod("second", 1);
      scene.create(Samples.run("third", "nobody"));
      scene.train("fourth", Samples.result("v4", 0.5));
      eventually(
          () -> {
            assertThat(scene.runReason("second")).isEqualTo("Training");
            assertThat(scene.runReason("third")).isEqualTo("ModelNotFound");
            assertThat(scene.run("fourth").recordedBy()).isNotNull();
            assertThat(scene.modelReason()).isEqualTo("Serving");
          });
      scene.awaitQuiet();
      scene.stopOperator();
      var before = scene.versionsOfEverything();
      for (int restart = 0; restart < 3; restart++) {
        scene.startOperator();
        until(() -> scene.operator().reconciliations() >= 3);
        scene.stopOperator();
      }
      assertThat(scene.versionsOfEverything()).isEqualTo(before);
      scene.startOperator();
    }
  }

  @Test
  void whatHappenedMeanwhileIsNotLost(RealApiServer server) {
    try (var scene = new Scene(server, "meanwhile")) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      until(() -> scene.cluster.job("first") != null);
      var job = scene.cluster.job("first").getMetadata().getUid();
      scene.stopOperator();
      scene.cluster.runJob("first", Samples.result("v1", 0.66));
      scene.startOperator();
      until(() -> scene.deployed().contains(Samples.digest("v1").value()));
      scene.stopOperator();
      scene.cluster.rollOut("frascati");
      scene.startOperator();
      eventually(() -> assertThat(scene.serving()).isEqualTo(Samples.digest("v1").value()));
      assertThat(scene.cluster.job("first").getMetadata().getUid()).isEqualTo(job);
      assertThat(scene.client.batch().v1().jobs().inNamespace(scene.namespace).list().getItems())
          .hasSize(1);
    }
  }
}
