package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;

/** The scale subresource of a workload: its replicas, and nothing else, as an object of its own. */
final class Scale {
  private Scale() {}

  static ObjectNode of(ObjectNode workload) {
    var scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    Json.copyFields(
        Json.metadata(workload),
        scale.putObject("metadata"),
        "name",
        "namespace",
        "uid",
        "resourceVersion",
        "creationTimestamp");
    var replicas = workload.at("/spec/replicas").asLong();
    var spec = scale.putObject("spec");
    if (replicas != 0) {
      spec.put("replicas", replicas);
    }
    var selector =
        workload.at("/spec/selector/matchLabels").properties().stream()
            .map(label -> label.getKey() + "=" + label.getValue().asText())
            .collect(Collectors.joining(","));
    scale
        .putObject("status")
        .put("replicas", workload.at("/status/replicas").asLong())
        .put("selector", selector);
    return scale;
  }

  /** The workload with the replicas of the scale. */
  static ObjectNode applied(ObjectNode workload, ObjectNode scale) {
    var scaled = workload.deepCopy();
    Json.ensure(scaled, "spec").put("replicas", scale.at("/spec/replicas").asLong(0));
    return scaled;
  }
}
