package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import io.fabric8.knative.serving.v1.Configuration;
import io.fabric8.knative.serving.v1.ConfigurationBuilder;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.knative.serving.v1.RouteBuilder;
import io.fabric8.knative.serving.v1.TrafficTarget;
import io.fabric8.knative.serving.v1.TrafficTargetBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What serves a model on Knative: for each version a Configuration, whose Revision Knative starts
 * and ends pods for as requests come, and one Route, whose traffic says which versions get them.
 *
 * <p>The pods are those of a Deployment, said as Knative lets it be said: what concerns a pod as a
 * whole is left to Knative or said of the container. Everything that Knative has a default for is
 * written: lists are compared as a whole.
 */
public final class KnativeInference {
  /** Annotations of a template: between how many pods a Revision has. */
  public static final String MIN_SCALE = "autoscaling.knative.dev/min-scale";

  private static final String MAX_SCALE = "autoscaling.knative.dev/max-scale";

  /** Label of a pod: the Configuration that it is of. */
  public static final String CONFIGURATION = "serving.knative.dev/configuration";

  /** What a canary and the version that served before are called in the names of the Route. */
  private static final String CANARY = "canary";

  private static final String FORMER = "former";

  /** As long as for a Deployment. */
  private static final Map<String, String> PROGRESS_DEADLINE =
      Map.of("serving.knative.dev/progress-deadline", "600s");

  /** Like a Service, the Route is for clients within the cluster. */
  private static final Map<String, String> CLUSTER_LOCAL =
      Map.of("networking.knative.dev/visibility", "cluster-local");

  /** How long a request may take: what Knative sets where nobody says otherwise. */
  private static final long TIMEOUT_SECONDS = 300;

  /**
   * A process is alive long before it is ready, but a node without CPU to spare may take its time.
   */
  private static final int LIVENESS_DELAY_SECONDS = 60;

  private static final long ALL = 100;

  private KnativeInference() {}

  /**
   * The pods of a version.
   *
   * @param baseline the version that they are compared with
   */
  public static Configuration configuration(
      ClassifierModel model, Digest version, Optional<Digest> baseline, OperatorConfig config) {
    var deployment = Inference.pods(model, version, baseline, config);
    var template = deployment.getSpec().getTemplate();
    var pod = template.getSpec();
    var serving = model.getSpec().serving();
    var annotations = new TreeMap<>(template.getMetadata().getAnnotations());
    annotations.putAll(PROGRESS_DEADLINE);
    annotations.put(MIN_SCALE, String.valueOf(serving.replicas().fewest(Platform.KNATIVE)));
    Optional.ofNullable(serving.replicas().maximum())
        .ifPresent(most -> annotations.put(MAX_SCALE, String.valueOf(most)));
    return new ConfigurationBuilder()
        .withMetadata(
            Metadata.ownedBy(model, deployment.getMetadata().getName())
                .withLabels(deployment.getMetadata().getLabels())
                .build())
        .withNewSpec()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(template.getMetadata().getLabels())
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withContainerConcurrency(Optional.ofNullable(serving.concurrency()).orElse(0).longValue())
        .withTimeoutSeconds(TIMEOUT_SECONDS)
        .withAutomountServiceAccountToken(pod.getAutomountServiceAccountToken())
        .withEnableServiceLinks(pod.getEnableServiceLinks())
        .withPriorityClassName(pod.getPriorityClassName())
        .withContainers(container(pod.getContainers().getFirst()))
        .withVolumes(pod.getVolumes().stream().map(v -> volume(v, pod.getContainers())).toList())
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Container container(Container container) {
    return container.toBuilder()
        .editFirstPort()
        .withName(null) // Knative has names of its own for protocols
        .endPort()
        .editSecurityContext()
        .withRunAsNonRoot(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        // With one, Knative would wait for the kubelet's probes, seconds apart, before its own.
        .withStartupProbe(null)
        // Without a period Knative asks many times a second: the first request waits for that.
        .withReadinessProbe(
            probe(container.getReadinessProbe())
                .withPeriodSeconds(null)
                .withTimeoutSeconds(null)
                .withFailureThreshold(null)
                .withSuccessThreshold(1)
                .build())
        .withLivenessProbe(
            probe(container.getLivenessProbe())
                .withInitialDelaySeconds(LIVENESS_DELAY_SECONDS)
                .build())
        .build();
  }

  /** A probe of the one port, which has no name. */
  private static ProbeBuilder probe(Probe probe) {
    return probe.toBuilder().editHttpGet().withPort(new IntOrString(Pods.PORT)).endHttpGet();
  }

  /** Knative asks for a switch of its own where a volume could be written to. */
  private static Volume volume(Volume volume, List<Container> containers) {
    var readOnly =
        containers.stream()
            .flatMap(c -> c.getVolumeMounts().stream())
            .filter(m -> m.getName().equals(volume.getName()))
            .allMatch(m -> Boolean.TRUE.equals(m.getReadOnly()));
    return volume.getPersistentVolumeClaim() == null || !readOnly
        ? volume
        : new VolumeBuilder(volume)
            .editPersistentVolumeClaim()
            .withReadOnly(true)
            .endPersistentVolumeClaim()
            .build();
  }

  /**
   * Who gets the requests.
   *
   * @param version gets those that no other gets
   * @param canary gets {@code percent} of them
   * @param former gets those only that ask for it by its tag
   */
  public static Route route(
      ClassifierModel model,
      Digest version,
      Optional<Digest> canary,
      int percent,
      Optional<Digest> former) {
    var labels = new TreeMap<>(Inference.labels(model));
    labels.putAll(CLUSTER_LOCAL);
    var traffic = new ArrayList<TrafficTarget>();
    traffic.add(target(model, version, canary.isPresent() ? ALL - percent : ALL, null));
    canary.ifPresent(v -> traffic.add(target(model, v, percent, CANARY)));
    former.ifPresent(v -> traffic.add(target(model, v, 0, FORMER)));
    return new RouteBuilder()
        .withMetadata(Metadata.ownedBy(model, Names.knative(model)).withLabels(labels).build())
        .withNewSpec()
        .withTraffic(traffic)
        .endSpec()
        .build();
  }

  private static TrafficTarget target(
      ClassifierModel model, Digest version, long percent, String tag) {
    return new TrafficTargetBuilder()
        .withConfigurationName(Names.inference(model, version))
        .withLatestRevision(true)
        .withPercent(percent)
        .withTag(tag)
        .build();
  }
}
