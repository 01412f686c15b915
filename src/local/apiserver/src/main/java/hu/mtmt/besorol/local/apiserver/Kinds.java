package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The kinds that are served: the built-in ones, whose discovery and schemas are those of a real
 * kube-apiserver ({@code kubernetes.json}), and the custom ones as their definitions come and go.
 */
final class Kinds {
  static final String EXTENSIONS = "apiextensions.k8s.io";
  static final String CRDS = "customresourcedefinitions";

  private final String version;
  private final Map<String, JsonNode> definitions = new HashMap<>();

  /** Rules by the schema that they stand in. */
  private final Map<JsonNode, CelRules> compiled = new ConcurrentHashMap<>();

  /** By group, version and plural. */
  private final Map<String, ResourceKind> kinds = new ConcurrentSkipListMap<>();

  Kinds() {
    JsonNode file;
    try (var in = Kinds.class.getResourceAsStream("kubernetes.json")) {
      file = Json.MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    version = file.path("version").asText();
    file.path("schemas").properties().forEach(s -> definitions.put(s.getKey(), s.getValue()));
    for (var groupVersion : file.path("resources").properties()) {
      groupVersion
          .getValue()
          .forEach(r -> addBuiltIn(groupVersion.getKey(), r, groupVersion.getValue()));
    }
  }

  /** Of the Kubernetes that the built-in kinds are of, such as v1.36.3. */
  String version() {
    return version;
  }

  /** The definitions that the schemas of built-in kinds refer to. */
  Map<String, JsonNode> definitions() {
    return definitions;
  }

  private void addBuiltIn(String groupVersion, JsonNode resource, JsonNode all) {
    var plural = resource.path("name").asText();
    if (plural.contains("/")) {
      return;
    }
    int slash = groupVersion.indexOf('/');
    var group = slash < 0 ? "" : groupVersion.substring(0, slash);
    var version = groupVersion.substring(slash + 1);
    var kind = resource.path("kind").asText();
    var subresources = new LinkedHashSet<String>();
    for (var other : all) {
      var name = other.path("name").asText();
      if (name.startsWith(plural + "/")) {
        subresources.add(name.substring(plural.length() + 1));
      }
    }
    add(
        new ResourceKind(
            group,
            version,
            plural,
            resource.path("singularName").asText(),
            kind,
            Json.strings(resource.path("shortNames")),
            Json.strings(resource.path("categories")),
            resource.path("namespaced").asBoolean(),
            subresources,
            group.equals("events.k8s.io") ? "" : group,
            new Schema(definition(group, version, kind), definitions),
            null,
            MissingNode.getInstance(),
            false));
  }

  private JsonNode definition(String group, String version, String kind) {
    for (var definition : definitions.values()) {
      for (var gvk : definition.path("x-kubernetes-group-version-kind")) {
        if (gvk.path("group").asText().equals(group)
            && gvk.path("version").asText().equals(version)
            && gvk.path("kind").asText().equals(kind)) {
          return definition;
        }
      }
    }
    throw new IllegalStateException("no schema of " + kind + " in " + group + "/" + version);
  }

  private static String id(String group, String version, String plural) {
    return group + "/" + version + "/" + plural;
  }

  private void add(ResourceKind kind) {
    kinds.put(id(kind.group(), kind.version(), kind.plural()), kind);
  }

  Collection<ResourceKind> all() {
    return kinds.values();
  }

  Optional<ResourceKind> find(String group, String version, String plural) {
    return Optional.ofNullable(kinds.get(id(group, version, plural)));
  }

  /** A built-in kind. */
  ResourceKind builtIn(String group, String version, String plural) {
    return find(group, version, plural).orElseThrow();
  }

  Optional<ResourceKind> findKind(String apiVersion, String kind) {
    return kinds.values().stream()
        .filter(k -> k.kind().equals(kind) && k.groupVersion().equals(apiVersion))
        .findFirst();
  }

  /** Serves what a CustomResourceDefinition defines, instead of what it defined before. */
  void define(ObjectNode crd) {
    var spec = crd.path("spec");
    var group = spec.path("group").asText();
    var plural = Json.textAt(spec, "names", "plural");
    var served = new HashMap<String, ResourceKind>();
    for (var version : spec.path("versions")) {
      if (version.path("served").asBoolean()) {
        var kind = custom(spec, version);
        served.put(id(group, kind.version(), plural), kind);
      }
    }
    kinds.putAll(served);
    kinds
        .entrySet()
        .removeIf(e -> e.getValue().is(group, plural) && !served.containsKey(e.getKey()));
  }

  /** Serves it no longer. */
  void undefine(ObjectNode crd) {
    var spec = crd.path("spec");
    kinds
        .values()
        .removeIf(k -> k.is(spec.path("group").asText(), Json.textAt(spec, "names", "plural")));
  }

  private ResourceKind custom(JsonNode spec, JsonNode version) {
    var names = spec.path("names");
    var subresources = new LinkedHashSet<String>();
    version.path("subresources").fieldNames().forEachRemaining(subresources::add);
    var group = spec.path("group").asText();
    return new ResourceKind(
        group,
        version.path("name").asText(),
        names.path("plural").asText(),
        names.path("singular").asText(),
        names.path("kind").asText(),
        Json.strings(names.path("shortNames")),
        Json.strings(names.path("categories")),
        spec.path("scope").asText().equals("Namespaced"),
        Set.copyOf(subresources),
        group,
        schemaOf(version),
        () -> rules(version, "", new ArrayList<>()),
        version.path("additionalPrinterColumns"),
        true);
  }

  /**
   * The rules of a version of a CustomResourceDefinition. Compiling them takes its time, so it is
   * done once.
   *
   * @param place of the version, for errors
   * @param errors gets what cannot be compiled
   */
  CelRules rules(JsonNode version, String place, List<FieldError> errors) {
    var known = compiled.get(version.path("schema"));
    if (known != null) {
      return known;
    }
    var rules = CelRules.compile(schemaOf(version), place + ".schema.openAPIV3Schema", errors);
    if (errors.isEmpty()) {
      compiled.put(version.path("schema"), rules);
    }
    return rules;
  }

  private Schema schemaOf(JsonNode version) {
    return new Schema(complete(Json.at(version, "schema", "openAPIV3Schema")), definitions);
  }

  /** The schema of a custom resource says nothing of apiVersion, kind and metadata. */
  private static JsonNode complete(JsonNode schema) {
    if (!(schema instanceof ObjectNode root)) {
      return MissingNode.getInstance();
    }
    var whole = root.deepCopy();
    var properties = Json.ensure(whole, "properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    var metadata = properties.putObject("metadata");
    metadata
        .putArray("allOf")
        .addObject()
        .put("$ref", "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    metadata.putObject("default");
    return whole;
  }

  /** Kinds of one group and version. */
  List<ResourceKind> of(String groupVersion) {
    return kinds.values().stream().filter(k -> k.groupVersion().equals(groupVersion)).toList();
  }
}
