package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An operator made with the Java Operator SDK, with nothing of it changed for this server. */
class OperatorTest {
  @RegisterExtension final ServerExtension api = new ServerExtension();

  /** A resource of the smallest kind that shows everything. */
  @Group("operator.test")
  @Version("v1")
  public static class Web extends CustomResource<WebSpec, WebStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;
  }

  /** How many. */
  public static class WebSpec {
    public int replicas;
  }

  /** What was seen. */
  public static class WebStatus {
    public Long observedGeneration;
  }

  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: webs.operator.test}
      spec:
        group: operator.test
        scope: Namespaced
        names: {plural: webs, singular: web, kind: Web}
        versions:
        - name: v1
          served: true
          storage: true
          subresources: {status: {}}
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec: {type: object, properties: {replicas: {type: integer}}}
                status: {type: object, properties: {observedGeneration: {type: integer}}}
      """;

  /** The Deployment of a Web. */
  @KubernetesDependent
  public static class WebDeployment extends CRUDKubernetesDependentResource<Deployment, Web> {
    @Override
    protected Deployment desired(Web web, Context<Web> context) {
      var labels = Map.of("app", web.getMetadata().getName());
      return new DeploymentBuilder()
          .withNewMetadata()
          .withName(web.getMetadata().getName())
          .withNamespace(web.getMetadata().getNamespace())
          .endMetadata()
          .withNewSpec()
          .withReplicas(web.getSpec().replicas)
          .withNewSelector()
          .withMatchLabels(labels)
          .endSelector()
          .withNewTemplate()
          .withNewMetadata()
          .withLabels(labels)
          .endMetadata()
          .withNewSpec()
          .addNewContainer()
          .withName("c")
          .withImage("i:1")
          .addNewPort()
          .withName("http")
          .withContainerPort(80)
          .endPort()
          .endContainer()
          .endSpec()
          .endTemplate()
          .endSpec()
          .build();
    }
  }

  /** Says after each reconciliation which generation it was of. */
  @Workflow(dependents = @Dependent(type = WebDeployment.class))
  @ControllerConfiguration
  public static class WebReconciler implements Reconciler<Web> {
    private final LinkedBlockingQueue<Long> done = new LinkedBlockingQueue<>();

    @Override
    public UpdateControl<Web> reconcile(Web web, Context<Web> context) {
      done.add(web.getMetadata().getGeneration());
      var fresh = new Web();
      fresh.setMetadata(
          new ObjectMetaBuilder()
              .withName(web.getMetadata().getName())
              .withNamespace(web.getMetadata().getNamespace())
              .build());
      var status = new WebStatus();
      status.observedGeneration = web.getMetadata().getGeneration();
      fresh.setStatus(status);
      return UpdateControl.patchStatus(fresh);
    }
  }

  private Operator start(KubernetesClient client, WebReconciler reconciler) {
    var operator = new Operator(o -> o.withKubernetesClient(client).withCloseClientOnStop(false));
    operator.register(reconciler);
    operator.start();
    return operator;
  }

  @Test
  void reconcilesOnceAndWritesNothingTheSecondTime() throws InterruptedException {
    api.client()
        .load(new ByteArrayInputStream(DEFINITION.getBytes(StandardCharsets.UTF_8)))
        .create();
    var webs = api.client().resources(Web.class);
    var web = new Web();
    web.setMetadata(new ObjectMetaBuilder().withName("w").build());
    web.setSpec(new WebSpec());
    web.getSpec().replicas = 2;
    webs.resource(web).create();

    var reconciler = new WebReconciler();
    var operator = start(api.client(), reconciler);
    webs.withName("w")
        .waitUntilCondition(
            w -> w != null && w.getStatus() != null && w.getStatus().observedGeneration == 1,
            20,
            TimeUnit.SECONDS);
    var deployments = api.client().apps().deployments();
    assertThat(deployments.withName("w").get().getSpec().getReplicas()).isEqualTo(2);
    operator.stop();

    var webVersion = webs.withName("w").get().getMetadata().getResourceVersion();
    var version = deployments.withName("w").get().getMetadata().getResourceVersion();
    var again = new WebReconciler();
    operator = start(api.client(), again);
    assertThat(again.done.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
    webs.withName("w")
        .edit(
            w -> {
              w.getSpec().replicas = 3;
              return w;
            });
    deployments
        .withName("w")
        .waitUntilCondition(d -> d.getSpec().getReplicas() == 3, 20, TimeUnit.SECONDS);
    webs.withName("w")
        .waitUntilCondition(w -> w.getStatus().observedGeneration == 2, 20, TimeUnit.SECONDS);
    var changed = deployments.withName("w").get();
    assertThat(Long.parseLong(changed.getMetadata().getResourceVersion()))
        .as("the change of the spec, its deployment, and no write before them")
        .isEqualTo(Long.parseLong(webVersion) + 2)
        .isGreaterThan(Long.parseLong(version));
    assertThat(changed.getMetadata().getGeneration()).isEqualTo(2);

    webs.withName("w").delete();
    deployments.withName("w").waitUntilCondition(d -> d == null, 20, TimeUnit.SECONDS);
    operator.stop();
  }

  @Test
  void oneOfTwoLeads() throws InterruptedException {
    var events = new LinkedBlockingQueue<String>();
    var first = elect("first", events);
    assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("first leads");
    var second = elect("second", events);
    first.cancel(true);
    assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("first ends");
    assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("second leads");
    second.cancel(true);
    assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("second ends");
  }

  private CompletableFuture<?> elect(String name, LinkedBlockingQueue<String> events) {
    return api.client()
        .leaderElector()
        .withConfig(
            new LeaderElectionConfigBuilder()
                .withName(name)
                .withLock(new LeaseLock("default", "leader", name))
                .withLeaseDuration(Duration.ofSeconds(3))
                .withRenewDeadline(Duration.ofSeconds(2))
                .withRetryPeriod(Duration.ofMillis(200))
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(
                    new LeaderCallbacks(
                        () -> events.add(name + " leads"),
                        () -> events.add(name + " ends"),
                        n -> {}))
                .build())
        .build()
        .start();
  }
}
