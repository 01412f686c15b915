package hu.mtmt.besorol.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the service answers to what is wrong; after each of these it answers the next one well. */
@QuarkusTest
@QuarkusTestResource(TinyModelResource.class)
class BadRequestTest {
  private static final String PROBLEM = "application/problem+json";

  @TestHTTPResource("/")
  URI address;

  private Service service;

  @BeforeEach
  void connect() {
    service = new Service(address);
  }

  @AfterEach
  void answersTheNextGoodRequest() {
    assertThat(service.classify("{\"title\": \"muon\"}").status()).isEqualTo(200);
  }

  static Stream<Arguments> badBodies() {
    return Stream.of(
        arguments("", 400, "The body is empty"),
        arguments("{\"title\": \"x\",\n \"year\": 1,,}", 400, "line 2, column 12"),
        arguments("{\"title\": \"x\"", 400, "line 1, column 14"),
        arguments("{\"title\": \"x\"} {}", 400, "line 1, column 16: the document ends before this"),
        arguments("{\"title\": \"a\u0001b\"}", 400, "line 1, column"),
        arguments("\"title\"", 400, "send a JSON object"),
        arguments("{\"title\": true}", 422, "title (line 1, column 11): write text in quotes."),
        arguments("{\"title\": {\"en\": \"x\"}}", 422, "title (line 1, column 11)"),
        arguments("{\"title\": \"x\", \"keywords\": \"y\"}", 422, "write an array of texts"),
        arguments("{\"keywords\": [\"x\", null]}", 422, "keywords[1] (line 1, column 20)"),
        arguments("{\"title\": \"x\", \"year\": \"MMXX\"}", 422, "year"),
        arguments(
            "{\"title\": \"x\", \"language\": \"xx\"}", 422, "it is no language code of ISO 639-1"),
        arguments(
            "{\"title\": \"x\", \"language\": \"eng\"}",
            422,
            "it is no language code of ISO 639-1"),
        arguments("{\"id\": \"1\"}", 422, "it has no text: give it at least a title"),
        arguments("{\"title\": \" \", \"keywords\": []}", 422, "it has no text"),
        arguments(
            "[{\"title\": \"x\"}, {\"id\": 1}]", 422, "[1] (line 1, column 18): it has no text"),
        arguments("[{\"title\": \"x\"}, 5]", 422, "[1] (line 1, column 18): write a document as"),
        arguments(
            "[{\"title\": \"x\"},\n{\"title\": \"x\", \"language\": \"q\"}, {}]",
            422,
            "[1].language (line 2, column 28): it is no language code of ISO 639-1: write one such"
                + " as en or hu, or leave the field out. (and 1 more mistakes)"),
        arguments(
            "{\"abstract\": \"%s\"}".formatted("x".repeat(200_001)),
            413,
            "The document has 200,001 characters of text, and 200,000 are allowed"));
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void refusesWithThePlaceAndTheRemedy(String body, int status, String detail) {
    var answer = service.classify(body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.contentType()).isEqualTo(PROBLEM);
    assertThat(answer.detail()).contains(detail);
  }

  @Test
  void tellsTheLineAndColumnOfMalformedJson() {
    var answer = service.classify("{\"title\": \"x\",\n \"year\": 1,,}");

    assertThat(answer.body().path("line").intValue()).isEqualTo(2);
    assertThat(answer.body().path("column").intValue()).isEqualTo(12);
  }

  @Test
  void tellsEveryMistakeOfEveryDocument() {
    var answer =
        service.classify("[{\"title\": true}, {\"title\": \"x\", \"language\": \"q\"}, {}]");

    assertThat(answer.body().path("errors"))
        .extracting(e -> e.path("document").intValue() + ":" + e.path("field").textValue())
        .containsExactly("0:title", "1:language", "2:null");
  }

  @Test
  void refusesInvalidUtf8() {
    var body = "{\"title\": \"muon ?\"}".getBytes(StandardCharsets.US_ASCII);
    body[16] = (byte) 0xE9; // é in Latin-1

    var answer = service.classify(BodyPublishers.ofByteArray(body));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).contains("UTF-8", "line 1, column");
  }

  @Test
  void refusesARequestOf20MegabytesAndNamesTheStream() {
    var body = ("{\"title\": \"" + "x".repeat(20_000_000) + "\"}").getBytes(StandardCharsets.UTF_8);

    var answer = service.classify(BodyPublishers.ofByteArray(body));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.detail()).contains("larger than 10,485,760 bytes", "/v1/classify/stream");
  }

  @Test
  void refusesARequestOf20MegabytesThatDoesNotSayItsLength() {
    var body = ("{\"title\": \"" + "x".repeat(20_000_000) + "\"}").getBytes(StandardCharsets.UTF_8);

    var answer =
        service.classify(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

    assertThat(answer.status()).isEqualTo(413);
  }

  @Test
  void refusesTenThousandDocumentsInOneRequestAndNamesTheStream() {
    var body = "[" + String.join(",", Collections.nCopies(10_000, "{\"title\":\"muon\"}")) + "]";

    var answer = service.classify(body);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.detail()).contains("more than 1,000 documents", "/v1/classify/stream");
  }

  @ParameterizedTest
  @CsvSource({
    "?limit=0, limit must be a whole number from 1 to 1000.",
    "?limit=many, limit must be a whole number from 1 to 1000.",
    "?threshold=2, threshold must be a number from 0 to 1.",
    "?threshold=NaN, threshold must be a number from 0 to 1.",
    "?explain=please, explain must be true or false."
  })
  void refusesParametersOutOfBounds(String query, String detail) {
    var answer = service.classify(query, "{\"title\": \"x\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).isEqualTo(detail);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/nothing, application/json, 404, no such route",
    "GET, /, application/json, 404, no such route",
    "GET, /v1/classify, application/json, 405, sent with POST",
    "DELETE, /v1/model, application/json, 405, does not take this method",
    "POST, /v1/classify, text/plain, 415, application/json",
    "POST, /v1/classify/stream, application/x-www-form-urlencoded, 415, application/x-ndjson"
  })
  void saysWhatToDoWhereTheFrameworkRefuses(
      String method, String path, String contentType, int status, String detail) {
    var request =
        service
            .request(path)
            .header("Content-Type", contentType)
            .method(method, BodyPublishers.ofString("{\"title\": \"x\"}"));

    var answer = service.send(path, request);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.contentType()).isEqualTo(PROBLEM);
    assertThat(answer.detail()).contains(detail);
  }

  @Test
  void refusesAnAnswerInAnotherType() {
    var answer =
        service.send("/v1/model", service.request("/v1/model").header("Accept", "text/html"));

    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.contentType()).isEqualTo(PROBLEM);
    assertThat(answer.detail()).contains("Accept");
  }
}
