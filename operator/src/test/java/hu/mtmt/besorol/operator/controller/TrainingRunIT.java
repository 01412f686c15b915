package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@RealApiServerTest
class TrainingRunIT {
  @Test
  void becomesAJobWithAPlan(RealApiServer server) {
    try (var scene = new Scene(server, "run")) {
      scene.create(Samples.model("frascati"));
      var run = scene.create(Samples.run("first", "frascati"));
      until(() -> scene.cluster.job("first") != null);
      var plan = (TrainingPlan) scene.cluster.plan("first");
      assertThat(plan.store()).isEqualTo("/var/lib/besorol/store/models/frascati");
      assertThat(plan.training().location())
          .isEqualTo("/var/lib/besorol/data/data/train.jsonl.zst");
      assertThat(plan.comparisons()).as("nothing serves yet").isEmpty();
      assertThat(scene.cluster.job("first").getMetadata().getOwnerReferences())
          .singleElement()
          .returns(run.getMetadata().getUid(), o -> o.getUid());
      eventually(
          () -> {
            assertThat(scene.run("first").observedGeneration()).isEqualTo(1);
            assertThat(scene.runReason("first")).isEqualTo("Pending");
            assertThat(scene.run("first").placement().flavor()).isEqualTo("default");
            assertThat(scene.eventReasons()).contains("Pending");
          });
    }
  }

