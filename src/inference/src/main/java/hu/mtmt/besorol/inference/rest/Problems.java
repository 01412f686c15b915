package hu.mtmt.besorol.inference.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.List;

/** The problems (RFC 9457) that clients can meet: each with a sentence that says what to do. */
final class Problems {
  private static final String STREAM = "send them to /v1/classify/stream, which takes any number";

  private Problems() {}

  /** A query parameter, header or body that cannot be understood. */
  static HttpProblem badRequest(String detail) {
    return problem(400, "Bad Request", detail).build();
  }

  /**
   * A body that is not JSON.
   *
   * @param line counted from 1
   * @param column counted from 1
   */
  static HttpProblem malformed(String what, long line, int column) {
    return problem(
            400,
            "Malformed JSON",
            "The body is not JSON: line %d, column %d: %s.".formatted(line, column, what))
        .with("line", line)
        .with("column", column)
        .build();
  }

  static HttpProblem unauthorized() {
    return problem(
            401, "Unauthorized", "Send a known API key: the header Authorization: Bearer KEY.")
        .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
        .build();
  }

  /** Documents that are JSON but no documents. */
  static HttpProblem invalidDocuments(List<Mistake> mistakes, int total) {
    var first = mistakes.getFirst();
    var more = total == 1 ? "" : " (and %d more mistakes)".formatted(total - 1);
    return problem(422, "Invalid document", first.sentence() + more)
        .with("errors", mistakes)
        .build();
  }

  static HttpProblem bodyTooLarge(long bytes) {
    return problem(
            413,
            "Request too large",
            "The body is larger than %,d bytes: send fewer documents in a request, or %s."
                .formatted(bytes, STREAM))
        .withHeader(HttpHeaderNames.CONNECTION.toString(), HttpHeaderValues.CLOSE)
        .build();
  }

  static HttpProblem bodyTooSlow(Duration limit) {
    return problem(
            408,
            "Request Timeout",
            "The body did not arrive within %d seconds: send it faster, or less of it."
                .formatted(limit.toSeconds()))
        .withHeader(HttpHeaderNames.CONNECTION.toString(), HttpHeaderValues.CLOSE)
        .build();
  }

  /** Nobody is likely to read it: the connection broke. */
  static HttpProblem bodyBrokenOff() {
    return badRequest("The body broke off before its end.");
  }

  static HttpProblem tooManyDocuments(int documents) {
    return problem(
            413,
            "Too many documents",
            "The request has more than %,d documents: send fewer in a request, or %s."
                .formatted(documents, STREAM))
        .build();
  }

  static HttpProblem textTooLong(String place, long characters, int limit) {
    return problem(
            413,
            "Text too long",
            "%s has %,d characters of text, and %,d are allowed: send its abstract, not its full text."
                .formatted(place, characters, limit))
        .build();
  }

  static HttpProblem lineTooLong(long bytes) {
    return problem(
            413,
            "Line too long",
            "The line is longer than %,d bytes: write one document on a line.".formatted(bytes))
        .build();
  }

  static HttpProblem internal() {
    return problem(
            500,
            "Internal Server Error",
            "The service failed; its log says why. It is a defect worth a report.")
        .build();
  }

  static HttpProblem notReady() {
    return unavailable("Not ready", "The model is still being loaded: try again in a moment.");
  }

  static HttpProblem overloaded() {
    return unavailable(
        "Overloaded", "The service has as many requests as it can take: try again in a moment.");
  }

  private static HttpProblem unavailable(String title, String detail) {
    return problem(503, title, detail).withHeader(HttpHeaders.RETRY_AFTER, 1).build();
  }

  private static HttpProblem.Builder problem(int status, String title, String detail) {
    return HttpProblem.builder().withStatus(status).withTitle(title).withDetail(detail);
  }
}
