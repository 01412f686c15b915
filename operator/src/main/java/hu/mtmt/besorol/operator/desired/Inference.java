package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.S3Bucket;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPBackendRef;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPBackendRefBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What serves a model: for each version pods, which are replaced one by one, each new one before an
 * old one ends; one address, which says whose pods get the requests; and a bound for how many pods
 * may be taken away at once.
 */
public final class Inference {
  /**
   * Environment variable of an inference pod: the directory of the package that it serves, or the
   * prefix of its keys.
   */
  public static final String PACKAGE = "BESOROL_PACKAGE";

  /** Environment variable of an inference pod: the same of the version it is compared with. */
  private static final String BASELINE = "BESOROL_BASELINE_PACKAGE";

  /** How the environment variables of an inference pod begin that say which bucket that is in. */
  private static final String BUCKET = "BESOROL_S3_";

  /** Environment variable of an inference pod: how old connections may get. */
  private static final String CONNECTION_AGE = "BESOROL_CONNECTION_AGE";

  /**
   * A Service chooses a pod for a connection, not for a request: a client with an old one would
   * stay with the version that it began with, for as long as that is kept.
   */
  private static final String LONGEST_CONNECTION = "1s";

  /** A rollout without progress for so long is stuck. */
  private static final int PROGRESS_DEADLINE_SECONDS = 600;

  private static final int SERVICE_PORT = 80;

  /** Where the process listens that Knative puts before the container, and counts requests in. */
  private static final int QUEUE_PORT = 8012;

  private static final int ALL = 100;
  private static final String GATEWAYS = "gateway.networking.k8s.io";

  private Inference() {}

  /**
   * The pods of a version, as many as the model is to have.
   *
   * @param baseline the version that they are compared with
   */
  public static Deployment pods(
      ClassifierModel model, Digest version, Optional<Digest> baseline, OperatorConfig config) {
    var name = Names.inference(model, version);
    var replicas = model.getSpec().serving().replicas().fewest(Platform.DEPLOYMENT);
    return deployment(model, name, version, version, baseline, replicas, config);
  }

  /** Pods of a version that get the requests of {@code serving} together with its own. */
  public static Deployment canary(
      ClassifierModel model, Digest version, Digest serving, int pods, OperatorConfig config) {
    var name = Names.canary(model, version, serving);
    return deployment(model, name, version, serving, Optional.of(serving), pods, config);
  }

  private static Deployment deployment(
      ClassifierModel model,
      String name,
      Digest version,
      Digest answersFor,
      Optional<Digest> baseline,
      int replicas,
      OperatorConfig config) {
    var selector = new TreeMap<>(selector(model, answersFor));
    selector.put(Labels.SHORT_VERSION, version.abbreviated());
    var labels = new TreeMap<>(labels(model));
    labels.putAll(selector);
    var volumes = new PodVolumes();
    var store = volumes.readableStore(model.getSpec().store(), model.getMetadata().getName());
    var annotations = new TreeMap<>(Map.of(Labels.VERSION, version.value()));
    baseline.ifPresent(b -> annotations.put(Labels.BASELINE, b.value()));
    var container =
        Pods.container(
                config,
                config.images().inference(),
                Pods.resources(config.pods().inference()),
                volumes)
            .addNewEnv()
            .withName(PACKAGE)
            .withValue(store.path() + "/" + JobPlan.packageDirectory(version))
            .endEnv()
            .addAllToEnv(
                baseline.stream()
                    .map(b -> store.path() + "/" + JobPlan.packageDirectory(b))
                    .map(b -> new EnvVarBuilder().withName(BASELINE).withValue(b).build())
                    .toList())
            .addNewEnv()
            .withName(CONNECTION_AGE)
            .withValue(LONGEST_CONNECTION)
            .endEnv()
            .addAllToEnv(environment(store.bucket()))
            // A large package is verified and mapped before the first answer: up to ten minutes.
            .withStartupProbe(probe("/q/health/started", 2, 2, 300))
            // Health waits behind other requests: a pod that answers late would leave its clients
            // without any if it were alone, and the others with its load if it were not. So it is
            // asked no more only when it is about to be started again.
            .withReadinessProbe(probe("/q/health/ready", 2, 10, 6))
            // On a node without CPU to spare a new start would only take longer.
            .withLivenessProbe(probe("/q/health/live", 10, 10, 6))
            .build();
    return new DeploymentBuilder()
        .withMetadata(Metadata.ownedBy(model, name).withLabels(labels).build())
        .withNewSpec()
        .withReplicas(replicas)
        .withProgressDeadlineSeconds(PROGRESS_DEADLINE_SECONDS)
        .withRevisionHistoryLimit(2)
        // A pod that fails right after it was ready does not replace one that answers.
        .withMinReadySeconds(2)
        .withNewSelector()
        .withMatchLabels(selector)
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
        .withLabels(labels)
        .withAnnotations(annotations)
        .endMetadata()
        .withSpec(
            Pods.pod(config, container, volumes)
                .withPriorityClassName(config.pods().priorityClasses().serving().orElse(null))
                .addNewTopologySpreadConstraint()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(selector)
                .endLabelSelector()
                .endTopologySpreadConstraint()
                .build())
        .endTemplate()
        .endSpec()
        .build();
  }