  @Test
  void showsTheProgressThatItsPodTells(RealApiServer server) throws Exception {
    var told = new AtomicReference<>(progress(Progress.Stage.FEATURES, 20));
    var pod = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pod.createContext(
        Progress.ROUTE,
        exchange -> {
          var body = ContractJson.write(told.get());
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    pod.start();
    try (var scene = new Scene(server, "progress")) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      until(() -> scene.cluster.job("first") != null);
      scene.cluster.startPod("first", 1, "127.0.0.1", pod.getAddress().getPort());
      eventually(
          () -> {
            assertThat(scene.run("first").progress()).isNotNull().returns(20, p -> p.percent());
            assertThat(scene.runReason("first")).isEqualTo("Training");
          });
      told.set(progress(Progress.Stage.TRAINING, 60));
      eventually(
          () -> {
            var progress = scene.run("first").progress();
            assertThat(progress.percent()).isEqualTo(60);
            assertThat(progress.stage()).isEqualTo(Progress.Stage.TRAINING);
            assertThat(progress.loss()).isEqualTo("0.1250");
            assertThat(progress.metrics().getFirst().value()).isEqualTo("0.5000");
          });
      assertThat(
              scene
                  .operator()
                  .meters()
                  .get("besorol.runs")
                  .tag("state", "training")
                  .gauge()
                  .value())
          .isEqualTo(1);
    } finally {
      pod.stop(0);
    }
  }

  private static Progress progress(Progress.Stage stage, int percent) {
    return new Progress(
        stage, percent, 1, 0.125, 30, Map.of(Metric.STRICT_F1, 0.5), null, null, Instant.now());
  }

  @Test
  void waitsForItsModel(RealApiServer server) {
    try (var scene = new Scene(server, "waits")) {
      scene.create(Samples.run("first", "frascati"));
      eventually(() -> assertThat(scene.runReason("first")).isEqualTo("ModelNotFound"));
      assertThat(scene.cluster.job("first")).isNull();
      scene.create(Samples.model("frascati"));
      until(() -> scene.cluster.job("first") != null);
    }
  }

  @Test
  void runThatIsMovedToAnotherNamespaceDoesNotFindTheModelThatItLeft(RealApiServer server) {
    try (var here = new Scene(server, "moved-from");
        var there = new Scene(server, "moved-to")) {
      here.create(Samples.model("frascati"));
      here.train("first", Samples.result("v1", 0.66));
      var moved = here.runResource("first");
      moved.setMetadata(new ObjectMetaBuilder().withName("first").build());
      there.create(moved);
      eventually(
          () -> {
            assertThat(there.runReason("first")).isEqualTo("ModelNotFound");
            assertThat(there.condition(there.run("first").conditions(), Type.READY).getMessage())
                .isEqualTo(
                    "There is no ClassifierModel frascati in this namespace: the run begins when"
                        + " there is.");
            assertThat(there.run("first").result()).as("of the other").isNull();
          });
      assertThat(there.cluster.job("first")).isNull();
      there.create(Samples.model("frascati"));
      until(() -> there.cluster.job("first") != null);
      assertThat(here.run("first").result()).as("nothing is lost").isNotNull();
      until(() -> here.version("v1").isPresent());
    }
  }

  @Test
  void suspendsAndResumes(RealApiServer server) {
    try (var scene = new Scene(server, "suspend")) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      until(() -> scene.cluster.job("first") != null);
      scene.suspend("first", true);
      until(() -> scene.cluster.job("first").getSpec().getSuspend());
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("Suspended");
            assertThat(scene.condition(scene.run("first").conditions(), Type.SUSPENDED).getStatus())
                .isEqualTo("True");
            assertThat(scene.run("first").observedGeneration()).isEqualTo(2);
          });
      scene.suspend("first", false);
      until(() -> !scene.cluster.job("first").getSpec().getSuspend());
      eventually(
          () ->
              assertThat(scene.run("first").conditions())
                  .extracting(c -> c.getType())
                  .containsExactly("Ready", "Reconciling"));
    }
  }

  @Test
  void failsWhenItsModelIsDeletedMidway(RealApiServer server) {
    try (var scene = new Scene(server, "deleted")) {
      var model = scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      until(() -> scene.cluster.job("first") != null);
      scene.cluster.startPod("first", 1);
      scene.client.resource(model).inNamespace(scene.namespace).delete();
      until(() -> scene.cluster.job("first") == null);
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("ModelDeleted");
            assertThat(scene.condition(scene.run("first").conditions(), Type.FAILED).getStatus())
                .isEqualTo("True");
          });
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("second", "frascati"));
      until(() -> scene.cluster.job("second") != null);
      assertThat(scene.cluster.job("first")).as("a run that ended does not begin again").isNull();
    }
  }

  @Test
  void tellsWhatIsWrongWithTheData(RealApiServer server) {
    try (var scene = new Scene(server, "data")) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      until(() -> scene.cluster.job("first") != null);
      scene.cluster.startPod("first", 1);
      scene.cluster.endPod(
          "first-1",
          3,
          "Error",
          TrainingResult.failed(
              new Failure(FailureKind.DATA_INVALID, "train.jsonl:7: subject 9 is unknown.")));
      scene.cluster.failJob("first", "PodFailurePolicy", "Container besorol exited with 3");
      eventually(
          () -> {
            var status = scene.run("first");
            assertThat(scene.runReason("first")).isEqualTo("DataInvalid");
            assertThat(scene.condition(status.conditions(), Type.STALLED).getMessage())
                .isEqualTo("train.jsonl:7: subject 9 is unknown.");
            assertThat(status.lastFailure().pod()).isEqualTo("first-1");
            assertThat(status.lastFailure().exitCode()).isEqualTo(3);
            assertThat(status.completionTime()).isNotNull();
            assertThat(scene.eventReasons()).contains("DataInvalid");
          });
    }
  }

  @Test
  void showsAFailureThatIsRetried(RealApiServer server) {
    try (var scene = new Scene(server, "retried")) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      until(() -> scene.cluster.job("first") != null);
      scene.cluster.startPod("first", 1);
      scene.cluster.endPod("first-1", 137, "OOMKilled", null);
      scene.cluster.startPod("first", 2);
      eventually(
          () -> {
            assertThat(scene.run("first").lastFailure())
                .isNotNull()
                .returns("OOMKilled", f -> f.reason())
                .satisfies(f -> assertThat(f.message()).contains("4Gi"));
            assertThat(scene.runReason("first")).isEqualTo("Training");
          });
      scene.cluster.endPod("first-2", 137, "OOMKilled", null);
      scene.cluster.failJob("first", "BackoffLimitExceeded", "limit");
      eventually(() -> assertThat(scene.runReason("first")).isEqualTo("RetriesExhausted"));
    }
  }

  @Test
  void tellsWhyItsPodDoesNotRun(RealApiServer server) {
    try (var scene = new Scene(server, "pending")) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      until(() -> scene.cluster.job("first") != null);
      var pod = scene.cluster.startPod("first", 1);
      scene.cluster.podStatus(
          pod,
          """
          phase: Pending
          conditions:
          - {type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available."}
          """);
      eventually(
          () -> {
            assertThat(scene.run("first").lastFailure())
                .isNotNull()
                .returns("Unschedulable", f -> f.reason())
                .satisfies(f -> assertThat(f.message()).contains("0/3 nodes"));
            assertThat(scene.runReason("first")).isEqualTo("Pending");
          });
    }
  }

  @Test
  void trainsAgainWhenTheResultIsLost(RealApiServer server) {
    try (var scene = new Scene(server, "lost")) {
      scene.create(Samples.model("frascati"));
      var run = scene.create(Samples.run("first", "frascati"));
      var complete = new HashSet<String>();
      eventually(
          () -> {
            var job = scene.cluster.job("first");
            if (job != null && complete.add(job.getMetadata().getUid())) {
              scene.cluster.completeJob("first");
            }
            assertThat(scene.runReason("first")).isEqualTo("ResultMissing");
          });
      assertThat(complete).hasSize(1 + run.getSpec().backoffLimit());
      assertThat(scene.run("first").attempts())
          .hasSize(run.getSpec().backoffLimit())
          .allSatisfy(a -> assertThat(a.reason()).isEqualTo("ResultMissing"));
      assertThat(scene.run("first").completionTime()).isNotNull();
    }
  }

  @Test
  void refusesAHostThatIsNotAllowed(RealApiServer server) {
    try (var scene =
        new Scene(server, "hosts", Map.of("besorol.allowed-hosts", "data.example.org"))) {
      scene.create(Samples.model("frascati"));
      scene.create(from("evil", "https://evil.example.com/train.jsonl"));
      eventually(
          () -> {
            assertThat(scene.runReason("evil")).isEqualTo("SourceNotAllowed");
            assertThat(scene.condition(scene.run("evil").conditions(), Type.STALLED).getMessage())
                .contains("https://evil.example.com/train.jsonl", "data.example.org");
          });
      scene.create(from("good", "https://data.example.org/train.jsonl"));
      until(() -> scene.cluster.job("good") != null);
      assertThat(scene.cluster.job("evil")).isNull();
      assertThat(
              scene
                  .cluster
                  .job("good")
                  .getSpec()
                  .getTemplate()
                  .getSpec()
                  .getContainers()
                  .getFirst()
                  .getEnv())
          .singleElement()
          .returns("BESOROL_ALLOWED_HOSTS", e -> e.getName())
          .returns("data.example.org", e -> e.getValue());
    }
  }

  @Test
  void usesBucketsOfAllowedEndpointsOnly(RealApiServer server) {
    var model = Samples.inBuckets(Samples.model("frascati"), "");
    try (var scene =
        new Scene(
            server,
            "endpoints",
            Map.of("besorol.allowed-s3-endpoints", "https://s3.example.org"))) {
      scene.create(model);
      scene.create(Samples.run("first", "frascati"));
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("SourceNotAllowed");
            assertThat(scene.condition(scene.run("first").conditions(), Type.STALLED).getMessage())
                .contains("Packages may not be kept at http://minio.storage:9000")
                .contains("(now: https://s3.example.org)");
          });
      assertThat(scene.cluster.job("first")).isNull();
    }
    try (var scene =
        new Scene(
            server,
            "buckets",
            Map.of(
                "besorol.allowed-s3-endpoints",
                "https://s3.example.org,http://minio.storage:9000"))) {
      scene.create(model);
      scene.create(Samples.run("first", "frascati"));
      until(() -> scene.cluster.job("first") != null);
      var plan = (TrainingPlan) scene.cluster.plan("first");
      assertThat(plan.store()).isEqualTo("models/frascati");
      assertThat(plan.storeBucket().endpoint()).isEqualTo("http://minio.storage:9000");
      assertThat(plan.taxonomy().s3().name()).isEqualTo("data");
      assertThat(scene.cluster.job("first").getSpec().getTemplate().getSpec().getVolumes())
          .filteredOn(v -> v.getSecret() != null)
          .extracting(v -> v.getSecret().getSecretName())
          .containsExactlyInAnyOrder("store-keys", "data-keys");
    }
  }

  private static TrainingRun from(String name, String uri) {
    return Samples.edited(
        Samples.run(name, "frascati"),
        "persistentVolumeClaim:\n      claimName: \"data\"\n    path: \"train.jsonl.zst\"",
        "uri: %s".formatted(uri));
  }

  @Test
  void stallsWhenNoFlavorFits(RealApiServer server) {
    try (var scene = new Scene(server, "flavors")) {
      scene.create(Samples.model("frascati"));
      scene.create(
          Samples.edited(Samples.run("first", "frascati"), "flavors: []", "flavors: [g9.huge]"));
      eventually(
          () -> {
            assertThat(scene.runReason("first")).isEqualTo("NoFlavorFits");
            assertThat(scene.run("first").placement().rejected())
                .singleElement()
                .returns("g9.huge", r -> r.flavor());
          });
      assertThat(scene.cluster.job("first")).isNull();
    }
  }

  @Test
  void doesNotTouchWhatIsNotItsOwn(RealApiServer server) {
    try (var scene = new Scene(server, "taken")) {
      var theirs =
          scene
              .client
              .resource(
                  new ConfigMapBuilder()
                      .withNewMetadata()
                      .withName("first")
                      .withNamespace(scene.namespace)
                      .endMetadata()
                      .addToData("a", "b")
                      .build())
              .create();
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("first", "frascati"));
      eventually(() -> assertThat(scene.runReason("first")).isEqualTo("NameTaken"));
      assertThat(scene.client.resource(theirs).get().getMetadata().getResourceVersion())
          .isEqualTo(theirs.getMetadata().getResourceVersion());
      scene.client.resource(theirs).delete();
      until(() -> scene.cluster.job("first") != null);
    }
  }

  @Test
  void isDeletedAfterItsTimeOnceRecorded(RealApiServer server) {
    try (var scene = new Scene(server, "ttl")) {
      scene.create(Samples.model("frascati"));
      scene.create(
          Samples.edited(
              Samples.run("first", "frascati"),
              "backoffLimit: 3",
              "backoffLimit: 3\n  ttlSecondsAfterFinished: 1"));
      until(() -> scene.cluster.job("first") != null);
      scene.cluster.runJob("first", Samples.result("v1", 0.66));
      until(() -> scene.runResource("first") == null);
      assertThat(scene.version("v1")).isPresent();
    }
  }
}
