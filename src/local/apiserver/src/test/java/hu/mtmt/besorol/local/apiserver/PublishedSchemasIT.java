package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code kubernetes.json} holds what a kube-apiserver publishes of the built-in kinds that Besorol
 * uses: discovery, and schemas without their descriptions.
 */
@RealApiServerTest
class PublishedSchemasIT {
  private static final Path FILE =
      Path.of("src/main/resources/hu/mtmt/besorol/local/apiserver/kubernetes.json");
  private static final String REFERENCE = "#/components/schemas/";
  private static final ObjectMapper SORTED =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  /** Kinds by group and version. */
  private static final Map<String, Set<String>> KINDS =
      new TreeMap<>(
          Map.of(
              "v1",
              Set.of(
                  "Namespace",
                  "ConfigMap",
                  "Secret",
                  "Service",
                  "Pod",
                  "Event",
                  "ServiceAccount",
                  "PersistentVolumeClaim",
                  "Node"),
              "apps/v1",
              Set.of("Deployment", "ReplicaSet"),
              "batch/v1",
              Set.of("Job"),
              "coordination.k8s.io/v1",
              Set.of("Lease"),
              "events.k8s.io/v1",
              Set.of("Event"),
              "policy/v1",
              Set.of("PodDisruptionBudget"),
              "apiextensions.k8s.io/v1",
              Set.of("CustomResourceDefinition"),
              "rbac.authorization.k8s.io/v1",
              Set.of("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"),
              "networking.k8s.io/v1",
              Set.of("NetworkPolicy"),
              "autoscaling/v2",
              Set.of("HorizontalPodAutoscaler")));

  private static final Set<String> SUBRESOURCES = Set.of("status", "scale", "log");

  @Test
  void theFileIsWhatTheServerPublishes(RealApiServer server) throws IOException {
    var published = publish(server.client());
    if (Boolean.getBoolean("schemas.update")) {
      Files.writeString(FILE, published);
    }
    assertThat(Files.readString(FILE))
        .as(
            "%s is of another Kubernetes: ./mvnw -pl src/local/apiserver -am verify"
                + " -Dit.test=PublishedSchemasIT -Dschemas.update=true",
            FILE)
        .isEqualTo(published);
  }

  private static String publish(KubernetesClient client) throws IOException {
    var resources = new TreeMap<String, List<String>>();
    var schemas = new TreeMap<String, String>();
    for (var entry : KINDS.entrySet()) {
      var groupVersion = entry.getKey();
      var path = (groupVersion.contains("/") ? "apis/" : "api/") + groupVersion;
      resources.put(groupVersion, resources(get(client, "/" + path), entry.getValue()));
      var definitions = get(client, "/openapi/v3/" + path).at("/components/schemas");
      var open = new ArrayDeque<String>();
      definitions
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (isWanted(definitions.get(name), name, entry.getValue())) {
                  open.add(name);
                }
              });
      for (String name; (name = open.poll()) != null; ) {
        if (!schemas.containsKey(name)) {
          var definition = definitions.get(name);
          schemas.put(name, text(undescribed(definition, false)));
          definition.findValuesAsText("$ref").stream()
              .filter(reference -> reference.startsWith(REFERENCE)) // one schema has a field $ref
              .forEach(reference -> open.add(reference.substring(REFERENCE.length())));
        }
      }
    }
    return "{\n\"version\":"
        + get(client, "/version").path("gitVersion")
        + ",\n\"resources\":{\n"
        + resources.entrySet().stream()
            .map(e -> '"' + e.getKey() + "\":[\n" + String.join(",\n", e.getValue()) + "\n]")
            .collect(Collectors.joining(",\n"))
        + "\n},\n\"schemas\":{\n"
        + schemas.entrySet().stream()
            .map(e -> '"' + e.getKey() + "\":" + e.getValue())
            .collect(Collectors.joining(",\n"))
        + "\n}\n}\n";
  }

  private static JsonNode get(KubernetesClient client, String path) throws IOException {
    return Json.MAPPER.readTree(client.raw(path));
  }

  private static boolean isWanted(JsonNode definition, String name, Set<String> kinds) {
    return kinds.contains(name.substring(name.lastIndexOf('.') + 1))
        && definition.has("x-kubernetes-group-version-kind");
  }

  private static List<String> resources(JsonNode discovery, Set<String> kinds) throws IOException {
    var plurals = new ArrayList<String>();
    discovery
        .path("resources")
        .forEach(
            resource -> {
              if (kinds.contains(resource.path("kind").asText())) {
                plurals.add(resource.path("name").asText());
              }
            });
    var kept = new ArrayList<JsonNode>();
    for (var resource : discovery.path("resources")) {
      var name = resource.path("name").asText().split("/", 2);
      if (plurals.contains(name[0]) && (name.length == 1 || SUBRESOURCES.contains(name[1]))) {
        ((ObjectNode) resource).remove("storageVersionHash");
        kept.add(resource);
      }
    }
    kept.sort(Comparator.comparing(resource -> resource.path("name").asText()));
    var lines = new ArrayList<String>();
    for (var resource : kept) {
      lines.add(text(resource));
    }
    return lines;
  }

  private static String text(JsonNode node) throws IOException {
    return SORTED.writeValueAsString(SORTED.treeToValue(node, Object.class));
  }

  /**
   * @param names whether the fields of the node are names of properties, of which one may be
   *     "description"
   */
  private static JsonNode undescribed(JsonNode node, boolean names) {
    if (node instanceof ArrayNode list) {
      var copy = Json.array();
      list.forEach(item -> copy.add(undescribed(item, false)));
      return copy;
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    var copy = Json.object();
    for (var field : object.properties()) {
      boolean isText =
          field.getKey().equals("description") || field.getKey().equals("x-kubernetes-unions");
      if (names || !isText) {
        copy.set(
            field.getKey(),
            undescribed(field.getValue(), field.getKey().equals("properties") && !names));
      }
    }
    return copy;
  }
}
