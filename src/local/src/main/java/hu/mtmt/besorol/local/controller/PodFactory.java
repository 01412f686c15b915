package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Makes pods of templates: bound to the only node, in the network of this machine, where every pod
 * needs ports of its own. A container learns its first port by the environment variable {@value
 * #PORT}, which its other variables can refer to.
 */
final class PodFactory {
  static final String PORT = "PORT";

  private final Ports ports;
  private final String node;

  PodFactory(Ports ports, String node) {
    this.ports = ports;
    this.node = node;
  }

  /** A pod of {@code template}; its name is the owner's with a suffix. */
  Pod create(PodTemplateSpec template, HasMetadata owner, Map<String, String> moreLabels) {
    var pod =
        new PodBuilder()
            .withMetadata(template.getMetadata())
            .editOrNewMetadata()
            .withName(null)
            .withGenerateName(owner.getMetadata().getName() + "-")
            .withNamespace(owner.getMetadata().getNamespace())
            .addToLabels(moreLabels)
            .withOwnerReferences(Owners.controlledBy(owner))
            .endMetadata()
            .withSpec(template.getSpec())
            .editSpec()
            .withNodeName(node)
            .withHostNetwork(true)
            .endSpec()
            .build();
    // The builder shares containers with the template that it was given.
    var copy = pod.toBuilder().build();
    copy.getSpec().getContainers().forEach(this::moveToOwnPorts);
    return copy;
  }

  private void moveToOwnPorts(Container container) {
    var moved = new HashMap<Integer, Integer>();
    for (ContainerPort port : container.getPorts()) {
      var own = ports.next();
      moved.put(port.getContainerPort(), own);
      port.setContainerPort(own);
      port.setHostPort(own);
    }
    Stream.of(
            container.getStartupProbe(),
            container.getReadinessProbe(),
            container.getLivenessProbe())
        .filter(Objects::nonNull)
        .map(Probe::getHttpGet)
        .filter(Objects::nonNull)
        .forEach(get -> get.setPort(moved(get.getPort(), moved)));
    if (!container.getPorts().isEmpty()) {
      var first = container.getPorts().getFirst().getContainerPort().toString();
      var environment =
          Stream.concat(
                  Stream.of(new EnvVarBuilder().withName(PORT).withValue(first).build()),
                  container.getEnv().stream().filter(e -> !e.getName().equals(PORT)))
              .toList();
      container.setEnv(List.copyOf(environment));
    }
  }

  private static IntOrString moved(IntOrString port, Map<Integer, Integer> moved) {
    return port.getIntVal() == null
        ? port
        : new IntOrString(moved.getOrDefault(port.getIntVal(), port.getIntVal()));
  }
}
