package hu.mtmt.besorol.operator.controller;

import static hu.mtmt.besorol.operator.controller.Scene.until;

import hu.mtmt.besorol.operator.desired.KnativeInference;
import io.fabric8.knative.serving.v1.Configuration;
import io.fabric8.knative.serving.v1.ConfigurationStatus;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.knative.serving.v1.RouteStatus;
import io.fabric8.knative.serving.v1.TrafficTarget;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Stands in for Knative Serving in one namespace: each method takes a step that its documentation
 * describes, when the test says so. A Configuration makes a Revision of each of its templates, and
 * a Route sends requests to the newest that is ready.
 */
final class StandInKnative {
  private final KubernetesClient client;
  private final String namespace;

  StandInKnative(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Installs its API in the cluster: operators that are started then find it. */
  static void install(KubernetesClient client) {
    for (var crd :
        client.load(StandInKnative.class.getResourceAsStream("/knative/crds.yaml")).items()) {
      client.resource(crd).serverSideApply();
    }
    until(() -> client.supports(Configuration.class) && client.supports(Route.class));
  }

  /** Takes it away again, so that no other test finds it. */
  static void uninstall(KubernetesClient client) {
    client.load(StandInKnative.class.getResourceAsStream("/knative/crds.yaml")).delete();
    until(() -> !client.supports(Configuration.class) && !client.supports(Route.class));
  }

  Configuration configuration(String name) {
    return client.resources(Configuration.class).inNamespace(namespace).withName(name).get();
  }

  /** The names of all Configurations. */
  Set<String> configurations() {
    return client.resources(Configuration.class).inNamespace(namespace).list().getItems().stream()
        .map(c -> c.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  Route route(String name) {
    return client.resources(Route.class).inNamespace(namespace).withName(name).get();
  }

  /** What a Route sends to which Configuration, by its tag or else {@code all}. */
  Map<String, String> traffic(String route) {
    var found = route(route);
    return found == null
        ? Map.of()
        : found.getSpec().getTraffic().stream()
            .collect(Collectors.toMap(StandInKnative::tag, StandInKnative::share));
  }

  private static String tag(TrafficTarget target) {
    return target.getTag() == null ? "all" : target.getTag();
  }

  private static String share(TrafficTarget target) {
    return "%d %s".formatted(target.getPercent(), target.getConfigurationName());
  }

  /** The pods of a Configuration's newest Revision have answered. */
  void becomeReady(String configuration) {
    status(configuration, "{type: Ready, status: \"True\"}", true);
  }

  /** They have not, and will not. */
  void fail(String configuration, String why) {
    status(
        configuration,
        "{type: Ready, status: \"False\", reason: RevisionFailed, message: \"%s\"}".formatted(why),
        false);
  }

  private void status(String name, String condition, boolean ready) {
    client
        .resource(configuration(name))
        .editStatus(
            c -> {
              var generation = c.getMetadata().getGeneration();
              var revision = "%s-%05d".formatted(name, generation);
              c.setStatus(
                  Serialization.unmarshal(
                      """
                      observedGeneration: %d
                      latestCreatedRevisionName: %s
                      %s
                      conditions: [%s]
                      """
                          .formatted(
                              generation,
                              revision,
                              ready ? "latestReadyRevisionName: " + revision : "",
                              condition),
                      ConfigurationStatus.class));
              return c;
            });
  }

  /** The ingress sends requests as a Route says. */
  void routeRequests(String route) {
    client
        .resource(route(route))
        .editStatus(
            r -> {
              r.setStatus(
                  Serialization.unmarshal(
                      """
                      observedGeneration: %d
                      address: {url: "%s"}
                      conditions: [{type: Ready, status: "True"}]
                      """
                          .formatted(r.getMetadata().getGeneration(), address(route)),
                      RouteStatus.class));
              return r;
            });
  }

  String address(String route) {
    return "http://%s.%s.svc.cluster.local".formatted(route, namespace);
  }

  /** Creates a pod of a Configuration, which answers on a port of this machine. */
  void startPod(String configuration, int port) {
    var template = configuration(configuration).getSpec().getTemplate();
    var container = template.getSpec().getContainers().getFirst();
    container.setPorts(
        List.of(new ContainerPortBuilder().withName("user-port").withContainerPort(port).build()));
    for (var probe : List.of(container.getReadinessProbe(), container.getLivenessProbe())) {
      probe.getHttpGet().setPort(new IntOrString(port));
    }
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(configuration + "-pod")
            .withNamespace(namespace)
            .withLabels(template.getMetadata().getLabels())
            .addToLabels(KnativeInference.CONFIGURATION, configuration)
            .withAnnotations(template.getMetadata().getAnnotations())
            .endMetadata()
            .withNewSpec()
            .withContainers(container)
            .withVolumes(template.getSpec().getVolumes())
            .endSpec()
            .build();
    client.resource(pod).create();
    client
        .resource(pod)
        .editStatus(
            p -> {
              p.setStatus(
                  Serialization.unmarshal(
                      """
                      phase: Running
                      podIP: 127.0.0.1
                      podIPs: [{ip: 127.0.0.1}]
                      conditions: [{type: Ready, status: "True"}]
                      """,
                      PodStatus.class));
              return p;
            });
  }
}
