package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A node of a structural schema: that of a CustomResourceDefinition, or of the published OpenAPI of
 * a built-in kind. References are followed when needed, as some schemas contain themselves.
 */
final class Schema {
  private static final String REFERENCE = "#/components/schemas/";

  /** Says nothing about its value: any shape, lists are replaced as a whole. */
  static final Schema ANY = new Schema(JsonNodeFactory.instance.missingNode(), Map.of());

  private final JsonNode node;
  private final JsonNode target;
  private final Map<String, JsonNode> definitions;
  private final Map<String, Schema> properties = new ConcurrentHashMap<>();
  private volatile Schema items;
  private volatile Schema additional;

  /**
   * @param definitions what references lead to, by name
   */
  Schema(JsonNode node, Map<String, JsonNode> definitions) {
    this.node = node;
    this.definitions = definitions;
    this.target = resolve(node, definitions);
  }

  private static JsonNode resolve(JsonNode node, Map<String, JsonNode> definitions) {
    var reference = Json.textAt(node, "$ref");
    if (reference.isEmpty()) {
      // OpenAPI cannot have siblings of $ref, so descriptions and defaults stand beside an allOf.
      var all = node.path("allOf");
      reference = all.size() == 1 ? Json.textAt(all.get(0), "$ref") : "";
    }
    return reference.isEmpty() ? node : definitions.get(reference.substring(REFERENCE.length()));
  }

  /** An attribute, from where the schema is used or else from what it refers to. */
  JsonNode attribute(String name) {
    var own = node.path(name);
    return own.isMissingNode() ? target.path(name) : own;
  }

  private boolean flag(String name) {
    return attribute(name).asBoolean(false);
  }

  String type() {
    return attribute("type").asText("");
  }

  boolean intOrString() {
    return flag("x-kubernetes-int-or-string")
        || attribute("format").asText("").equals("int-or-string");
  }

  boolean preservesUnknownFields() {
    return flag("x-kubernetes-preserve-unknown-fields") || isAny() || isFreeDefinition();
  }

  /** A built-in type like FieldsV1: an object of which nothing is said. */
  private boolean isFreeDefinition() {
    return target != node && !hasProperties() && !target.has("additionalProperties");
  }

  /** Whether it is a complete object with metadata of its own. */
  boolean embedded() {
    return flag("x-kubernetes-embedded-resource");
  }

  boolean nullable() {
    return flag("nullable");
  }

  /** Whether it says nothing of the shape of its value. */
  boolean isAny() {
    return type().isEmpty()
        && !intOrString()
        && target.path("properties").isMissingNode()
        && target.path("oneOf").isMissingNode();
  }

  Optional<JsonNode> defaultValue() {
    return Optional.of(attribute("default")).filter(d -> !d.isMissingNode());
  }

  List<String> required() {
    return Json.strings(attribute("required"));
  }

  boolean hasProperties() {
    return target.has("properties");
  }

  /** The fields, in the order of the schema. */
  Map<String, Schema> properties() {
    var all = new LinkedHashMap<String, Schema>();
    target.path("properties").fieldNames().forEachRemaining(n -> all.put(n, property(n)));
    return Collections.unmodifiableMap(all);
  }

  boolean hasProperty(String name) {
    return target.path("properties").has(name);
  }

  /** The schema of a field, known or not. */
  Schema property(String name) {
    var known = target.path("properties").path(name);
    if (known.isMissingNode()) {
      return additional();
    }
    return properties.computeIfAbsent(name, n -> new Schema(known, definitions));
  }

  /** Whether fields with any name are allowed: it is a map. */
  boolean hasAdditional() {
    var additional = target.path("additionalProperties");
    return additional.isObject() || additional.asBoolean(false);
  }

  /** The schema of the values of a map. */
  Schema additional() {
    if (additional == null) {
      var node = target.path("additionalProperties");
      additional = node.isObject() ? new Schema(node, definitions) : ANY;
    }
    return additional;
  }

  Schema items() {
    if (items == null) {
      var node = target.path("items");
      items = node.isObject() ? new Schema(node, definitions) : ANY;
    }
    return items;
  }

  /** How server-side apply merges a list. */
  enum ListType {
    /** Replaced as a whole. */
    ATOMIC,
    /** Of distinct scalars. */
    SET,
    /** Of objects that are told apart by the values of some fields. */
    MAP
  }

  ListType listType() {
    return switch (attribute("x-kubernetes-list-type").asText("atomic")) {
      case "set" -> ListType.SET;
      case "map" -> ListType.MAP;
      default -> ListType.ATOMIC;
    };
  }

  List<String> listKeys() {
    return Json.strings(attribute("x-kubernetes-list-map-keys"));
  }

  /** Whether server-side apply replaces the object as a whole. */
  boolean atomicMap() {
    return attribute("x-kubernetes-map-type").asText("").equals("atomic");
  }

  /** How a strategic merge patch treats a list: by this key, "" if it merges scalars or not. */
  String patchMergeKey() {
    return attribute("x-kubernetes-patch-merge-key").asText("");
  }

  boolean patchStrategy(String strategy) {
    return attribute("x-kubernetes-patch-strategy").asText("").contains(strategy);
  }

  /**
   * What a decoded object holds although nobody wrote it: the parts that are no pointers in the
   * types of Kubernetes, and null where a required list or pointer is. A created object is compared
   * with it to see which fields its creator owns.
   */
  ObjectNode zero() {
    var zero = Json.object();
    var required = required();
    properties()
        .forEach(
            (name, schema) -> {
              var plain = schema.node.path("default");
              if (plain.isObject() && plain.isEmpty() && schema.hasProperties()) {
                zero.set(name, schema.zero());
              } else if (required.contains(name)) {
                zero.set(name, plain.deepCopy());
              }
            });
    properties().keySet().stream()
        .filter(name -> zero.path(name).isMissingNode() && required.contains(name))
        .forEach(zero::putNull);
    return zero;
  }

  JsonNode node() {
    return target;
  }
}
