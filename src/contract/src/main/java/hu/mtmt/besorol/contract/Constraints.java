package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Applies the annotations of a record, defaults and bounds, to JSON that did not pass a Kubernetes
 * API server: plans on a command line, manifests in packages. The CRDs are generated from the same
 * annotations.
 */
final class Constraints {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** How the constants of an enum are written: asked for every value that is read. */
  private static final ClassValue<List<String>> WRITTEN =
      new ClassValue<>() {
        @Override
        protected List<String> computeValue(Class<?> type) {
          return Arrays.stream(type.getEnumConstants()).map(Constraints::written).toList();
        }
      };

  private static final Pattern MATCHES = Pattern.compile("self\\.matches\\('(.*)'\\)");

  private Constraints() {}

  /** Adds what is absent and has a default, at every depth. */
  static void fillDefaults(ObjectNode object, Class<?> type) {
    if (!type.isRecord()) {
      return;
    }
    for (var component : type.getRecordComponents()) {
      var name = name(component);
      var byDefault = field(component).getAnnotation(Default.class);
      if (!object.hasNonNull(name) && byDefault != null) {
        object.set(name, parseDefault(byDefault.value(), component.getType()));
      }
      var value = object.get(name);
      if (value instanceof ObjectNode nested) {
        fillDefaults(nested, component.getType());
      } else if (value != null && value.isArray() && component.getType() == List.class) {
        var item = argument(component.getGenericType(), 0);
        value.forEach(
            v -> {
              if (v instanceof ObjectNode nested) {
                fillDefaults(nested, item);
              }
            });
      }
    }
  }

  /**
   * Everything that is wrong with {@code object} as a {@code type}: each a clause that begins with
   * the place.
   */
  static List<String> problems(ObjectNode object, Class<?> type) {
    var problems = new ArrayList<String>();
    checkRecord("", object, type, problems);
    return problems;
  }

