package hu.mtmt.besorol.local.quickstart;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Classification;
import hu.mtmt.besorol.contract.Suggestion;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** A publication that is classified over HTTP, and the answer as a table. */
final class SampleAnswer {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final URI url;

  /**
   * Asks a service.
   *
   * @param url the address of the service
   */
  SampleAnswer(String url) {
    this.url = URI.create(url);
  }

  /**
   * The decision for a document; where the model decides on no subject, the three likeliest.
   *
   * @throws BesorolException with what the service said if it does not answer with 200
   */
  Classification of(Document document) {
    var decided = post("/v1/classify", document);
    return decided.suggestions().isEmpty() ? post("/v1/classify?limit=3", document) : decided;
  }

  private Classification post(String path, Document document) {
    var without =
        new Document(
            document.id(),
            document.title(),
            document.abstractText(),
            document.keywords(),
            document.journal(),
            document.language(),
            document.year(),
            List.of());
    try {
      var response =
          http.send(
              HttpRequest.newBuilder(url.resolve(path))
                  .header("Content-Type", "application/json")
                  .timeout(Duration.ofSeconds(30))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(without)))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new BesorolException(
            hu.mtmt.besorol.contract.FailureKind.PROGRAM_FAILED,
            "%s answered %d: %s"
                .formatted(url.resolve(path), response.statusCode(), new String(response.body())));
      }
      return JSON.readValue(response.body(), Classification.class);
    } catch (IOException e) {
      throw BesorolException.machine("%s does not answer: %s".formatted(url, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BesorolException.machine("Interrupted while %s was asked.".formatted(url), e);
    }
  }

  /** Subject, labels from the root to it, score. */
  static TextTable table(Classification answer, Taxonomy taxonomy, String language) {
    var table = new TextTable("SUBJECT", "PATH", "SCORE");
    for (var suggestion : answer.suggestions()) {
      table.row(
          suggestion.subject(),
          path(suggestion, taxonomy, Objects.requireNonNullElse(language, "en")),
          String.format(Locale.ROOT, "%.3f", suggestion.score()));
    }
    return table;
  }

  private static String path(Suggestion suggestion, Taxonomy taxonomy, String language) {
    return Optional.ofNullable(suggestion.path()).orElse(List.of(suggestion.subject())).stream()
        .map(id -> taxonomy.subject(taxonomy.indexOf(id)).label(language))
        .collect(Collectors.joining(" › "));
  }
}
