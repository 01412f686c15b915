package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;

/** The checks of pods that a wrong manifest of a user, or a wrong controller, runs into. */
final class PodChecks {
  private PodChecks() {}

  static void validate(JsonNode spec, String at, List<FieldError> errors) {
    if (spec.path("containers").isEmpty()) {
      errors.add(FieldError.required(at + ".containers", ""));
    }
    var volumes = new HashSet<String>();
    spec.path("volumes").forEach(volume -> volumes.add(volume.path("name").asText()));
    for (var list : List.of("initContainers", "containers")) {
      var containers = spec.path(list);
      var names = new HashSet<String>();
      for (int i = 0; i < containers.size(); i++) {
        var place = at + "." + list + "[" + i + "]";
        container(containers.get(i), place, volumes, errors);
        var name = containers.get(i).path("name");
        if (Json.filled(name) && !names.add(name.asText())) {
          errors.add(FieldError.duplicate(place + ".name", name));
        }
      }
    }
  }

  private static void container(
      JsonNode container, String at, HashSet<String> volumes, List<FieldError> errors) {
    for (var field : List.of("name", "image")) {
      if (!Json.filled(container.path(field))) {
        errors.add(FieldError.required(at + "." + field, ""));
      }
    }
    var mounts = container.path("volumeMounts");
    for (int i = 0; i < mounts.size(); i++) {
      var name = mounts.get(i).path("name");
      if (!volumes.contains(name.asText())) {
        errors.add(
            new FieldError(
                "FieldValueNotFound",
                at + ".volumeMounts[" + i + "].name",
                "Not found: " + Json.text(name)));
      }
    }
    var ports = container.path("ports");
    for (int i = 0; i < ports.size(); i++) {
      portNumber(
          ports.get(i).path("containerPort"), at + ".ports[" + i + "].containerPort", errors);
    }
  }

  static void portNumber(JsonNode port, String at, List<FieldError> errors) {
    if (port.isNumber() && (port.asLong() < 1 || port.asLong() > 65_535)) {
      errors.add(FieldError.invalid(at, port, "must be between 1 and 65535, inclusive"));
    }
  }

  /**
   * The template of a controller.
   *
   * @param restartPolicies the policies that make sense for it
   */
  static void validateTemplate(
      ObjectNode object, List<String> restartPolicies, List<FieldError> errors) {
    var spec = object.at("/spec/template/spec");
    validate(spec, "spec.template.spec", errors);
    var policy = spec.path("restartPolicy");
    if (!restartPolicies.contains(policy.asText())) {
      errors.add(
          FieldError.notSupported("spec.template.spec.restartPolicy", policy, restartPolicies));
    }
  }

  /** Hardly anything of a pod that exists can be changed. */
  static void validateUpdate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
    var old = changeable(before.path("spec").deepCopy());
    var young = changeable(after.path("spec").deepCopy());
    if (!old.equals(young)) {
      errors.add(
          FieldError.forbidden(
              "spec",
              "pod updates may not change fields other than"
                  + " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations`"
                  + " (only additions to existing tolerations),`spec.terminationGracePeriodSeconds`"
                  + " (allow it to be set to 1 if it was previously negative)"));
    }
  }

  private static JsonNode changeable(JsonNode spec) {
    if (spec instanceof ObjectNode object) {
      object.remove(List.of("activeDeadlineSeconds", "tolerations"));
      for (var list : List.of("initContainers", "containers")) {
        object.path(list).forEach(container -> ((ObjectNode) container).remove("image"));
      }
    }
    return spec;
  }
}
