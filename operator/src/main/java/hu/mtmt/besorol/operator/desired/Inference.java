package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.Map;
import java.util.TreeMap;

/**
 * What serves a version: pods that are replaced one by one, each new one before an old one ends,
 * the address that they answer at, and a bound for how many may be taken away at once.
 *
 * @param deployment the pods
 * @param service the address
 * @param disruptionBudget the bound
 */
public record Inference(
    Deployment deployment, Service service, PodDisruptionBudget disruptionBudget) {
  /** Environment variable of an inference pod: the directory of the package that it serves. */
  public static final String PACKAGE = "BESOROL_PACKAGE";

  /** A rollout without progress for so long is stuck. */
  private static final int PROGRESS_DEADLINE_SECONDS = 600;

  private static final int SERVICE_PORT = 80;

  /** Everything that serves {@code version}. */
  public static Inference of(ClassifierModel model, Digest version, OperatorConfig config) {
    return new Inference(
        deployment(model, version, config), service(model), disruptionBudget(model));
  }

  private static Deployment deployment(
      ClassifierModel model, Digest version, OperatorConfig config) {
    var volumes = new PodVolumes();
    var store = volumes.readableStore(model.getSpec().store(), model.getMetadata().getName());
    var container =
        Pods.container(
                config,
                config.images().inference(),
                Pods.resources(config.pods().inference()),
                volumes)
            .addNewEnv()
            .withName(PACKAGE)
            .withValue(store + "/" + JobPlan.packageDirectory(version))
            .endEnv()
            // A large package is verified and mapped before the first answer: up to ten minutes.
            .withStartupProbe(probe("/q/health/started", 2, 300))
            .withReadinessProbe(probe("/q/health/ready", 2, 2))
            .withLivenessProbe(probe("/q/health/live", 10, 3))
            .build();
    return new DeploymentBuilder()
        .withMetadata(
            Metadata.ownedBy(model, Names.inference(model)).withLabels(labels(model)).build())
        .withNewSpec()
        .withReplicas(model.getSpec().serving().replicas().minimum())
        .withProgressDeadlineSeconds(PROGRESS_DEADLINE_SECONDS)
        .withRevisionHistoryLimit(2)
        // A pod that fails right after it was ready does not replace one that answers.
        .withMinReadySeconds(2)
        .withNewSelector()
        .withMatchLabels(selector(model))
        .endSelector()
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxUnavailable(new IntOrString(0))
        .withMaxSurge(new IntOrString(1))
        .endRollingUpdate()
        .endStrategy()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels(model))
        .withAnnotations(Map.of(Labels.VERSION, version.value()))
        .endMetadata()
        .withSpec(
            Pods.pod(config, container, volumes)
                .addNewTopologySpreadConstraint()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(selector(model))
                .endLabelSelector()
                .endTopologySpreadConstraint()
                .build())
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Service service(ClassifierModel model) {
    return new ServiceBuilder()
        .withMetadata(
            Metadata.ownedBy(model, Names.inference(model)).withLabels(labels(model)).build())
        .withNewSpec()
        .withSelector(selector(model))
        .addNewPort()
        .withName(Pods.HTTP)
        .withPort(SERVICE_PORT)
        .withTargetPort(new IntOrString(Pods.HTTP))
        .withProtocol("TCP")
        .endPort()
        .endSpec()
        .build();
  }

  /**
   * One pod at a time may be taken away from a node that is emptied. A single pod may be too: a
   * budget that forbids it would keep the node from ever being emptied.
   */
  private static PodDisruptionBudget disruptionBudget(ClassifierModel model) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(
            Metadata.ownedBy(model, Names.inference(model)).withLabels(labels(model)).build())
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withNewSelector()
        .withMatchLabels(selector(model))
        .endSelector()
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .endSpec()
        .build();
  }

  private static Map<String, String> labels(ClassifierModel model) {
    return Metadata.labels(Component.INFERENCE, model.getMetadata().getName());
  }

  private static Map<String, String> selector(ClassifierModel model) {
    return new TreeMap<>(
        Map.of(
            Labels.MODEL,
            model.getMetadata().getName(),
            Labels.COMPONENT,
            Component.INFERENCE.value()));
  }

  private static Probe probe(String path, int periodSeconds, int failureThreshold) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withPort(new IntOrString(Pods.HTTP))
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withFailureThreshold(failureThreshold)
        .withTimeoutSeconds(2)
        .build();
  }
}
