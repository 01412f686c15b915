package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.PruneResult;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.controller.RequestRecorder.Right;
import hu.mtmt.besorol.operator.desired.KnativeInference;
import hu.mtmt.besorol.operator.desired.Names;
import hu.mtmt.besorol.operator.event.EventPublisher;
import hu.mtmt.besorol.operator.event.Happening;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.knative.serving.v1.Configuration;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The operator's role grants what the operator uses: no less and no more. */
@RealApiServerTest
class RbacIT {
  private static final Path RBAC =
      KubernetesBinaries.repository().resolve("kubernetes").resolve("base").resolve("rbac");

  /**
   * Not seen in the requests: the framework asks the server beforehand whether it may update its
   * lease, and every authenticated user may ask that.
   */
  private static final Right ASKED_ABOUT = new Right("coordination.k8s.io", "leases", "update");

  private static final Right TO_ASK =
      new Right("authorization.k8s.io", "selfsubjectrulesreviews", "create");

  private static final String FIRST_PODS =
      Names.inference(Samples.model("frascati"), Samples.digest("v1"));

  private static final String JOB =
      "spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}";

  private static final String DEPLOYMENT =
      """
      spec:
        selector: {matchLabels: {a: b}}
        template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}
      """;

  @Test
  void roleGrantsWhatIsUsed(RealApiServer server) throws IOException {
    assumeTrue(Files.isDirectory(RBAC), "kubernetes/base/rbac is not here");
    Scene.installGatewayApi(server);
    StandInKnative.install(server.client());
    var recorder = new RequestRecorder();
    var namespace = server.namespace("rbac");
    try (var scene =
        new Scene(
            server,
            namespace,
            Map.of(),
            recorder.client(server.kubeconfig()),
            Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10)), // plans are forgotten at once
            framework ->
                framework.withLeaderElectionConfiguration(
                    LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(
                            "besorol-operator")
                        .withLeaseNamespace(namespace)
                        .withExitOnStopLeading(false)
                        .build()))) {
      doEverything(scene, recorder);
      moveToKnativeAndBack(scene, recorder);
      var events = new EventPublisher(scene.operatorsClient(), Clock.systemUTC());
      var happening = new Happening(false, "Twice", "This happened twice.");
      events.publish(scene.runResource("second"), happening);
      events.publish(scene.runResource("second"), happening);
    } finally {
      StandInKnative.uninstall(server.client());
    }
    var used = new HashSet<>(recorder.used());
    used.add(ASKED_ABOUT);
    used.remove(TO_ASK);
    assertThat(new TreeSet<>(granted())).isEqualTo(new TreeSet<>(used));
  }

  private static void doEverything(Scene scene, RequestRecorder recorder) {
    scene.create(Samples.routed(Samples.model("frascati")));
    scene.change("{\"spec\":{\"retainedVersions\":1}}");
    var inTheWay =
        Stream.<HasMetadata>of(
                foreign(ConfigMap.class, "v1", "first", "data: {}"),
                foreign(Job.class, "batch/v1", "first", JOB),
                foreign(Deployment.class, "apps/v1", FIRST_PODS, DEPLOYMENT),
                foreign(Service.class, "v1", "frascati", "spec: {ports: [{port: 9}]}"),
                foreign(HTTPRoute.class, "gateway.networking.k8s.io/v1", "frascati", "spec: {}"),
                foreign(
                    PodDisruptionBudget.class, "policy/v1", "frascati", "spec: {minAvailable: 1}"))
            .map(o -> scene.client.resource(o).inNamespace(scene.namespace).create())
            .toList();
    scene.create(Samples.run("first", "frascati"));
    for (var foreign : inTheWay) {
      if (foreign.getKind().equals("Deployment")) {
        until(() -> scene.cluster.job("first") != null);
        scene.cluster.runJob("first", Samples.result("v1", 0.66));
      }
      until(() -> recorder.used().stream().anyMatch(r -> r.isGetOf(foreign)));
      scene.client.resource(foreign).delete();
    }
    until(() -> scene.deployed().contains(Samples.digest("v1").value()));
    scene.cluster.rollOut("frascati");
    until(() -> scene.serving() != null);
    scene.change("{\"spec\":{\"serving\":{\"replicas\":{\"minimum\":3}}}}");
    until(() -> scene.cluster.deployment(FIRST_PODS).getSpec().getReplicas() == 3);

    scene.cluster.rollOut("frascati");
    scene.change(
        "{\"spec\":{\"serving\":{\"rollout\":{\"keepPreviousSeconds\":0,\"strategy\":\"Canary\"}}}}");
    var request = new ComparisonRequest(Metric.LENIENT_F1, Samples.digest("v1"), "0.95");
    scene.train("tried", Samples.result("tried", 0.68, Samples.comparison(request, 0.02)));
    until(() -> scene.weights().size() == 2);
    scene.change(
        "{\"spec\":{\"serving\":{\"rollout\":{\"strategy\":\"RollingUpdate\"},\"route\":null}}}");
    until(() -> scene.weights().isEmpty());
    scene.cluster.rollOut("frascati");
    until(() -> scene.deployed().equals(Set.of(Samples.digest("tried").value())));

    scene.train("second", Samples.result("v2", 0.5));
    var prune = scene.awaitJob(Component.PRUNING).getMetadata().getName();
    scene.cluster.runJob(prune, new PruneResult(1, null));
    until(() -> scene.cluster.job(prune) == null);
    scene.change("{\"spec\":{\"retainedVersions\":2}}");
    until(
        () -> scene.client.configMaps().inNamespace(scene.namespace).withName(prune).get() == null);

    scene.create(
        Samples.edited(
            Samples.run("third", "frascati"),
            "backoffLimit: 3",
            "backoffLimit: 0\n  ttlSecondsAfterFinished: 1"));
    until(() -> scene.cluster.job("third") != null);
    scene.suspend("third", true);
    until(() -> scene.cluster.job("third").getSpec().getSuspend());
    scene.suspend("third", false);
    until(() -> !scene.cluster.job("third").getSpec().getSuspend());
    until(() -> recorder.used().contains(new Right("", "events", "list"))); // it has no pod
    scene.cluster.completeJob("third"); // without a pod: its pods are asked for
    until(() -> scene.runResource("third") == null);
  }

  private static void moveToKnativeAndBack(Scene scene, RequestRecorder recorder) {
    var version = new Digest(scene.serving());
    var name = Names.inference(Samples.model("frascati"), version);
    var route = Names.knative(Samples.model("frascati"));
    var knative = new StandInKnative(scene.client, scene.namespace);
    var inTheWay =
        Stream.<HasMetadata>of(
                foreign(Configuration.class, "serving.knative.dev/v1", name, "spec: {}"),
                foreign(Route.class, "serving.knative.dev/v1", route, "spec: {}"))
            .map(o -> scene.client.resource(o).inNamespace(scene.namespace).create())
            .toList();
    scene.change("{\"spec\":{\"serving\":{\"platform\":\"Knative\"}}}");
    for (var foreign : inTheWay) {
      until(() -> recorder.used().stream().anyMatch(r -> r.isGetOf(foreign)));
      scene.client.resource(foreign).delete();
    }
    until(() -> knative.configuration(name) != null && knative.traffic(route).size() == 1);
    scene.change("{\"spec\":{\"serving\":{\"concurrency\":4}}}");
    until(
        () ->
            knative.configuration(name).getSpec().getTemplate().getSpec().getContainerConcurrency()
                == 4);
    knative.becomeReady(name);
    knative.routeRequests(route);
    until(() -> scene.asked().containsKey(KnativeInference.CONFIGURATION));
    scene.change("{\"spec\":{\"serving\":{\"platform\":\"Deployment\",\"concurrency\":null}}}");
    until(() -> scene.deployed().contains(version.value()));
    scene.cluster.rollOut("frascati");
    until(() -> knative.configurations().isEmpty() && knative.route(route) == null);
  }

  private static HasMetadata foreign(
      Class<? extends HasMetadata> type, String apiVersion, String name, String rest) {
    return Serialization.unmarshal(
        "apiVersion: %s\nkind: %s\nmetadata: {name: %s}\n%s"
            .formatted(apiVersion, type.getSimpleName(), name, rest),
        type);
  }

  private static Set<Right> granted() throws IOException {
    var rights = new HashSet<>(granted(RBAC.resolve("operator.yaml")));
    read(RBAC.resolve("leader-election.yaml"), Role.class)
        .getRules()
        .forEach(rule -> rights.addAll(rights(rule)));
    return rights;
  }

  /** What the cluster role in that file grants. */
  static Set<Right> granted(Path file) throws IOException {
    return read(file, ClusterRole.class).getRules().stream()
        .flatMap(rule -> rights(rule).stream())
        .collect(Collectors.toSet());
  }

  private static Set<Right> rights(PolicyRule rule) {
    var rights = new HashSet<Right>();
    for (var group : rule.getApiGroups()) {
      for (var resource : rule.getResources()) {
        rule.getVerbs().forEach(verb -> rights.add(new Right(group, resource, verb)));
      }
    }
    return rights;
  }

  private static <T extends HasMetadata> T read(Path file, Class<T> type) throws IOException {
    try (var in = Files.newInputStream(file);
        var client = new KubernetesClientBuilder().build()) {
      return client.load(in).items().stream()
          .filter(type::isInstance)
          .map(type::cast)
          .findFirst()
          .orElseThrow();
    }
  }
}
