package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What a schema says of the shape of an object: which fields there are, and their defaults. */
final class Structure {
  private Structure() {}

  /**
   * Removes the fields that the schema does not know.
   *
   * @return where they were
   */
  static List<String> prune(Schema schema, ObjectNode object) {
    var unknown = new ArrayList<String>();
    prune(schema, object, "", unknown);
    return unknown;
  }

  private static void prune(Schema schema, JsonNode value, String path, List<String> unknown) {
    switch (value) {
      case ObjectNode object -> {
        boolean open = schema.preservesUnknownFields() || !isObject(schema);
        for (var name : names(object)) {
          var known = schema.hasProperty(name);
          if (known) {
            prune(schema.property(name), object.get(name), Paths.field(path, name), unknown);
          } else if (schema.hasAdditional()) {
            prune(schema.additional(), object.get(name), Paths.field(path, name), unknown);
          } else if (!open && !(schema.embedded() && isTypeMeta(name))) {
            object.remove(name);
            unknown.add(Paths.field(path, name));
          }
        }
      }
      case ArrayNode list -> {
        for (int i = 0; i < list.size(); i++) {
          prune(schema.items(), list.get(i), Paths.item(path, i), unknown);
        }
      }
      default -> {}
    }
  }

  /** A value of the wrong type is not pruned but refused later. */
  private static boolean isObject(Schema schema) {
    return schema.type().equals("object") || schema.hasProperties();
  }

  private static boolean isTypeMeta(String name) {
    return name.equals("apiVersion") || name.equals("kind") || name.equals("metadata");
  }

  private static List<String> names(ObjectNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Fills in the defaults of a custom resource. */
  static void setDefaults(Schema schema, JsonNode value) {
    switch (value) {
      case ObjectNode object -> {
        schema
            .properties()
            .forEach(
                (name, property) -> {
                  var present = object.get(name);
                  boolean replaceable =
                      present == null || (present.isNull() && !property.nullable());
                  property
                      .defaultValue()
                      .filter(d -> replaceable && !name.equals("metadata"))
                      .ifPresent(d -> object.set(name, d.deepCopy()));
                  if (object.has(name)) {
                    setDefaults(property, object.get(name));
                  }
                });
        if (schema.hasAdditional()) {
          for (var entry : object.properties()) {
            if (!schema.hasProperty(entry.getKey())) {
              setDefaults(schema.additional(), entry.getValue());
            }
          }
        }
      }
      case ArrayNode list -> list.forEach(item -> setDefaults(schema.items(), item));
      default -> {}
    }
  }

  /** Removes nulls: a decoder of a built-in kind drops them. */
  static void removeNulls(JsonNode value) {
    if (value instanceof ObjectNode object) {
      for (var name : names(object)) {
        if (object.get(name).isNull()) {
          object.remove(name);
        }
      }
    }
    value.forEach(Structure::removeNulls);
  }

  /**
   * Writes a built-in object as Kubernetes would after it decoded it: with the parts that are
   * always there, and quantities as text.
   */
  static JsonNode complete(Schema schema, JsonNode value) {
    switch (value) {
      case ObjectNode object -> {
        schema
            .zero()
            .properties()
            .forEach(
                zero -> {
                  if (!object.has(zero.getKey()) && !zero.getValue().isNull()) {
                    object.set(zero.getKey(), zero.getValue());
                  }
                });
        for (var name : names(object)) {
          if (schema.hasProperty(name) || schema.hasAdditional()) {
            object.set(name, complete(schema.property(name), object.get(name)));
          }
        }
        return object;
      }
      case ArrayNode list -> {
        for (int i = 0; i < list.size(); i++) {
          list.set(i, complete(schema.items(), list.get(i)));
        }
        return list;
      }
      default -> {
        boolean quantity = value.isNumber() && schema.type().isEmpty() && !schema.intOrString();
        return quantity && !schema.isAny()
            ? JsonNodeFactory.instance.textNode(value.asText())
            : value;
      }
    }
  }
}