  private static List<EnvVar> environment(S3Bucket bucket) {
    var variables = new ArrayList<EnvVar>();
    if (bucket != null) {
      variables.add(variable("ENDPOINT", bucket.endpoint()));
      variables.add(variable("REGION", bucket.region()));
      variables.add(variable("BUCKET", bucket.name()));
      if (bucket.credentials() != null) {
        variables.add(variable("CREDENTIALS", bucket.credentials()));
      }
    }
    return variables;
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(BUCKET + name).withValue(value).build();
  }

  /** The address of a model, whose requests go to that version's pods on that platform. */
  public static Service service(ClassifierModel model, Digest version, Platform platform) {
    var service = service(model, version, Names.inference(model));
    return switch (platform) {
      case DEPLOYMENT -> service;
      case KNATIVE ->
          service
              .edit()
              .editMetadata()
              .addToAnnotations(Labels.PLATFORM, platform.written())
              .endMetadata()
              .editSpec()
              .addToSelector(KnativeInference.CONFIGURATION, Names.inference(model, version))
              .editFirstPort()
              .withTargetPort(new IntOrString(QUEUE_PORT))
              .endPort()
              .endSpec()
              .build();
    };
  }

  /** The address of a version alone, to which a route sends its share of the requests. */
  public static Service canaryService(ClassifierModel model, Digest version) {
    return service(model, version, Names.inference(model, version));
  }

  /**
   * The way for clients from outside to the address of a model, and to a canary's for a share.
   * Everything that the API has a default for is written: a list is compared as a whole.
   *
   * @param percent the share of {@code canary}
   */
  public static HTTPRoute route(ClassifierModel model, Optional<Digest> canary, int percent) {
    var route = model.getSpec().serving().route();
    var backends = new ArrayList<HTTPBackendRef>();
    backends.add(backend(Names.inference(model), canary.isPresent() ? ALL - percent : ALL));
    canary.ifPresent(v -> backends.add(backend(Names.inference(model, v), percent)));
    return new HTTPRouteBuilder()
        .withMetadata(
            Metadata.ownedBy(model, Names.inference(model)).withLabels(labels(model)).build())
        .withNewSpec()
        .addNewParentRef()
        .withGroup(GATEWAYS)
        .withKind("Gateway")
        .withName(route.gateway().name())
        .withNamespace(route.gateway().namespace())
        .endParentRef()
        .withHostnames(route.hostnames())
        .addNewRule()
        .addNewMatch()
        .withNewPath()
        .withType("PathPrefix")
        .withValue("/")
        .endPath()
        .endMatch()
        .withBackendRefs(backends)
        .endRule()
        .endSpec()
        .build();
  }

  private static HTTPBackendRef backend(String service, int weight) {
    return new HTTPBackendRefBuilder()
        .withGroup("")
        .withKind("Service")
        .withName(service)
        .withPort(SERVICE_PORT)
        .withWeight(weight)
        .build();
  }

  private static Service service(ClassifierModel model, Digest version, String name) {
    return new ServiceBuilder()
        .withMetadata(
            Metadata.ownedBy(model, name)
                .withLabels(labels(model))
                .withAnnotations(Map.of(Labels.VERSION, version.value()))
                .build())
        .withNewSpec()
        .withSelector(selector(model, version))
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
  public static PodDisruptionBudget disruptionBudget(ClassifierModel model) {
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

  static Map<String, String> labels(ClassifierModel model) {
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

  /** The pods that get the requests while that version serves. */
  private static Map<String, String> selector(ClassifierModel model, Digest version) {
    var selector = selector(model);
    selector.put(Labels.ANSWERS_FOR, version.abbreviated());
    return selector;
  }

  private static Probe probe(
      String path, int periodSeconds, int timeoutSeconds, int failureThreshold) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withPort(new IntOrString(Pods.HTTP))
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withFailureThreshold(failureThreshold)
        .withTimeoutSeconds(timeoutSeconds)
        .build();
  }
}
