package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.HashSet;

/** The three kinds of patch that change an object without regard to who owns its fields. */
final class Patches {
  private static final String PATCH = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

  private Patches() {}

  /** RFC 6902. */
  static ObjectNode json(ObjectNode object, JsonNode operations) {
    if (!(operations instanceof ArrayNode)) {
      throw Failure.badRequest("a JSON patch is a list of operations");
    }
    try {
      if (JsonPatch.apply(operations, object) instanceof ObjectNode patched) {
        return patched;
      }
    } catch (JsonPatchException e) {
      throw Failure.unprocessable(
          "the server rejected our request due to an error in our request: " + e.getMessage());
    }
    throw Failure.badRequest("the JSON patch leaves no object");
  }

  /** RFC 7386. */
  static ObjectNode merge(ObjectNode object, ObjectNode patch) {
    var merged = object.deepCopy();
    for (var field : patch.properties()) {
      var name = field.getKey();
      switch (field.getValue()) {
        case JsonNode value when value.isNull() -> merged.remove(name);
        case ObjectNode value ->
            merged.set(
                name, merge(merged.get(name) instanceof ObjectNode o ? o : Json.object(), value));
        case JsonNode value -> merged.set(name, value.deepCopy());
      }
    }
    return merged;
  }

  /** As merge, but lists with a merge key are merged by it, and directives are obeyed. */
  static ObjectNode strategic(Schema schema, ObjectNode object, ObjectNode patch) {
    if (patch.path(PATCH).asText().equals("replace")) {
      return Json.without(patch, PATCH);
    }
    var merged = object.deepCopy();
    if (patch.has(RETAIN)) {
      merged.retain(Json.strings(patch.get(RETAIN)));
    }
    for (var field : patch.properties()) {
      var name = field.getKey();
      if (name.startsWith(DELETE_FROM)) {
        deleteFrom(merged.get(name.substring(DELETE_FROM.length())), field.getValue());
      } else if (!name.startsWith("$")) {
        strategicField(schema.property(name), merged, name, field.getValue());
      }
    }
    return merged;
  }

  private static void strategicField(
      Schema schema, ObjectNode merged, String name, JsonNode patch) {
    var old = merged.get(name);
    switch (patch) {
      case JsonNode value when value.isNull() -> merged.remove(name);
      case ObjectNode value when value.path(PATCH).asText().equals("delete") -> merged.remove(name);
      case ObjectNode value ->
          merged.set(
              name, strategic(schema, old instanceof ObjectNode o ? o : Json.object(), value));
      case ArrayNode value when schema.patchStrategy("merge") ->
          merged.set(name, list(schema, old instanceof ArrayNode a ? a : Json.array(), value));
      case JsonNode value -> merged.set(name, value.deepCopy());
    }
  }

  private static ArrayNode list(Schema schema, ArrayNode old, ArrayNode patch) {
    for (var item : patch) {
      if (item.path(PATCH).asText().equals("replace")) {
        var replaced = Json.array();
        patch.forEach(i -> replaced.addAll(i.has(PATCH) ? Json.array() : Json.array().add(i)));
        return replaced;
      }
    }
    var merged = old.deepCopy();
    for (var item : patch) {
      int place = indexOf(schema, merged, item);
      if (item.path(PATCH).asText().equals("delete")) {
        if (place >= 0) {
          merged.remove(place);
        }
      } else if (place < 0) {
        merged.add(
            item instanceof ObjectNode o ? strategic(schema.items(), Json.object(), o) : item);
      } else if (item instanceof ObjectNode o) {
        merged.set(place, strategic(schema.items(), (ObjectNode) merged.get(place), o));
      }
    }
    return merged;
  }

  private static int indexOf(Schema schema, ArrayNode list, JsonNode item) {
    var key = schema.patchMergeKey();
    for (int i = 0; i < list.size(); i++) {
      boolean same =
          key.isEmpty() || !item.isObject()
              ? list.get(i).equals(item)
              : list.get(i).path(key).equals(item.path(key));
      if (same) {
        return i;
      }
    }
    return -1;
  }

  private static void deleteFrom(JsonNode list, JsonNode values) {
    if (list instanceof ArrayNode array) {
      var gone = new HashSet<JsonNode>();
      values.forEach(gone::add);
      for (int i = array.size() - 1; i >= 0; i--) {
        if (gone.contains(array.get(i))) {
          array.remove(i);
        }
      }
    }
  }
}
