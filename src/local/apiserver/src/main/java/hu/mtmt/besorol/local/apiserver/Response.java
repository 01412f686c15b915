package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** What a request is answered with. */
sealed interface Response {

  /** A JSON document. */
  record Document(int code, JsonNode body, String contentType, List<String> warnings)
      implements Response {}

  /** Plain text. */
  record Text(String text) implements Response {}

  /** Something that may go on for ever. */
  record Stream(String contentType, Writer writer) implements Response {}

  /** Writes a stream; it flushes what should arrive at once. */
  @FunctionalInterface
  interface Writer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  static Response ok(JsonNode body) {
    return document(200, body, List.of());
  }

  static Response document(int code, JsonNode body, List<String> warnings) {
    return new Document(code, body, "application/json", warnings);
  }
}
