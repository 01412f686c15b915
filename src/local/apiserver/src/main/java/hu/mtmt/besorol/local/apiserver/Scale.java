package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The scale subresource of workloads: read only; replicas are changed on the object itself. */
record Scale(Resources resources) {

  ObjectNode answer(Request request, Target target) {
    if (!request.method().equals("GET")) {
      throw Failure.notImplemented(
          "scale is only read here: change spec.replicas, for example with kubectl patch");
    }
    var object = resources.get(new Target(target.kind(), target.namespace(), target.name(), ""));
    var scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    var metadata = scale.putObject("metadata");
    Json.copyFields(
        Json.metadata(object),
        metadata,
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
            .toArray(String[]::new));
    scale.putObject("spec").put("replicas", object.at("/spec/replicas").asLong());
    scale.putObject("status").put("replicas", object.at("/status/replicas").asLong());
    return scale;
  }
}
