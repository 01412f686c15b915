package hu.mtmt.besorol.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.ServiceReport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client of the service, which holds every answer against the interface. */
final class Service {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Interface specified = Interface.read();
  private final URI address;

  Service(URI address) {
    this.address = address;
  }

  /** An answer. */
  record Answer(int status, String contentType, HttpResponse<?> response, JsonNode body) {
    String detail() {
      return body.path("detail").asText();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }
  }

  Answer classify(String json) {
    return classify("", json);
  }

  Answer classify(String query, String json) {
    return post("/v1/classify", query, BodyPublishers.ofString(json));
  }

  Answer classify(BodyPublisher body) {
    return post("/v1/classify", "", body);
  }

  private Answer post(String path, String query, BodyPublisher body) {
    return send(path, request(path + query).header("Content-Type", "application/json").POST(body));
  }

  Answer get(String path, String query) {
    return send(path, request(path + query).GET());
  }

  /** Sends lines and returns the lines that come back. */
  List<JsonNode> stream(BodyPublisher body) {
    var path = "/v1/classify/stream";
    try {
      var response = http.send(request(path).POST(body).build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      var lines = new ArrayList<JsonNode>();
      for (var line : response.body().lines().toList()) {
        var json = JSON.readTree(line);
        assertThat(specified.check("POST", path, 200, "application/x-ndjson", json)).isEmpty();
        lines.add(json);
      }
      return lines;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends any request; the interface is not asked if the route is not in it. */
  Answer send(String path, HttpRequest.Builder request) {
    try {
      var sent = request.build();
      var response = http.send(sent, BodyHandlers.ofString());
      var contentType =
          response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
      var body = contentType.endsWith("json") ? JSON.readTree(response.body()) : null;
      var known = specified.operations().contains(sent.method() + " " + path);
      if (known && response.statusCode() != 406) {
        assertThat(specified.check(sent.method(), path, response.statusCode(), contentType, body))
            .as("%s", body)
            .isEmpty();
      }
      return new Answer(response.statusCode(), contentType, response, body);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(address.resolve(pathAndQuery)).timeout(Duration.ofSeconds(30));
  }

  /** What the service tells of its newest requests. */
  ServiceReport report() {
    return ContractJson.read(
        text(ServiceReport.ROUTE).getBytes(StandardCharsets.UTF_8), ServiceReport.class, "report");
  }

  String text(String path) {
    try {
      return http.send(request(path).build(), BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
