package hu.mtmt.besorol.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** {@code docs/openapi.yaml} as a judge of what the service does. */
final class Interface {
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  private final ObjectNode document;

  private Interface(ObjectNode document) {
    this.document = document;
  }

  static Interface read() {
    try {
      return new Interface(
          (ObjectNode) new YAMLMapper().readTree(Path.of("../../docs/openapi.yaml").toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ObjectNode document() {
    return document;
  }

  /** Every operation, as {@code POST /v1/classify}. */
  Set<String> operations() {
    var operations = new TreeSet<String>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        m ->
                            operations.add(
                                m.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
    return operations;
  }

  /** What the interface says against a body of that type from that operation. */
  Set<ValidationMessage> check(
      String method, String path, int status, String contentType, JsonNode body) {
    var response =
        resolve(
            document
                .path("paths")
                .path(path)
                .path(method.toLowerCase(java.util.Locale.ROOT))
                .path("responses")
                .path(Integer.toString(status)));
    var schema = response.path("content").path(contentType).path("schema");
    if (schema.isMissingNode()) {
      throw new AssertionError(
          "docs/openapi.yaml knows no %s of status %d from %s %s"
              .formatted(contentType, status, method, path));
    }
    return check(schema, body);
  }

  /** What a schema of the interface says against a value. */
  Set<ValidationMessage> check(JsonNode schema, JsonNode value) {
    var whole = new ObjectMapper().createObjectNode().put("$schema", DIALECT);
    whole.setAll((ObjectNode) schema.deepCopy());
    whole.set("components", document.path("components"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(whole)
        .validate(value);
  }

  /** The node itself, or what its {@code $ref} points to. */
  JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }
}
