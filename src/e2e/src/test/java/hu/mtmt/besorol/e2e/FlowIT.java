package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** From an empty cluster to an answer over HTTP, and back to an empty cluster. */
@ClusterTest
class FlowIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void installsTrainsAnswersAndLeavesNothing(Cluster cluster) throws Exception {
    cluster.install(Cluster.overlay("dev"));

    var workspace = Workspace.create(cluster, "first");
    workspace.applyQuickstart();
    var version = workspace.awaitVersion("quickstart-1");
    workspace.awaitServing(version);

    var response = classify(workspace.url());

    assertThat(response.statusCode()).isEqualTo(200);
    var answer = JSON.readTree(response.body());
    assertThat(answer.path("version").asText()).isEqualTo(version);
    assertThat(answer.at("/suggestions/0/path/0").asText()).isEqualTo("1");

    cluster.clean();
    assertThat(leftovers(cluster)).isEmpty();
  }

  private static HttpResponse<byte[]> classify(String url) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(url).resolve("/v1/classify"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(Workspace.document()))
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  private static Stream<String> leftovers(Cluster cluster) {
    var client = cluster.client();
    return Stream.<Stream<? extends HasMetadata>>of(
            client.namespaces().list().getItems().stream(),
            client.apiextensions().v1().customResourceDefinitions().list().getItems().stream(),
            client.rbac().clusterRoles().list().getItems().stream(),
            client.rbac().clusterRoleBindings().list().getItems().stream(),
            client.scheduling().v1().priorityClasses().list().getItems().stream(),
            client.persistentVolumes().list().getItems().stream())
        .flatMap(s -> s)
        .map(o -> o.getKind() + " " + o.getMetadata().getName())
        .filter(n -> n.contains("besorol") || n.contains("first"));
  }
}
