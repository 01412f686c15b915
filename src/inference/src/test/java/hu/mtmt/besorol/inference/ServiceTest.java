package hu.mtmt.besorol.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import hu.mtmt.besorol.contract.ServiceReport;
import hu.mtmt.besorol.corpus.Document;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the service answers to what it understands. */
@QuarkusTest
@QuarkusTestResource(TinyModelResource.class)
class ServiceTest {
  @TestHTTPResource("/")
  URI address;

  @Inject ServedModel served;

  private Service service;

  @BeforeEach
  void connect() {
    service = new Service(address);
  }

  @Test
  void answersOneDocumentWithLabelsAndPath() {
    var answer = service.classify("{\"id\": 7, \"title\": \"Quantum plasma and the muon\"}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("id").textValue()).isEqualTo("7");
    var best = answer.body().path("suggestions").path(0);
    assertThat(best.path("subject").textValue()).isEqualTo("1.2");
    assertThat(best.path("labels").path("hu").textValue()).isEqualTo("Fizika");
    assertThat(texts(best.path("path"))).containsExactly("1", "1.2");
    assertThat(best.path("score").doubleValue()).isBetween(0.5, 1.0);
  }

  @Test
  void namesTheVersionInHeaderAndBody() {
    var answer = service.classify("{\"title\": \"muon\"}");

    var version = served.get().orElseThrow().version().value();
    assertThat(answer.header("Besorol-Version")).isEqualTo(version);
    assertThat(answer.body().path("version").textValue()).isEqualTo(version);
    assertThat(answer.body().has("id")).isFalse();
  }

  @Test
  void reportsItsNewestRequests() {
    service.classify(
        IntStream.range(0, ServiceReport.COLD)
            .mapToObj(_ -> "{\"title\": \"grammar\"}")
            .collect(Collectors.joining(",", "[", "]")));
    var before = service.report();
    service.classify("{\"title\": \"muon\"}");
    service.classify("{\"title\": ");
    var after = service.report();

    assertThat(after.version()).isEqualTo(served.get().orElseThrow().version());
    assertThat(after.requests()).isEqualTo(before.requests() + 2);
    assertThat(after.failures()).as("the client's mistakes are none").isEqualTo(before.failures());
    assertThat(after.times().stream().mapToInt(n -> n).sum())
        .isEqualTo(before.times().stream().mapToInt(n -> n).sum() + 1);
    assertThat(after.subjects().get("1.2")).isEqualTo(before.subjects().getOrDefault("1.2", 0) + 1);
    assertThat(after.probe()).isNotEmpty().isEqualTo(before.probe());
  }

  @Test
  void answersAnArrayInItsOrder() {
    var answer =
        service.classify(
            """
            [{"id": "a", "abstract": "solvent and polymer"},
             {"id": "b", "keywords": ["grammar", "phoneme"]},
             {"id": "c", "journal": "Medieval treaty archive", "language": "hu", "year": 1999}]
            """);

    assertThat(answer.body()).hasSize(3);
    assertThat(texts(answer.body(), "id")).containsExactly("a", "b", "c");
    assertThat(
            StreamSupport.stream(answer.body().spliterator(), false)
                .map(c -> c.at("/suggestions/0/subject").textValue()))
        .containsExactly("1.3", "2.2", "2.1");
  }

  @Test
  void answersAnEmptyArray() {
    assertThat(service.classify("[]").body()).isEmpty();
  }

  @Test
  void ranksOnRequest() {
    var document = "{\"title\": \"muon theorem grammar\"}";

    var two = service.classify("?limit=2", document).body().path("suggestions");
    assertThat(two).hasSize(2);
    assertThat(two.path(0).path("score").doubleValue())
        .isGreaterThanOrEqualTo(two.path(1).path("score").doubleValue());

    var all = service.classify("?threshold=0", document).body().path("suggestions");
    assertThat(all).hasSize(5);
    var bound = all.path(2).path("score").asText();
    assertThat(service.classify("?threshold=" + bound, document).body().path("suggestions"))
        .hasSizeBetween(2, 3); // scores on the wire are rounded
  }

  @Test
  void tellsWhatDecidedOnRequest() {
    var document = "{\"title\": \"muon theorem grammar\"}";
    var suggestions =
        service.classify("?limit=2&explain=true", document).body().path("suggestions");

    assertThat(suggestions).hasSize(2);
    for (var suggestion : suggestions) {
      var reason = suggestion.path("reasons").path(0);
      assertThat(reason.path("kind").textValue()).isEqualTo("Term");
      assertThat("muon theorem grammar").contains(reason.path("text").textValue());
      assertThat(reason.path("weight").doubleValue()).isNotZero();
    }
    assertThat(service.classify("?limit=1", document).body().at("/suggestions/0").has("reasons"))
        .isFalse();
  }

  @Test
  void answersLikeThePackageItself() {
    var model = served.get().orElseThrow().modelPackage();
    for (var text : List.of("algebra and topology", "plasma", "empire syntax photon")) {
      var document = new Document(null, text, null, null, null, null, null, null);
      var suggestions =
          service.classify("{\"title\": \"%s\"}".formatted(text)).body().path("suggestions");
      assertThat(texts(suggestions, "subject"))
          .containsExactlyElementsOf(
              model.suggest(document).stream().map(s -> s.subject()).toList());
    }
  }

  @Test
  void streamsLinesInTheirOrderAndGoesOnAfterAWrongOne() {
    var lines =
        service.stream(
            BodyPublishers.ofString(
                """
                {"id": "1", "title": "muon"}

                {"id": "2", "title": "muon", "language": "xx"}
                {"id": "3",
                [{"id": "4", "title": "muon"}]
                {"id": "5", "title": "%s"}
                {"id": "6", "title": "dialect"}\
                """
                    .formatted("x".repeat(2 << 20))));

    assertThat(lines).hasSize(6);
    assertThat(lines.get(0).path("id").textValue()).isEqualTo("1");
    assertProblem(lines.get(1), 422, 3, "language (line 3, column 42): it is no language code");
    assertProblem(lines.get(2), 400, 4, "line 4, column");
    assertProblem(lines.get(3), 400, 5, "one document");
    assertProblem(lines.get(4), 413, 6, "longer than 1,048,576 bytes");
    assertThat(lines.get(5).at("/suggestions/0/subject").textValue()).isEqualTo("2.2");
  }

  private static void assertProblem(JsonNode line, int status, int number, String detail) {
    assertThat(line.path("status").intValue()).isEqualTo(status);
    assertThat(line.path("line").intValue()).isEqualTo(number);
    assertThat(line.path("detail").textValue()).contains(detail);
  }

  @Test
  void streamsThousandsOfLinesInTheirOrder() {
    var ids = IntStream.range(0, 5000).mapToObj(Integer::toString).toList();
    var body =
        String.join(
            "\n", ids.stream().map("{\"id\": \"%s\", \"title\": \"treaty\"}"::formatted).toList());

    assertThat(service.stream(BodyPublishers.ofString(body)))
        .extracting(l -> l.path("id").textValue())
        .containsExactlyElementsOf(ids);
  }

  @Test
  void answersALineOfAStreamBeforeTheNextOneComes() throws Exception {
    try (var stream = new DuplexStream(address)) {
      for (int i = 0; i < 3; i++) {
        stream.write("{\"id\": %d, \"title\": \"muon\"}\n".formatted(i));
        assertThat(stream.readLine()).startsWith("{\"id\":\"%d\"".formatted(i));
      }
      stream.end();
      assertThat(stream.readLine()).isNull();
    }
  }

  @Test
  void describesTheModel() {
    var model = service.get("/v1/model", "").body();

    assertThat(model.path("version").textValue())
        .isEqualTo(served.get().orElseThrow().version().value());
    assertThat(model.at("/algorithm/type").textValue()).isEqualTo("Linear");
    assertThat(model.at("/taxonomy/subjects").intValue()).isEqualTo(5);
    assertThat(texts(model.at("/taxonomy/languages"))).containsExactly("en", "hu");
    assertThat(model.at("/figures/StrictF1").doubleValue()).isEqualTo(0.8);
  }

  @Test
  void listsSubjectsWithTheirGrade() {
    var page = service.get("/v1/subjects", "?level=2").body();

    assertThat(page.path("total").intValue()).isEqualTo(6);
    assertThat(texts(page.path("subjects"), "id"))
        .containsExactly("1.1", "1.2", "1.3", "2.1", "2.2", "2.3");
    var physics = page.at("/subjects/1");
    assertThat(physics.at("/result/grade").textValue()).isEqualTo("Green");
    assertThat(physics.path("answered").booleanValue()).isTrue();
    assertThat(page.at("/subjects/5/answered").booleanValue()).isFalse();
    assertThat(page.at("/subjects/0").has("result")).isFalse();
  }

  @Test
  void findsSubjectsByTheirLabelInALanguage() {
    var page = service.get("/v1/subjects", "?language=hu&query=TUDOM%C3%81NY").body();

    assertThat(texts(page.path("subjects"), "id")).containsExactly("1", "2");
    assertThat(page.at("/subjects/0/labels")).hasSize(1);
  }

  @Test
  void pagesThroughSubjects() {
    var page = service.get("/v1/subjects", "?offset=6&limit=1").body();

    assertThat(page.path("total").intValue()).isEqualTo(8);
    assertThat(texts(page.path("subjects"), "id")).containsExactly("2.2");
  }

  @Test
  void isHealthy() {
    assertThat(service.text("/q/health/live")).contains("\"UP\"");
    assertThat(service.text("/q/health/started")).contains("\"UP\"");
    assertThat(service.text("/q/health/ready"))
        .contains("\"UP\"", served.get().orElseThrow().version().value());
  }

  @Test
  void countsDocumentsAndNamesTheVersionInItsMetrics() {
    service.classify("[{\"title\": \"muon\"}, {\"title\": \"syntax\"}]");
    service.stream(BodyPublishers.ofString("{\"title\": \"muon\"}\n{}"));

    var metrics = service.text("/q/metrics");
    assertThat(metrics)
        .contains(
            "besorol_document_seconds_bucket{",
            "besorol_suggestions_total",
            "besorol_documents_refused_total",
            "besorol_requests_in_flight{route=\"/v1/classify/stream\"} 0.0",
            "http_server_requests_seconds_bucket{method=\"POST\",outcome=\"SUCCESS\",status=\"200\",uri=\"/v1/classify\",le=\"0.005\"}",
            "http_server_requests_seconds_count{method=\"POST\",outcome=\"SUCCESS\",status=\"200\",uri=\"/v1/classify\"}")
        .containsPattern(
            "besorol_model\\{algorithm=\"Linear\",version=\"sha256:[0-9a-f]{64}\"\\} 1.0");
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::textValue).toList();
  }

  private static List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(n -> n.path(field).textValue())
        .toList();
  }
}
