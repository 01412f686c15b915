package hu.mtmt.besorol.local;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.local.service.ServiceProxy;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pods are the JDK's own file server; a file that is there or not makes them ready or not. */
@RealApiServerTest
class DeploymentsIT {
  private static final String NAME = "web";

  @TempDir Path directory;
  private ShellCluster cluster;

  @BeforeEach
  void start(RealApiServer api) {
    cluster = ShellCluster.start(api, api.namespace("deployments"), directory);
    cluster.apply(
        new ServiceBuilder()
            .withNewMetadata()
            .withName(NAME)
            .endMetadata()
            .withNewSpec()
            .addToSelector("app", "test")
            .addNewPort()
            .withName("http")
            .withPort(80)
            .withTargetPort(new IntOrString("http"))
            .endPort()
            .endSpec()
            .build());
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void replacesPodsWithoutAGap() throws Exception {
    cluster.apply(deployment("one", true).build());
    var first = awaitRolledOut();
    assertThat(condition(first, "Available").getReason()).isEqualTo("MinimumReplicasAvailable");
    assertThat(condition(first, "Progressing").getReason()).isEqualTo("NewReplicaSetAvailable");
    assertThat(get("/version")).isEqualTo("one");
    var address = address();

    cluster.apply(deployment("two", true).build());
    awaitRolledOut();

    cluster.awaitPods("app", "test", pods -> pods.size() == 2);
    assertThat(get("/version")).isEqualTo("two");
    assertThat(address()).isEqualTo(address);
    var sets = cluster.client.apps().replicaSets().inNamespace(cluster.namespace).list().getItems();
    assertThat(sets).extracting(s -> s.getSpec().getReplicas()).containsExactlyInAnyOrder(0, 2);
  }

  @Test
  void keepsOldPodsWhileNewOnesDoNotBecomeReady() throws Exception {
    cluster.apply(deployment("good", true).build());
    awaitRolledOut();

    cluster.apply(
        deployment("bad", false).editSpec().withProgressDeadlineSeconds(2).endSpec().build());

    var stuck =
        cluster.await(
            Deployment.class,
            NAME,
            d -> isObserved(d) && condition(d, "Progressing").getStatus().equals("False"));
    assertThat(condition(stuck, "Progressing").getReason()).isEqualTo("ProgressDeadlineExceeded");
    assertThat(condition(stuck, "Available").getStatus()).isEqualTo("True");
    assertThat(stuck.getStatus().getUpdatedReplicas()).isEqualTo(1);
    assertThat(stuck.getStatus().getAvailableReplicas()).isEqualTo(2);
    for (int i = 0; i < 4; i++) {
      assertThat(get("/version")).isEqualTo("good");
    }

    cluster.apply(deployment("good", true).build());

    awaitRolledOut();
  }

  @Test
  void startsAContainerAgainThatNoLongerLives() throws Exception {
    var deployment = deployment("one", true).editSpec().withReplicas(1).endSpec().build();
    var container = deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
    container.setStartupProbe(probe("/alive", new IntOrString(8080), 60));
    container.setLivenessProbe(probe("/alive", new IntOrString(8080), 1));
    cluster.apply(deployment);
    var pod =
        cluster.awaitPods("app", "test", pods -> pods.stream().anyMatch(this::isReady)).getFirst();

    var name = pod.getMetadata().getName();

    Files.delete(cluster.data().resolve(name).resolve("alive"));

    var restarted = cluster.await(Pod.class, name, p -> restarts(p) > 0 && isReady(p));
    assertThat(
            restarted.getStatus().getContainerStatuses().getFirst().getLastState().getTerminated())
        .isNotNull();
  }

  @Test
  void replacesAPodThatIsDeletedAndKeepsToItsBudget() throws Exception {
    cluster.apply(
        new PodDisruptionBudgetBuilder()
            .withNewMetadata()
            .withName(NAME)
            .endMetadata()
            .withNewSpec()
            .withMinAvailable(new IntOrString(1))
            .withNewSelector()
            .addToMatchLabels("app", "test")
            .endSelector()
            .endSpec()
            .build());
    cluster.apply(deployment("one", true).build());
    awaitRolledOut();
    var budget =
        cluster.await(
            PodDisruptionBudget.class,
            NAME,
            b -> b.getStatus() != null && b.getStatus().getDisruptionsAllowed() == 1);
    assertThat(budget.getStatus().getCurrentHealthy()).isEqualTo(2);
    var victim = pods().getFirst().getMetadata().getName();

    cluster.client.pods().inNamespace(cluster.namespace).withName(victim).delete();

    cluster.awaitPods(
        "app",
        "test",
        pods ->
            pods.stream().noneMatch(p -> p.getMetadata().getName().equals(victim))
                && pods.stream().filter(this::isReady).count() == 2);
  }

  @Test
  void takesEverythingWithItWhenItIsDeleted() {
    cluster.apply(deployment("one", true).build());
    awaitRolledOut();
    var processes =
        ProcessHandle.current()
            .descendants()
            .filter(p -> p.info().commandLine().orElse("").contains("jwebserver"))
            .toList();
    assertThat(processes).hasSize(2);

    cluster.client.apps().deployments().inNamespace(cluster.namespace).withName(NAME).delete();

    cluster.awaitPods("app", "test", List::isEmpty);
    assertThat(
            cluster
                .client
                .resources(ReplicaSet.class)
                .inNamespace(cluster.namespace)
                .list()
                .getItems())
        .isEmpty();
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
  }

  private DeploymentBuilder deployment(String version, boolean becomesReady) {
    var template =
        cluster.template(
            "Always",
            """
            www=$(cd data && pwd -P)/$HOSTNAME; mkdir -p $www; cd $www
            touch alive; printf %%s %s > version; %s
            exec "$JAVA_HOME/bin/jwebserver" -b 127.0.0.1 -p $PORT -d $www
            """
                .formatted(version, becomesReady ? "touch ready" : ""));
    template
        .getSpec()
        .getContainers()
        .getFirst()
        .setReadinessProbe(probe("/ready", new IntOrString("http"), 1));
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(NAME)
        .endMetadata()
        .withNewSpec()
        .withReplicas(2)
        .withSelector(new LabelSelectorBuilder().withMatchLabels(Map.of("app", "test")).build())
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxSurge(new IntOrString(1))
        .withMaxUnavailable(new IntOrString(0))
        .endRollingUpdate()
        .endStrategy()
        .withTemplate(template)
        .endSpec();
  }

  private static Probe probe(String path, IntOrString port, int failureThreshold) {
    return new ProbeBuilder()
        .withPeriodSeconds(1)
        .withFailureThreshold(failureThreshold)
        .withNewHttpGet()
        .withPath(path)
        .withPort(port)
        .endHttpGet()
        .build();
  }

  private Deployment awaitRolledOut() {
    return cluster.await(
        Deployment.class,
        NAME,
        d ->
            d.getStatus() != null
                && isObserved(d)
                && Integer.valueOf(2).equals(d.getStatus().getUpdatedReplicas())
                && Integer.valueOf(2).equals(d.getStatus().getAvailableReplicas())
                && Integer.valueOf(2).equals(d.getStatus().getReplicas()));
  }

  private static boolean isObserved(Deployment deployment) {
    return deployment
        .getMetadata()
        .getGeneration()
        .equals(deployment.getStatus().getObservedGeneration());
  }

  private String address() {
    return cluster
        .await(
            Service.class,
            NAME,
            s -> s.getMetadata().getAnnotations().containsKey(ServiceProxy.URL))
        .getMetadata()
        .getAnnotations()
        .get(ServiceProxy.URL);
  }

  private String get(String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(address() + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private List<Pod> pods() {
    return cluster.client.pods().inNamespace(cluster.namespace).list().getItems();
  }

  private boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private static int restarts(Pod pod) {
    return pod.getStatus().getContainerStatuses().getFirst().getRestartCount();
  }

  private static DeploymentCondition condition(Deployment deployment, String type) {
    return deployment.getStatus().getConditions().stream()
        .filter(c -> c.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
