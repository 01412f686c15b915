package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server as bytes on a line: what client libraries hide. */
class HttpTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @RegisterExtension
  final ServerExtension api =
      new ServerExtension(LocalApiServer.Options.inMemory().withHistory(2000));

  private final HttpClient http = HttpClient.newHttpClient();

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(api.server().url() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return Json.parse(send(request(path)).body());
  }

  private HttpResponse<String> send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  private void create(String name) throws IOException, InterruptedException {
    var map =
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name + "\"}}";
    assertThat(send("POST", MAPS, "application/json", map).statusCode()).isEqualTo(201);
  }

  @Test
  void nobodyComesInWithoutTheSecret() throws Exception {
    var base = api.server().url().substring(0, api.server().url().lastIndexOf('/'));
    for (var path : List.of("/api", "/", "/wrong/api", "/api/v1/secrets")) {
      var response = send(HttpRequest.newBuilder(URI.create(base + path)));
      assertThat(response.statusCode()).as(path).isEqualTo(401);
      assertThat(Json.parse(response.body()).path("reason").asText()).isEqualTo("Unauthorized");
    }
    assertThat(send(HttpRequest.newBuilder(URI.create(base + "/readyz"))).body()).isEqualTo("ok");
    assertThat(send(request("/readyz")).body()).isEqualTo("ok");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /openapi/v2,                            501, OpenAPI v2 is not served",
    "GET,    /api/v1/watch/pods,                     501, write ?watch=true",
    "POST,   /api/v1/namespaces/default/pods/p/exec, 501, exec of pods is not done by the local"
        + " cluster",
    "PUT,    /api/v1/namespaces/default/configmaps,  405, does not allow this method",
    "DELETE, /api/v1/pods,                           405, does not allow this method",
    "GET,    /api/v1/namespaces/default/configmaps?limit=many, 400, must be a whole number",
    "GET,    /api/v1/namespaces/default/configmaps?resourceVersion=99999999, 504, Too large"
        + " resource version",
  })
  void saysWhatItDoesNotDo(String method, String path, int code, String sentence) throws Exception {
    var response = send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(code);
    assertThat(Json.parse(response.body()).path("message").asText()).contains(sentence);
  }

  @Test
  void refusesBodiesThatItCannotTake() throws Exception {
    var large = "{\"data\":\"" + "x".repeat(3 * 1024 * 1024) + "\"}";
    assertThat(send("POST", MAPS, "application/json", large).statusCode()).isEqualTo(413);
    var protobuf = send("POST", MAPS, "application/vnd.kubernetes.protobuf", "k8s");
    assertThat(protobuf.statusCode()).isEqualTo(415);
    assertThat(protobuf.body()).contains("kubectl apply -f");
    var deep = "[".repeat(1000);
    assertThat(send("POST", MAPS, "application/json", deep).statusCode()).isEqualTo(400);
    assertThat(send("POST", MAPS, "application/json", "[]").body()).contains("must be an object");
    assertThat(
            send(request(MAPS).header("Accept", "application/vnd.kubernetes.protobuf"))
                .statusCode())
        .isEqualTo(406);
    create("fine");
  }

  @Test
  void readsYaml() throws Exception {
    var yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: y\ndata:\n  k: v\n";
    assertThat(send("POST", MAPS, "application/yaml", yaml).statusCode()).isEqualTo(201);
    assertThat(get(MAPS + "/y").at("/data/k").asText()).isEqualTo("v");
    var broken = send("POST", MAPS, "application/yaml", "apiVersion: [");
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(broken.body()).contains("is not YAML (line ");
  }

  @Test
  void pagesShowOneMoment() throws Exception {
    for (var name : List.of("a", "b", "c", "d", "e")) {
      create(name);
    }
    var first = get(MAPS + "?limit=2");
    assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
    send(request(MAPS + "/d").DELETE());
    create("ca");
    var names = new ArrayList<String>();
    var page = first;
    while (true) {
      page.path("items").forEach(i -> names.add(i.at("/metadata/name").asText()));
      var next = page.at("/metadata/continue").asText("");
      if (next.isEmpty()) {
        break;
      }
      page = get(MAPS + "?limit=2&continue=" + next);
      assertThat(page.at("/metadata/resourceVersion"))
          .isEqualTo(first.at("/metadata/resourceVersion"));
    }
    assertThat(names).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void aForgottenPageIsAskedForAgainFromTheStart() throws Exception {
    create("a");
    create("b");
    var next = get(MAPS + "?limit=1").at("/metadata/continue").asText();
    for (int i = 0; i < 64; i++) {
      create("x" + i);
      get(MAPS + "?limit=1");
    }
    var response = send(request(MAPS + "?limit=1&continue=" + next));
    assertThat(response.statusCode()).isEqualTo(410);
    assertThat(Json.parse(response.body()).path("reason").asText()).isEqualTo("Expired");
  }

  /** The lines of a watch that ends by itself. */
  private List<JsonNode> watch(String query) throws IOException, InterruptedException {
    var response =
        http.send(
            request(MAPS + "?watch=true&" + query).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    var lines = new ArrayList<JsonNode>();
    try (var reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      reader.lines().forEach(line -> lines.add(Json.parse(line)));
    }
    return lines;
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream()
        .map(e -> e.path("type").asText() + " " + e.at("/object/metadata/name").asText(""))
        .toList();
  }

  @Test
  void watchesReplayWhatWasMissedAndEndWithABookmark() throws Exception {
    create("a");
    var revision = get(MAPS).at("/metadata/resourceVersion").asText();
    create("b");
    send(
        "PATCH",
        MAPS + "/a",
        "application/merge-patch+json",
        "{\"metadata\":{\"labels\":{\"x\":\"1\"}}}");
    send(request(MAPS + "/b").DELETE());
    assertThat(types(watch("timeoutSeconds=1&resourceVersion=" + revision)))
        .containsExactly("ADDED b", "MODIFIED a", "DELETED b");
    assertThat(types(watch("timeoutSeconds=1&labelSelector=x&resourceVersion=" + revision)))
        .as("what begins to match is new")
        .containsExactly("ADDED a");
    assertThat(types(watch("timeoutSeconds=1&labelSelector=!x&resourceVersion=" + revision)))
        .as("what no longer matches is gone")
        .containsExactly("ADDED b", "DELETED a", "DELETED b");
    assertThat(types(watch("timeoutSeconds=1"))).containsExactly("ADDED a");
    var events =
        watch(
            "timeoutSeconds=1&allowWatchBookmarks=true&sendInitialEvents=true"
                + "&resourceVersionMatch=NotOlderThan");
    assertThat(types(events)).containsExactly("ADDED a", "BOOKMARK ", "BOOKMARK ");
    assertThat(events.get(1).at("/object/metadata/annotations/k8s.io~1initial-events-end").asText())
        .isEqualTo("true");
  }

  @Test
  void aWatchFromTooLongAgoIsToldSo() throws Exception {
    create("a");
    var revision = get(MAPS).at("/metadata/resourceVersion").asText();
    api.server().forgetHistory();
    var events = watch("resourceVersion=" + revision);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().path("type").asText()).isEqualTo("ERROR");
    assertThat(events.getFirst().at("/object/code").asInt()).isEqualTo(410);
    assertThat(events.getFirst().at("/object/reason").asText()).isEqualTo("Expired");
  }

  @Test
  void anUpgradeToAWebSocketFallsBackToHttp() throws Exception {
    var address = URI.create(api.server().url());
    try (var socket = new Socket(address.getHost(), address.getPort())) {
      var text =
          "GET "
              + address.getPath()
              + MAPS
              + "?watch=true HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
              + "Connection: Upgrade\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      assertThat(reader.readLine()).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void aThousandObjectsByManyHands() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done =
          IntStream.range(0, 1000)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            create("m" + i);
                            var patch = "{\"data\":{\"i\":\"" + i + "\"}}";
                            return send(
                                    "PATCH", MAPS + "/m" + i, "application/merge-patch+json", patch)
                                .statusCode();
                          }))
              .toList();
      for (var future : done) {
        assertThat(future.get()).isEqualTo(200);
      }
    }
    var list = get(MAPS);
    assertThat(list.path("items")).hasSize(1000);
    var revisions = list.findValuesAsText("resourceVersion");
    assertThat(revisions.subList(1, revisions.size())).doesNotHaveDuplicates();
    send(request(MAPS).DELETE());
    assertThat(get(MAPS).path("items")).isEmpty();
  }

  @Test
  void ofManyWhoChangeTheSameVersionOneWins() throws Exception {
    create("a");
    var revision = get(MAPS + "/a").at("/metadata/resourceVersion").asText();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var codes =
          IntStream.range(0, 20)
              .mapToObj(
                  i ->
                      threads.submit(
                          () ->
                              send(
                                      "PATCH",
                                      MAPS + "/a",
                                      "application/merge-patch+json",
                                      "{\"metadata\":{\"resourceVersion\":\""
                                          + revision
                                          + "\"},\"data\":{\"i\":\""
                                          + i
                                          + "\"}}")
                                  .statusCode()))
              .toList();
      var all = new ArrayList<Integer>();
      for (var code : codes) {
        all.add(code.get());
      }
      assertThat(all).containsOnlyOnce(200).hasSize(20);
      assertThat(all.stream().filter(c -> c == 409)).hasSize(19);
    }
  }
}
