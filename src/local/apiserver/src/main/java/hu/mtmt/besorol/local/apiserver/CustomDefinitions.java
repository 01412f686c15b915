package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Locale;

/** CustomResourceDefinitions: they are established as soon as they are stored. */
final class CustomDefinitions implements KindBehaviour {
  /** Parts of a schema that none of ours has. */
  private static final List<String> UNKNOWN = List.of("allOf", "anyOf", "oneOf");

  private final Kinds kinds;
  private final Clock clock;

  CustomDefinitions(Kinds kinds, Clock clock) {
    this.kinds = kinds;
    this.clock = clock;
  }

  @Override
  public void setDefaults(ObjectNode crd) {
    var spec = Json.ensure(crd, "spec");
    var names = Json.ensure(spec, "names");
    var kind = names.path("kind").asText("");
    Json.setDefault(names, "singular", kind.toLowerCase(Locale.ROOT));
    Json.setDefault(names, "listKind", kind + "List");
    Json.setDefault(Json.ensure(spec, "conversion"), "strategy", "None");
  }

  @Override
  public void prepareForCreate(ObjectNode crd) {
    var status = crd.putObject("status");
    var conditions = status.putArray("conditions");
    addCondition(conditions.addObject(), "NamesAccepted", "NoConflicts", "no conflicts found");
    addCondition(
        conditions.addObject(),
        "Established",
        "InitialNamesAccepted",
        "the initial names have been accepted");
    accept(crd);
  }

  @Override
  public void prepareForUpdate(ObjectNode before, ObjectNode after) {
    accept(after);
  }

  private void addCondition(ObjectNode condition, String type, String reason, String message) {
    condition
        .put("lastTransitionTime", Times.seconds(clock))
        .put("message", message)
        .put("reason", reason)
        .put("status", "True")
        .put("type", type);
  }

  private static void accept(ObjectNode crd) {
    var status = Json.ensure(crd, "status");
    status.set("acceptedNames", crd.at("/spec/names").deepCopy());
    var stored = status.withArrayProperty("storedVersions");
    for (var version : crd.at("/spec/versions")) {
      var name = version.path("name").asText();
      if (version.path("storage").asBoolean() && !Json.strings(stored).contains(name)) {
        stored.add(name);
      }
    }
  }

  @Override
  public void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {
    var spec = after.path("spec");
    var name = spec.at("/names/plural").asText() + "." + spec.path("group").asText();
    var actual = after.at("/metadata/name");
    if (!actual.asText().equals(name)) {
      errors.add(
          FieldError.invalid(
              "metadata.name", actual, "must be spec.names.plural+\".\"+spec.group"));
    }
    int storage = 0;
    for (var version : spec.path("versions")) {
      storage += version.path("storage").asBoolean() ? 1 : 0;
    }
    if (storage != 1) {
      errors.add(
          FieldError.invalid(
              "spec.versions",
              spec.path("versions"),
              "must have exactly one version marked as storage version"));
    }
    if (!spec.at("/conversion/strategy").asText().equals("None")) {
      throw Failure.notImplemented(
          "conversion by webhook is not done here: use spec.conversion.strategy None");
    }
    if (before == null || !before.path("spec").equals(spec)) {
      checkVersions(spec.path("versions"), errors);
    }
    if (before != null) {
      for (var field : List.of("group", "scope")) {
        if (!before.path("spec").path(field).equals(spec.path(field))) {
          errors.add(FieldError.invalid("spec." + field, spec.path(field), "field is immutable"));
        }
      }
    }
  }

  private void checkVersions(JsonNode versions, List<FieldError> errors) {
    for (int i = 0; i < versions.size(); i++) {
      var version = versions.get(i);
      var place = "spec.versions[" + i + "]";
      if (!Json.at(version, "schema", "openAPIV3Schema").isObject()) {
        errors.add(FieldError.required(place + ".schema.openAPIV3Schema", "schemas are required"));
        continue;
      }
      for (var unknown : UNKNOWN) {
        if (version.path("schema").findValue(unknown) instanceof ArrayNode) {
          throw Failure.notImplemented(
              unknown + " in the schema of a custom resource is not checked by the local cluster");
        }
      }
      kinds.rules(version, place, errors);
      for (var column : version.path("additionalPrinterColumns")) {
        try {
          JsonPath.parse(column.path("jsonPath").asText());
        } catch (IllegalArgumentException e) {
          errors.add(
              FieldError.invalid(
                  place + ".additionalPrinterColumns", column.path("jsonPath"), e.getMessage()));
        }
      }
    }
  }

  @Override
  public boolean hasGeneration() {
    return true;
  }

  @Override
  public boolean replacedUnconditionally() {
    return false;
  }
}
