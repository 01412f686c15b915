package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.eventually;
import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.api.ClassifierModelStatus.GateResult;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationPlan;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.contract.PruneResult;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

@RealApiServerTest
class ClassifierModelIT {
  private static final Digest V1 = Samples.digest("v1");

  private static ComparisonRequest with(Digest baseline) {
    return new ComparisonRequest(Metric.LENIENT_F1, baseline, "0.95");
  }

  @Test
  void servesTheFirstVersionThatPasses(RealApiServer server) {
    try (var scene = new Scene(server, "serves")) {
      scene.create(Samples.model("frascati"));
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("NoVersion"));
      scene.train("first", Samples.result("v1", 0.66));
      until(() -> scene.deployed().contains(V1.value()));
      eventually(
          () -> {
            assertThat(scene.modelReason()).isEqualTo("RollingOut");
            assertThat(scene.serving()).as("not before the rollout is complete").isNull();
            assertThat(scene.version("v1")).get().returns(Verdict.PASSED, v -> v.verdict());
          });
      scene.cluster.rollOut("frascati");
      eventually(
          () -> {
            var status = scene.model();
            assertThat(scene.modelReason()).isEqualTo("Serving");
            assertThat(status.conditions()).hasSize(1);
            assertThat(status.serving().strictF1()).isEqualTo("0.6600");
            assertThat(status.serving().trainingRun()).isEqualTo("first");
            assertThat(status.url()).isEqualTo("http://frascati.%s.svc".formatted(scene.namespace));
            assertThat(scene.run("first").recordedBy()).isNotNull();
            assertThat(scene.eventReasons())
                .contains("VersionRecorded", "VersionPassed", "RollingOut", "Serving");
          });
      assertThat(
              scene
                  .operator()
                  .meters()
                  .get("besorol.model.serving")
                  .tag("model", "frascati")
                  .gauge()
                  .value())
          .isEqualTo(1);
      tellAddress(scene, "http://127.0.0.1:40123");
      eventually(() -> assertThat(scene.model().url()).isEqualTo("http://127.0.0.1:40123"));
    }
  }

  private static void tellAddress(Scene scene, String url) {
    patchService(
        scene, "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(Labels.URL, url));
  }

  private static void patchService(Scene scene, String patch) {
    scene
        .client
        .services()
        .inNamespace(scene.namespace)
        .withName("frascati")
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  @Test
  void rejectsAVersionBelowTheFloor(RealApiServer server) {
    try (var scene = new Scene(server, "rejects")) {
      scene.create(Samples.model("frascati"));
      scene.train("first", Samples.result("v1", 0.55));
      eventually(
          () -> {
            assertThat(scene.modelReason()).isEqualTo("NoVersionPassed");
            assertThat(scene.condition(scene.model().conditions(), Type.STALLED).getMessage())
                .contains("gate floor (0.5500, wanted ≥ 0.6)");
            assertThat(scene.version("v1")).get().returns(Verdict.REJECTED, v -> v.verdict());
            assertThat(scene.eventReasons()).contains("VersionRejected");
          });
      assertThat(scene.deployed()).isEmpty();
      scene.change(
          "{\"spec\":{\"gates\":[{\"name\":\"floor\",\"metric\":\"StrictF1\",\"minimum\":\"0.5\"}]}}");
      until(() -> scene.deployed().contains(V1.value()));
    }
  }

  @Test
  void replacesTheServingVersionByABetterOne(RealApiServer server) {
    try (var scene = new Scene(server, "better")) {
      scene.create(Samples.model("frascati"));
      scene.trainAndServe("first", Samples.result("v1", 0.66));
      scene.create(Samples.run("second", "frascati"));
      until(() -> scene.cluster.job("second") != null);
      assertThat(((TrainingPlan) scene.cluster.plan("second")).comparisons())
          .containsExactly(with(V1));
      scene.cluster.runJob(
          "second", Samples.result("v2", 0.68, Samples.comparison(with(V1), 0.02)));
      until(() -> scene.deployed().contains(Samples.digest("v2").value()));
      assertThat(scene.serving()).isEqualTo(V1.value());
      assertThat(scene.asked()).containsEntry(Labels.ANSWERS_FOR, V1.abbreviated());
      scene.cluster.rollOut("frascati");
      eventually(
          () -> {
            assertThat(scene.serving()).isEqualTo(Samples.digest("v2").value());
            assertThat(scene.version("v1")).get().returns(Verdict.SUPERSEDED, v -> v.verdict());
            assertThat(scene.version("v2")).get().returns(Verdict.SERVING, v -> v.verdict());
            assertThat(scene.model().previous().version()).isEqualTo(V1.value());
          });
      assertThat(scene.cluster.jobs(Component.EVALUATION)).isEmpty();
      assertThat(scene.asked())
          .containsEntry(Labels.ANSWERS_FOR, Samples.digest("v2").abbreviated());
      assertThat(scene.deployed()).contains(V1.value());
      goBackAndForth(scene);
    }
  }

  /** To a version whose pods are kept: no pod has to come up. */
  private static void goBackAndForth(Scene scene) {
    scene.change(
        "{\"spec\":{\"promotion\":{\"mode\":\"Manual\",\"version\":\"%s\"}}}".formatted(V1));
    eventually(
        () -> {
          assertThat(scene.serving()).isEqualTo(V1.value());
          assertThat(scene.modelReason()).isEqualTo("Serving");
          assertThat(scene.model().previous().version()).isEqualTo(Samples.digest("v2").value());
        });
    assertThat(scene.asked()).containsEntry(Labels.ANSWERS_FOR, V1.abbreviated());
    scene.change("{\"spec\":{\"serving\":{\"rollout\":{\"keepPreviousSeconds\":0}}}}");
    until(() -> scene.deployed().equals(Set.of(V1.value())));
    assertThat(scene.model().previous()).isNull();
  }

  @Test
  void takesOverFromAnOperatorThatHadOneDeploymentForAllVersions(RealApiServer server) {
    try (var scene = new Scene(server, "former")) {
      scene.create(Samples.model("frascati"));
      scene.trainAndServe("first", Samples.result("v1", 0.66));
      scene.stopOperator();
      leaveAsFormerOperator(scene);
      scene.startOperator();
      until(
          () -> scene.deployed().size() == 1 && scene.cluster.deployments("frascati").size() == 2);
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("RollingOut"));
      assertThat(scene.asked()).doesNotContainKey(Labels.ANSWERS_FOR);
      scene.cluster.rollOut("frascati");
      until(() -> scene.cluster.deployment("frascati") == null);
      assertThat(scene.asked()).containsEntry(Labels.ANSWERS_FOR, V1.abbreviated());
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("Serving"));
      assertThat(scene.model().previous()).isNull();
    }
  }

  /** One Deployment, of the model's name, and an address that asks all pods of the model. */
  private static void leaveAsFormerOperator(Scene scene) {
    var now = scene.cluster.deployments("frascati").getFirst();
    var former =
        now.edit()
            .editMetadata()
            .withName("frascati")
            .withResourceVersion(null)
            .withUid(null)
            .withManagedFields()
            .endMetadata()
            .editSpec()
            .editSelector()
            .removeFromMatchLabels(Labels.ANSWERS_FOR)
            .removeFromMatchLabels(Labels.SHORT_VERSION)
            .endSelector()
            .editTemplate()
            .editMetadata()
            .removeFromLabels(Labels.ANSWERS_FOR)
            .removeFromLabels(Labels.SHORT_VERSION)
            .endMetadata()
            .endTemplate()
            .endSpec()
            .withStatus(null)
            .build();
    scene.client.resource(now).delete();
    scene.client.resource(former).create();
    scene.cluster.rollOut("frascati");
    patchService(
        scene,
        "{\"metadata\":{\"annotations\":{\"%s\":null}},\"spec\":{\"selector\":{\"%s\":null}}}"
            .formatted(Labels.VERSION, Labels.ANSWERS_FOR));
  }

  @Test
  void judgesAVersionThatWasNotComparedWithTheOneThatServes(RealApiServer server) {
    try (var scene = new Scene(server, "judges")) {
      scene.create(Samples.model("frascati"));
      scene.create(Samples.run("second", "frascati")); // begun while nothing served
      until(() -> scene.cluster.job("second") != null);
      scene.trainAndServe("first", Samples.result("v1", 0.66));
      passASecond();
      scene.cluster.runJob("second", Samples.result("v2", 0.68));
      var job = scene.awaitJob(Component.EVALUATION).getMetadata().getName();
      var plan = (EvaluationPlan) scene.cluster.plan(job);
      assertThat(plan.version()).isEqualTo(Samples.digest("v2"));
      assertThat(plan.comparisons()).containsExactly(with(V1));
      eventually(
          () -> {
            assertThat(scene.version("v2")).get().returns(Verdict.JUDGING, v -> v.verdict());
            assertThat(scene.model().conditions())
                .singleElement()
                .returns("Ready", c -> c.getType())
                .returns("True", c -> c.getStatus())
                .satisfies(c -> assertThat(c.getMessage()).contains("is being judged"));
          });
      scene.cluster.runJob(
          job,
          new EvaluationResult(
              plan.version(), Samples.judgement(0.68, Samples.comparison(with(V1), -0.05)), null));
      eventually(
          () -> {
            assertThat(scene.version("v2")).get().returns(Verdict.REJECTED, v -> v.verdict());
            assertThat(gate(scene.version("v2"), "no-regression").value())
                .isEqualTo("-0.0500 [-0.0520, -0.0480]");
          });
      assertThat(scene.deployed()).containsExactly(V1.value());
    }
  }

  /** Versions are ordered by whole seconds. */
  private static void passASecond() {
    var now = System.currentTimeMillis() / 1000;
    until(() -> System.currentTimeMillis() / 1000 > now);
  }

  private static GateResult gate(Optional<ModelVersion> version, String name) {
    return version.orElseThrow().gates().stream()
        .filter(g -> g.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void judgesAgainWhenTheHoldoutChanges(RealApiServer server) {
    try (var scene = new Scene(server, "holdout")) {
      scene.create(Samples.model("frascati"));
      scene.trainAndServe("first", Samples.result("v1", 0.66));
      var other = Samples.digest("other holdout");
      scene.change("{\"spec\":{\"holdout\":{\"digest\":\"%s\"}}}".formatted(other));
      var job = scene.awaitJob(Component.EVALUATION).getMetadata().getName();
      assertThat(((EvaluationPlan) scene.cluster.plan(job)).holdout().digest()).isEqualTo(other);
      scene.cluster.runJob(
          job,
          new EvaluationResult(
              V1,
              new Judgement(
                  other,
                  new Digest(Samples.TAXONOMY),
                  3,
                  new Grades("0.7", "0.4", 1),
                  Samples.judgement(0.62).figures(),
                  List.of()),
              null));
      eventually(
          () -> {
            assertThat(scene.model().serving().strictF1()).isEqualTo("0.6200");
            assertThat(scene.model().conditions())
                .extracting(c -> c.getType())
                .containsExactly("Ready");
          });
    }
  }

  @Test
  void tellsThatAVersionCannotBeJudged(RealApiServer server) {
    try (var scene = new Scene(server, "unjudged")) {
      var model = Samples.model("frascati");
      scene.create(model);
      scene.create(Samples.run("first", "frascati"));
      until(() -> scene.cluster.job("first") != null);
      scene.change(
          "{\"spec\":{\"holdout\":{\"digest\":\"%s\"}}}".formatted(Samples.digest("other")));
      scene.cluster.runJob("first", Samples.result("v1", 0.66));
      var job = scene.awaitJob(Component.EVALUATION).getMetadata().getName();
      scene.cluster.startPod(job, 1);
      scene.cluster.endPod(
          job + "-1",
          3,
          "Error",
          new EvaluationResult(
              V1, null, new Failure(FailureKind.DATA_INVALID, "holdout.jsonl is empty.")));
      scene.cluster.failJob(job, "PodFailurePolicy", "x");
      eventually(
          () -> {
            assertThat(scene.modelReason()).isEqualTo("EvaluationFailed");
            assertThat(scene.condition(scene.model().conditions(), Type.STALLED).getMessage())
                .contains("holdout.jsonl is empty.");
          });
      assertThat(scene.cluster.jobs(Component.EVALUATION)).hasSize(1);
    }
  }

  @Test
  void servesWhatIsNamedInModeManual(RealApiServer server) {
    try (var scene = new Scene(server, "manual")) {
      scene.create(Samples.model("frascati"));
      scene.change("{\"spec\":{\"promotion\":{\"mode\":\"Manual\"}}}");
      scene.train("first", Samples.result("v1", 0.66));
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("VersionNotChosen"));
      assertThat(scene.deployed()).isEmpty();

      choose(scene, Samples.digest("of another model"));
      eventually(
          () -> {
            assertThat(scene.modelReason()).isEqualTo("VersionUnknown");
            assertThat(scene.condition(scene.model().conditions(), Type.STALLED).getStatus())
                .isEqualTo("True");
          });

      choose(scene, V1);
      until(() -> scene.deployed().contains(V1.value()));
      scene.cluster.rollOut("frascati");
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("Serving"));

      passASecond();
      scene.train("second", Samples.result("v2", 0.5));
      eventually(
          () -> assertThat(scene.version("v2")).get().returns(Verdict.REJECTED, v -> v.verdict()));
      choose(scene, Samples.digest("v2"));
      eventually(() -> assertThat(scene.modelReason()).isEqualTo("VersionRejected"));
      assertThat(scene.deployed()).containsExactly(V1.value());
      assertThat(scene.serving()).isEqualTo(V1.value());
      assertThat(scene.condition(scene.model().conditions(), Type.STALLED).getMessage())
          .contains("gate floor (0.5000, wanted ≥ 0.6)");

      assertThatThrownBy(() -> scene.change("{\"spec\":{\"promotion\":{\"force\":true}}}"))
          .hasMessageContaining("promotion.force needs the version that is to serve and why");
      scene.change(
          "{\"spec\":{\"promotion\":{\"force\":true,\"reason\":\"v1 tells names of persons.\"}}}");
      until(() -> scene.deployed().contains(Samples.digest("v2").value()));
      scene.cluster.rollOut("frascati");
      eventually(
          () -> {
            assertThat(scene.serving()).isEqualTo(Samples.digest("v2").value());
            assertThat(scene.condition(scene.model().conditions(), Type.READY))
                .returns("True", c -> c.getStatus())
                .satisfies(c -> assertThat(c.getMessage()).contains("v1 tells names of persons."));
            assertThat(scene.version("v2").orElseThrow().forced())
                .returns("v1 tells names of persons.", f -> f.reason())
                .satisfies(f -> assertThat(f.gates()).isNotEmpty());
            assertThat(scene.eventReasons()).contains("VersionForced");
          });
    }
  }

  private static void choose(Scene scene, Digest version) {
    scene.change("{\"spec\":{\"promotion\":{\"version\":\"%s\"}}}".formatted(version));
  }

  @Test
  void keepsServingWhenARolloutIsStuck(RealApiServer server) {
    try (var scene = new Scene(server, "stuck")) {
      scene.create(Samples.model("frascati"));
      scene.trainAndServe("first", Samples.result("v1", 0.66));
      scene.train("second", Samples.result("v2", 0.68, Samples.comparison(with(V1), 0.02)));
      until(() -> scene.deployed().contains(Samples.digest("v2").value()));
      scene.cluster.getStuck("frascati", Samples.digest("v2"));
      eventually(
          () -> {
            assertThat(scene.modelReason()).isEqualTo("RolloutStuck");
            assertThat(scene.condition(scene.model().conditions(), Type.STALLED).getStatus())
                .isEqualTo("True");
            assertThat(scene.serving()).isEqualTo(V1.value());
          });
    }
  }

  @Test
  void removesOldVersionsAndNeverTheServingOne(RealApiServer server) {
    try (var scene = new Scene(server, "prune")) {
      scene.create(Samples.model("frascati"));
      scene.change("{\"spec\":{\"retainedVersions\":2}}");
      scene.trainAndServe("first", Samples.result("v1", 0.66));
      passASecond();
      scene.train("second", Samples.result("v2", 0.5));
      passASecond();
      scene.train("third", Samples.result("v3", 0.5));
      var job = scene.awaitJob(Component.PRUNING).getMetadata().getName();
      var plan = (PrunePlan) scene.cluster.plan(job);
      assertThat(plan.versions()).containsExactly(Samples.digest("v2"));
      assertThat(scene.version("v2")).as("listed until it is gone").isPresent();
      scene.cluster.runJob(job, new PruneResult(1, null));
      until(() -> scene.version("v2").isEmpty());
      until(() -> scene.cluster.job(job) == null);
      assertThat(scene.version("v1")).isPresent();
      assertThat(scene.version("v3")).isPresent();
      eventually(() -> assertThat(scene.eventReasons()).contains("VersionPruned"));
      assertThat(scene.run("second").recordedBy()).as("so it is not recorded again").isNotNull();
      assertThat(scene.version("v2")).isEmpty();
    }
  }

  @Test
  void doesNotTakeOverAServiceOfAnother(RealApiServer server) {
    try (var scene = new Scene(server, "foreign")) {
      scene
          .client
          .resource(
              new ServiceBuilder()
                  .withNewMetadata()
                  .withName("frascati")
                  .withNamespace(scene.namespace)
                  .endMetadata()
                  .withNewSpec()
                  .addNewPort()
                  .withPort(99)
                  .endPort()
                  .endSpec()
                  .build())
          .create();
      scene.create(Samples.model("frascati"));
      scene.train("first", Samples.result("v1", 0.66));
      eventually(
          () -> {
            assertThat(scene.modelReason()).isEqualTo("NameTaken");
            assertThat(scene.condition(scene.model().conditions(), Type.STALLED).getMessage())
                .contains("Service frascati exists");
          });
    }
  }
}
