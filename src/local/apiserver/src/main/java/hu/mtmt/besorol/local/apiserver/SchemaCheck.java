package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Checks an object against its schema: types, bounds, what is required, keys of lists. */
final class SchemaCheck {
  private final List<FieldError> errors = new ArrayList<>();
  private final Map<String, Pattern> patterns;

  private SchemaCheck(Map<String, Pattern> patterns) {
    this.patterns = patterns;
  }

  /** Compiled patterns, kept over many checks. */
  static final class Checker {
    private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

    /** Everything that is wrong, in the order of the schema. */
    List<FieldError> check(Schema schema, JsonNode value) {
      var check = new SchemaCheck(patterns);
      check.value(schema, value, "");
      return check.errors;
    }
  }

  private void value(Schema schema, JsonNode value, String path) {
    if (value.isNull() && schema.nullable()) {
      return;
    }
    if (!hasType(schema, value)) {
      var type = schema.intOrString() ? "integer,string" : schema.type();
      errors.add(
          FieldError.typeInvalid(
              path,
              '"' + typeOf(value) + '"',
              path + " in body must be of type " + type + ": \"" + typeOf(value) + '"'));
      return;
    }
    allowed(schema, value, path);
    switch (value) {
      case ObjectNode object -> object(schema, object, path);
      case ArrayNode list -> list(schema, list, path);
      default -> {
        if (value.isNumber()) {
          number(schema, value, path);
        } else if (value.isTextual()) {
          text(schema, value, path);
        }
      }
    }
  }

  private static boolean hasType(Schema schema, JsonNode value) {
    if (schema.intOrString()) {
      return value.isIntegralNumber() || value.isTextual();
    }
    return switch (schema.type()) {
      case "integer" -> value.isIntegralNumber() || (value.isNumber() && isWhole(value));
      case "number" -> value.isNumber();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> true;
    };
  }

  private static boolean isWhole(JsonNode value) {
    return value.doubleValue() == Math.rint(value.doubleValue());
  }

  static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      default -> "null";
    };
  }

  private void allowed(Schema schema, JsonNode value, String path) {
    var values = schema.attribute("enum");
    if (values.isMissingNode()) {
      return;
    }
    for (var candidate : values) {
      if (TypedTree.same(candidate, value)) {
        return;
      }
    }
    errors.add(FieldError.notSupported(path, value, Json.strings(values)));
  }

  private void object(Schema schema, ObjectNode object, String path) {
    for (var name : schema.required()) {
      if (!object.has(name)) {
        errors.add(FieldError.required(Paths.field(path, name), ""));
      }
    }
    count(schema, object, path, "Properties", "properties");
    for (var field : object.properties()) {
      var name = field.getKey();
      if (schema.hasProperty(name)) {
        value(schema.property(name), field.getValue(), Paths.field(path, name));
      } else if (schema.hasAdditional()) {
        value(schema.additional(), field.getValue(), Paths.field(path, name));
      }
    }
  }

  private void list(Schema schema, ArrayNode list, String path) {
    count(schema, list, path, "Items", "items");
    for (int i = 0; i < list.size(); i++) {
      value(schema.items(), list.get(i), Paths.item(path, i));
    }
    if (schema.listType() != Schema.ListType.ATOMIC) {
      TypedTree.duplicates(schema, list)
          .forEach(
              (index, key) ->
                  errors.add(
                      new FieldError(
                          "FieldValueDuplicate",
                          Paths.item(path, index),
                          "Duplicate value: " + key)));
    }
  }

  private void count(Schema schema, JsonNode value, String path, String what, String noun) {
    var maximum = schema.attribute("max" + what);
    if (maximum.isNumber() && value.size() > maximum.asLong()) {
      errors.add(FieldError.tooMany(path, value.size(), maximum.asLong()));
    }
    var minimum = schema.attribute("min" + what);
    if (minimum.isNumber() && value.size() < minimum.asLong()) {
      errors.add(
          FieldError.invalid(
              path,
              Integer.toString(value.size()),
              path + " in body should have at least " + minimum.asLong() + " " + noun));
    }
  }

  private void number(Schema schema, JsonNode value, String path) {
    bound(schema, value, path, "maximum", "less", 1);
    bound(schema, value, path, "minimum", "greater", -1);
    var step = schema.attribute("multipleOf");
    if (step.isNumber() && value.decimalValue().remainder(step.decimalValue()).signum() != 0) {
      errors.add(
          FieldError.invalid(
              path, value, path + " in body should be a multiple of " + step.asText()));
    }
    if (schema.attribute("format").asText("").equals("int32") && !value.canConvertToInt()) {
      errors.add(
          FieldError.invalid(path, value, path + " in body must be of type int32: " + value));
    }
  }

  /**
   * @param forbidden the sign of value minus bound that is not allowed
   */
  private void bound(
      Schema schema, JsonNode value, String path, String name, String word, int forbidden) {
    var bound = schema.attribute(name);
    if (!bound.isNumber()) {
      return;
    }
    boolean exclusive =
        schema
            .attribute("exclusive" + Character.toUpperCase(name.charAt(0)) + name.substring(1))
            .asBoolean(false);
    int sign = value.decimalValue().compareTo(bound.decimalValue());
    if (sign == forbidden || (exclusive && sign == 0)) {
      errors.add(
          FieldError.invalid(
              path,
              value,
              path
                  + " in body should be "
                  + word
                  + " than "
                  + (exclusive ? "" : "or equal to ")
                  + bound.decimalValue().stripTrailingZeros().toPlainString()));
    }
  }

  private void text(Schema schema, JsonNode value, String path) {
    var text = value.asText();
    int length = text.codePointCount(0, text.length());
    var maximum = schema.attribute("maxLength");
    if (maximum.isNumber() && length > maximum.asLong()) {
      errors.add(FieldError.tooLong(path, maximum.asLong()));
    }
    var minimum = schema.attribute("minLength");
    if (minimum.isNumber() && length < minimum.asLong()) {
      errors.add(
          FieldError.invalid(
              path,
              value,
              path + " in body should be at least " + minimum.asLong() + " chars long"));
    }
    var pattern = schema.attribute("pattern").asText("");
    if (!pattern.isEmpty()
        && !patterns.computeIfAbsent(pattern, Pattern::compile).matcher(text).find()) {
      errors.add(FieldError.invalid(path, value, path + " in body should match '" + pattern + "'"));
    }
    if (schema.attribute("format").asText("").equals("date-time") && !isTime(text)) {
      errors.add(
          FieldError.typeInvalid(
              path,
              Json.text(value),
              path + " in body must be of type date-time: " + Json.text(value)));
    }
  }

  private static boolean isTime(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
