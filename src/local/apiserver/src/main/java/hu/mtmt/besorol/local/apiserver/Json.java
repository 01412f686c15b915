package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Small helpers for JSON trees. An absent field and a JSON null mean the same to most of them. */
final class Json {
  /** Whole numbers are always of one type, as trees with 1 and 1L are not equal. */
  static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** The text on one line, as it is sent and stored. */
  static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  static ObjectNode parse(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Whether there is something: neither absent nor null. */
  static boolean present(JsonNode node) {
    return node != null && !node.isNull() && !node.isMissingNode();
  }

  /** Whether there is something in it. */
  static boolean filled(JsonNode node) {
    return present(node)
        && !(node.isContainerNode() && node.isEmpty())
        && !text(node).equals("\"\"");
  }

  /** The node at the names, or a missing node. */
  static JsonNode at(JsonNode node, String... names) {
    var here = node;
    for (var name : names) {
      here = here.path(name);
    }
    return here;
  }

  /** The text at the names, or "". */
  static String textAt(JsonNode node, String... names) {
    return at(node, names).asText("");
  }

  /** The object at the names, or empty if there is none. */
  static Optional<ObjectNode> objectAt(JsonNode node, String... names) {
    return at(node, names) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
  }

  /** The object at the names, made where there is none. */
  static ObjectNode ensure(ObjectNode node, String... names) {
    var here = node;
    for (var name : names) {
      here = here.get(name) instanceof ObjectNode object ? object : here.putObject(name);
    }
    return here;
  }

  static ObjectNode metadata(ObjectNode object) {
    return ensure(object, "metadata");
  }

  static List<String> strings(JsonNode array) {
    var list = new ArrayList<String>();
    array.forEach(item -> list.add(item.asText()));
    return list;
  }

  /** Copies the fields from one object, and removes those that it lacks. */
  static void copyFields(ObjectNode from, ObjectNode to, String... names) {
    for (var name : names) {
      if (from.has(name)) {
        to.set(name, from.get(name).deepCopy());
      } else {
        to.remove(name);
      }
    }
  }

  /** Sets a field that is absent or null. */
  static void setDefault(ObjectNode object, String name, String value) {
    if (!present(object.get(name))) {
      object.put(name, value);
    }
  }

  static void setDefault(ObjectNode object, String name, long value) {
    if (!present(object.get(name))) {
      object.put(name, value);
    }
  }

  static void setDefault(ObjectNode object, String name, boolean value) {
    if (!present(object.get(name))) {
      object.put(name, value);
    }
  }

  /** A copy without the named fields. */
  static ObjectNode without(ObjectNode object, String... names) {
    var copy = object.deepCopy();
    copy.remove(Arrays.asList(names));
    return copy;
  }
}
