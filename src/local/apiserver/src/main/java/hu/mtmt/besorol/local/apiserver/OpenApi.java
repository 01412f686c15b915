package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The part of OpenAPI v3 that kubectl reads: schemas for {@code explain} and {@code apply}, and a
 * patch operation that shows that the server validates fields.
 */
final class OpenApi {
  private static final String REFERENCE = "#/components/schemas/";

  private final Kinds kinds;

  OpenApi(Kinds kinds) {
    this.kinds = kinds;
  }

  Response answer(Request request) {
    var path = request.path();
    if (path.size() < 2 || !path.get(1).equals("v3")) {
      throw Failure.notImplemented("OpenAPI v2 is not served: clients take v3, below /openapi/v3");
    }
    var rest = String.join("/", path.subList(2, path.size()));
    return Response.ok(rest.isEmpty() ? index() : document(rest));
  }

  private ObjectNode index() {
    var index = Json.object();
    var paths = index.putObject("paths");
    var groupVersions = new LinkedHashSet<String>();
    kinds.all().forEach(kind -> groupVersions.add(kind.path().substring(1)));
    for (var path : groupVersions) {
      paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash(path));
    }
    return index;
  }

  /** Clients keep a document as long as its hash is the same. */
  private String hash(String path) {
    return Integer.toHexString(Json.text(document(path)).hashCode());
  }

  private ObjectNode document(String path) {
    var served =
        kinds.all().stream().filter(kind -> kind.path().substring(1).equals(path)).toList();
    if (served.isEmpty()) {
      throw Failure.noSuchPath();
    }
    var document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", kinds.version());
    var paths = document.putObject("paths");
    var schemas = document.putObject("components").putObject("schemas");
    for (var kind : served) {
      addPath(paths, kind);
      addSchemas(schemas, kind);
    }
    return document;
  }

  private static ObjectNode groupVersionKind(ResourceKind kind) {
    return Json.object()
        .put("group", kind.group())
        .put("version", kind.version())
        .put("kind", kind.kind());
  }

  private static void addPath(ObjectNode paths, ResourceKind kind) {
    var path =
        paths.putObject(
            kind.path()
                + (kind.namespaced() ? "/namespaces/{namespace}/" : "/")
                + kind.plural()
                + "/{name}");
    var get = path.putObject("get");
    get.putObject("responses")
        .putObject("200")
        .put("description", "OK")
        .putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", REFERENCE + schemaName(kind));
    get.set("x-kubernetes-group-version-kind", groupVersionKind(kind));
    var patch = path.putObject("patch");
    for (var name : List.of("dryRun", "fieldManager", "fieldValidation")) {
      patch
          .withArrayProperty("parameters")
          .addObject()
          .put("name", name)
          .put("in", "query")
          .putObject("schema")
          .put("type", "string");
    }
    var content = patch.putObject("requestBody").putObject("content");
    content.putObject("application/apply-patch+yaml");
    content.putObject("application/json-patch+json");
    content.putObject("application/merge-patch+json");
    if (!kind.custom()) {
      content.putObject("application/strategic-merge-patch+json");
    }
    patch.putObject("responses").putObject("200").put("description", "OK");
    patch.set("x-kubernetes-group-version-kind", groupVersionKind(kind));
  }

  private static String schemaName(ResourceKind kind) {
    return kind.custom()
        ? String.join(".", reversed(kind.group())) + "." + kind.version() + "." + kind.kind()
        : kind.kind() + "." + kind.version() + "." + kind.group();
  }

  private static List<String> reversed(String group) {
    return List.of(group.split("\\.")).reversed();
  }

  private void addSchemas(ObjectNode schemas, ResourceKind kind) {
    var schema = (ObjectNode) kind.schema().node().deepCopy();
    schema.putArray("x-kubernetes-group-version-kind").add(groupVersionKind(kind));
    schemas.set(schemaName(kind), schema);
    var open = new ArrayDeque<>(references(schema));
    for (String name; (name = open.poll()) != null; ) {
      if (!schemas.has(name)) {
        var definition = kinds.definitions().get(name);
        schemas.set(name, definition);
        open.addAll(references(definition));
      }
    }
  }

  private static Set<String> references(JsonNode schema) {
    var names = new LinkedHashSet<String>();
    for (var reference : schema.findValuesAsText("$ref")) {
      if (reference.startsWith(REFERENCE)) {
        names.add(reference.substring(REFERENCE.length()));
      }
    }
    return names;
  }
}
