package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as it is written in a test's resource.
 *
 * @param send method and path; {@code {{NAME/POINTER}}} in it stands for an earlier answer
 * @param contentType of the body
 * @param body text; null if there is none
 */
record Exchange(String name, String send, String accept, String contentType, String body) {
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{([^/}]+)(/[^}]*)\\}\\}");

  /** An answer; body is missing if it is not JSON. */
  record Answer(int code, JsonNode body, String warning) {}

  static Exchange read(JsonNode written) {
    var body =
        written.has("text")
            ? written.path("text").asText()
            : written.has("body") ? Json.text(written.get("body")) : null;
    return new Exchange(
        written.path("name").asText(),
        written.path("send").asText(),
        written.path("accept").asText("application/json"),
        written.path("type").asText("application/json"),
        body);
  }

  /** Sends requests to one server and remembers its answers. */
  static final class Conversation {
    private final HttpClient http;
    private final String base;
    private final Map<String, Answer> answers = new HashMap<>();

    Conversation(KubernetesClient client) {
      var config =
          new ConfigBuilder(client.getConfiguration()).withRequestRetryBackoffLimit(0).build();
      http = new KubernetesClientBuilder().withConfig(config).build().getHttpClient();
      base = client.getConfiguration().getMasterUrl().replaceAll("/$", "");
    }

    Answer send(Exchange exchange) {
      var parts = REFERENCE.matcher(exchange.send()).replaceAll(this::earlier).split(" ", 2);
      var request =
          http.newHttpRequestBuilder()
              .uri(URI.create(base + parts[1]))
              .header("Accept", exchange.accept())
              .header("User-Agent", "contract/1")
              .method(parts[0], exchange.contentType(), exchange.body())
              .build();
      try {
        var response = http.sendAsync(request, String.class).get(30, TimeUnit.SECONDS);
        var answer =
            new Answer(
                response.code(),
                parse(response.body()),
                String.join("; ", response.headers("Warning")));
        answers.put(exchange.name(), answer);
        return answer;
      } catch (Exception e) {
        throw new AssertionError(exchange.name() + ": no answer from " + base, e);
      }
    }

    private String earlier(java.util.regex.MatchResult reference) {
      return Matcher.quoteReplacement(
          answers.get(reference.group(1)).body().at(reference.group(2)).asText());
    }

    private static JsonNode parse(String text) {
      try {
        return Json.MAPPER.readTree(text);
      } catch (IOException e) {
        return MissingNode.getInstance();
      }
    }
  }
}
