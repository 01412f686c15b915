package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which kinds there are: {@code /api}, {@code /apis} and below. */
final class Discovery {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

  private final Kinds kinds;

  Discovery(Kinds kinds) {
    this.kinds = kinds;
  }

  ObjectNode version() {
    var parts = kinds.version().substring(1).split("\\.");
    return Json.object()
        .put("major", parts[0])
        .put("minor", parts[1])
        .put("gitVersion", kinds.version() + "-besorol")
        .put("platform", "java");
  }

  ObjectNode paths() {
    var paths = Json.object();
    paths
        .putArray("paths")
        .add("/api")
        .add("/api/v1")
        .add("/apis")
        .add("/healthz")
        .add("/livez")
        .add("/openapi/v3")
        .add("/readyz")
        .add("/version");
    return paths;
  }

  Response answer(Request request) {
    var path = request.path();
    boolean core = path.getFirst().equals("api");
    if (path.size() == 1 && request.accept().contains("as=APIGroupDiscoveryList")) {
      return new Response.Document(
          200,
          aggregated(core),
          "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
          List.of());
    }
    if (core) {
      return Response.ok(path.size() == 1 ? versions() : resources("v1"));
    }
    return Response.ok(
        switch (path.size()) {
          case 1 -> groupList();
          case 2 -> group(path.get(1));
          default -> resources(path.get(1) + "/" + path.get(2));
        });
  }

  private static ObjectNode versions() {
    var versions = Json.object().put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return versions;
  }

  /** Versions by group, without the core group. */
  private Map<String, Set<String>> groups() {
    var groups = new LinkedHashMap<String, Set<String>>();
    for (var kind : kinds.all()) {
      if (!kind.group().isEmpty()) {
        groups.computeIfAbsent(kind.group(), g -> new LinkedHashSet<>()).add(kind.version());
      }
    }
    return groups;
  }

  private ObjectNode groupList() {
    var list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    var groups = list.putArray("groups");
    groups().forEach((name, versions) -> groups.add(group(name, versions)));
    return list;
  }

  private ObjectNode group(String name) {
    var versions = groups().get(name);
    if (versions == null) {
      throw Failure.noSuchPath();
    }
    var group = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
    group.setAll(group(name, versions));
    return group;
  }

  private static ObjectNode group(String name, Set<String> versions) {
    var group = Json.object().put("name", name);
    var list = group.putArray("versions");
    for (var version : versions) {
      list.addObject().put("groupVersion", name + "/" + version).put("version", version);
    }
    group.set("preferredVersion", list.get(0));
    return group;
  }

  private ObjectNode resources(String groupVersion) {
    var all = kinds.of(groupVersion);
    if (all.isEmpty()) {
      throw Failure.noSuchPath();
    }
    var list =
        Json.object()
            .put("kind", "APIResourceList")
            .put("apiVersion", "v1")
            .put("groupVersion", groupVersion);
    var resources = list.putArray("resources");
    for (var kind : all) {
      var resource = resource(resources, kind.plural(), kind.singular(), kind);
      addAll(resource.putArray("verbs"), VERBS);
      if (!kind.shortNames().isEmpty()) {
        addAll(resource.putArray("shortNames"), kind.shortNames());
      }
      if (!kind.categories().isEmpty()) {
        addAll(resource.putArray("categories"), kind.categories());
      }
      for (var subresource : kind.subresources()) {
        var name = kind.plural() + "/" + subresource;
        var below = resource(resources, name, "", kind);
        if (subresource.equals("scale")) {
          below.put("group", "autoscaling").put("version", "v1").put("kind", "Scale");
        }
        addAll(below.putArray("verbs"), verbs(subresource));
      }
    }
    return list;
  }

  private static List<String> verbs(String subresource) {
    return subresource.equals("log") ? List.of("get") : SUBRESOURCE_VERBS;
  }

  private static ObjectNode resource(
      ArrayNode resources, String name, String singular, ResourceKind kind) {
    return resources
        .addObject()
        .put("name", name)
        .put("singularName", singular)
        .put("namespaced", kind.namespaced())
        .put("kind", kind.kind());
  }

  private static void addAll(ArrayNode list, List<String> items) {
    items.forEach(list::add);
  }

  /** All groups in one document, which spares kubectl a request for each. */
  private ObjectNode aggregated(boolean core) {
    var list =
        Json.object()
            .put("kind", "APIGroupDiscoveryList")
            .put("apiVersion", "apidiscovery.k8s.io/v2");
    list.putObject("metadata");
    var items = list.putArray("items");
    var groups = core ? Map.of("", Set.of("v1")) : groups();
    groups.forEach(
        (name, versions) -> {
          var group = items.addObject();
          var metadata = group.putObject("metadata");
          if (!name.isEmpty()) {
            metadata.put("name", name);
          }
          var list2 = group.putArray("versions");
          for (var version : versions) {
            var entry = list2.addObject().put("version", version);
            var resources = entry.putArray("resources");
            kinds.of(name.isEmpty() ? version : name + "/" + version).stream()
                .map(Discovery::aggregated)
                .forEach(resources::add);
            entry.put("freshness", "Current");
          }
        });
    return list;
  }

  private static ObjectNode aggregated(ResourceKind kind) {
    var resource = Json.object().put("resource", kind.plural());
    resource.set("responseKind", responseKind(kind.group(), kind.version(), kind.kind()));
    resource
        .put("scope", kind.namespaced() ? "Namespaced" : "Cluster")
        .put("singularResource", kind.singular());
    addAll(resource.putArray("verbs"), VERBS);
    if (!kind.shortNames().isEmpty()) {
      addAll(resource.putArray("shortNames"), kind.shortNames());
    }
    if (!kind.categories().isEmpty()) {
      addAll(resource.putArray("categories"), kind.categories());
    }
    var below = new ArrayList<ObjectNode>();
    for (var subresource : kind.subresources()) {
      var entry = Json.object().put("subresource", subresource);
      entry.set(
          "responseKind",
          subresource.equals("scale")
              ? responseKind("autoscaling", "v1", "Scale")
              : responseKind(kind.group(), kind.version(), kind.kind()));
      addAll(entry.putArray("verbs"), verbs(subresource));
      below.add(entry);
    }
    if (!below.isEmpty()) {
      resource.putArray("subresources").addAll(below);
    }
    return resource;
  }

  private static ObjectNode responseKind(String group, String version, String kind) {
    return Json.object().put("group", group).put("version", version).put("kind", kind);
  }
}