  private static void checkRecord(
      String path, ObjectNode object, Class<?> type, List<String> problems) {
    var components =
        Arrays.stream(type.getRecordComponents())
            .collect(Collectors.toMap(Constraints::name, c -> c));
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              var schema = path.isEmpty() && name.equals("schema");
              if (!components.containsKey(name) && !schema) {
                problems.add(
                    "%s is not a known field (known here: %s)"
                        .formatted(
                            path + name,
                            Arrays.stream(type.getRecordComponents())
                                .map(Constraints::name)
                                .collect(Collectors.joining(", "))));
              }
            });
    for (var component : type.getRecordComponents()) {
      var place = path + name(component);
      var value = object.get(name(component));
      if (value == null || value.isNull()) {
        if (field(component).isAnnotationPresent(Required.class)) {
          problems.add(place + " is missing");
        }
      } else {
        checkValue(place, value, component.getGenericType(), field(component), problems);
      }
    }
  }

  private static void checkValue(
      String place, JsonNode value, Type type, AnnotatedElement annotated, List<String> problems) {
    var raw = raw(type);
    var expected = expected(value, raw);
    if (expected != null) {
      problems.add("%s must be %s, not %s".formatted(place, expected, value));
      return;
    }
    if (annotated != null) {
      checkBounds(place, value, annotated, problems);
    }
    if (raw.isRecord() && value instanceof ObjectNode object) {
      checkRecord(place + ".", object, raw, problems);
    } else if (raw == List.class) {
      for (int i = 0; i < value.size(); i++) {
        checkValue(place + "[" + i + "]", value.get(i), argument(type, 0), null, problems);
      }
    } else if (raw == Map.class) {
      for (var entry : value.properties()) {
        var inside = place + "." + entry.getKey();
        var wrongKey = expected(TextNode.valueOf(entry.getKey()), argument(type, 0));
        if (wrongKey != null) {
          problems.add("%s is not known: it must be %s".formatted(inside, wrongKey));
        } else {
          checkValue(inside, entry.getValue(), argument(type, 1), null, problems);
        }
      }
    }
  }

  /** The rules between fields that {@code value} breaks, at every depth, each with its place. */
  static List<String> brokenRules(Object value) {
    var broken = new ArrayList<String>();
    collectBrokenRules("", value, broken);
    return broken;
  }

  private static void collectBrokenRules(String place, Object value, List<String> broken) {
    if (value instanceof CrossChecked checked) {
      checked
          .brokenRules()
          .forEach(rule -> broken.add(place.isEmpty() ? rule : place + ": " + rule));
    }
    if (value instanceof Record record) {
      for (var component : record.getClass().getRecordComponents()) {
        var inner = place.isEmpty() ? name(component) : place + "." + name(component);
        collectBrokenRules(inner, get(record, component), broken);
      }
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collectBrokenRules(place + "[" + i + "]", list.get(i), broken);
      }
    }
  }

  private static Object get(Record record, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true); // of a record that is not public
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static void checkBounds(
      String place, JsonNode value, AnnotatedElement annotated, List<String> problems) {
    var minimum = annotated.getAnnotation(Min.class);
    if (minimum != null && value.asDouble() < minimum.value()) {
      problems.add("%s must be at least %.0f, not %s".formatted(place, minimum.value(), value));
    }
    var maximum = annotated.getAnnotation(Max.class);
    if (maximum != null && value.asDouble() > maximum.value()) {
      problems.add("%s must be at most %.0f, not %s".formatted(place, maximum.value(), value));
    }
    var size = annotated.getAnnotation(Size.class);
    if (size != null) {
      var length = value.isTextual() ? value.textValue().length() : value.size();
      if (length < size.min() || length > size.max()) {
        problems.add(
            "%s must have %d to %d %s, not %d"
                .formatted(
                    place,
                    size.min(),
                    size.max(),
                    value.isTextual() ? "characters" : "entries",
                    length));
      }
    }
    for (var rule : annotated.getAnnotationsByType(ValidationRule.class)) {
      var pattern = MATCHES.matcher(rule.value());
      if (pattern.matches() && value.isTextual() && !value.textValue().matches(pattern.group(1))) {
        problems.add("%s: %s, not %s".formatted(place, rule.message(), value));
      }
    }
  }

  /** What {@code value} should be to fit {@code type}, or null if it fits. */
  private static String expected(JsonNode value, Class<?> type) {
    if (type.isEnum()) {
      var names = WRITTEN.get(type);
      return names.contains(value.asText()) ? null : "one of " + String.join(", ", names);
    }
    if (type == String.class) {
      return value.isTextual() ? null : "text in quotes";
    }
    if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
      return value.isIntegralNumber() ? null : "a whole number";
    }
    if (type == Double.class || type == double.class) {
      return value.isNumber() ? null : "a number";
    }
    if (type == Boolean.class || type == boolean.class) {
      return value.isBoolean() ? null : "true or false";
    }
    if (type == List.class) {
      return value.isArray() ? null : "a list";
    }
    if (type == Digest.class) {
      return value.asText().matches(Digest.PATTERN)
          ? null
          : "a digest (sha256: and 64 hexadecimal digits, as sha256sum prints them)";
    }
    if (type.isRecord() || Map.class.isAssignableFrom(type)) {
      return value.isObject() ? null : "an object";
    }
    return null;
  }

  private static JsonNode parseDefault(String value, Class<?> type) {
    if (type == String.class || type.isEnum()) {
      return TextNode.valueOf(value);
    }
    try {
      return MAPPER.readTree(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a default that is not JSON: " + value, e);
    }
  }

  private static String written(Object constant) {
    try {
      for (Method method : constant.getClass().getMethods()) {
        if (method.isAnnotationPresent(JsonValue.class)) {
          return (String) method.invoke(constant);
        }
      }
      return constant
          .getClass()
          .getField(((Enum<?>) constant).name())
          .getAnnotation(JsonProperty.class)
          .value();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static String name(RecordComponent component) {
    var property = field(component).getAnnotation(JsonProperty.class);
    return property == null || property.value().isEmpty() ? component.getName() : property.value();
  }

  private static Field field(RecordComponent component) {
    try {
      return component.getDeclaringRecord().getDeclaredField(component.getName());
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  private static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType p ? p.getRawType() : type);
  }

  private static Class<?> argument(Type type, int index) {
    return raw(((ParameterizedType) type).getActualTypeArguments()[index]);
  }
}
