package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads bodies, JSON or YAML, and notices fields that are written twice. */
final class Bodies {
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder().maxNestingDepth(200).build();
  private static final JsonFactory JSON =
      JsonFactory.builder().streamReadConstraints(LIMITS).build();
  private static final JsonFactory YAML =
      YAMLFactory.builder().streamReadConstraints(LIMITS).build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Bodies() {}

  /**
   * What was read.
   *
   * @param duplicates paths of fields that were written more than once; the last one counts
   */
  record Parsed(JsonNode node, List<String> duplicates) {
    /**
     * As an object.
     *
     * @throws Failure 400 if it is none
     */
    ObjectNode object() {
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw Failure.badRequest(
          "the body must be an object with apiVersion and kind, not "
              + (node == null ? "empty" : node.getNodeType().name().toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * @throws Failure 400 if it is not JSON (or YAML), with the place; 415 for other formats
   */
  static Parsed read(Request request) {
    if (request.contentType().contains("protobuf")) {
      throw Failure.unsupportedMediaType(
          "this server reads JSON and YAML, not protobuf: write the object to a file and use"
              + " kubectl apply -f, which sends JSON");
    }
    boolean yaml = request.contentType().contains("yaml");
    try (var parser = (yaml ? YAML : JSON).createParser(request.body())) {
      var duplicates = new ArrayList<String>();
      var node = parser.nextToken() == null ? null : read(parser, "", duplicates);
      if (parser.nextToken() != null) {
        throw Failure.badRequest("the body holds more than one document: send one");
      }
      return new Parsed(node, List.copyOf(duplicates));
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      throw Failure.badRequest(
          "the body is not "
              + (yaml ? "YAML" : "JSON")
              + (place == null
                  ? ""
                  : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")")
              + ": "
              + e.getOriginalMessage());
    } catch (IOException e) {
      throw Failure.badRequest("the body cannot be read: " + e.getMessage());
    }
  }

  private static JsonNode read(JsonParser parser, String path, List<String> duplicates)
      throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        var object = Json.object();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          var name = parser.currentName();
          var place = path.isEmpty() ? name : path + "." + name;
          parser.nextToken();
          if (object.has(name) && !duplicates.contains(place)) {
            duplicates.add(place);
          }
          object.set(name, read(parser, place, duplicates));
        }
        yield object;
      }
      case START_ARRAY -> {
        var array = Json.array();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(read(parser, path + "[" + array.size() + "]", duplicates));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_NUMBER_INT -> number(parser);
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      default -> NODES.nullNode();
    };
  }

  private static JsonNode number(JsonParser parser) throws IOException {
    try {
      return NODES.numberNode(parser.getLongValue());
    } catch (InputCoercionException e) {
      return NODES.numberNode(parser.getDoubleValue());
    }
  }
}
