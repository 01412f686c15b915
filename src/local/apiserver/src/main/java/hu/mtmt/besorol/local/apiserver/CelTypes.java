package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.protobuf.NullValue;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The types and values that a CEL rule sees of an object: those of its schema, so that a rule with
 * a misspelt field is refused when it is installed.
 */
final class CelTypes implements CelTypeProvider {
  /** Words that CEL keeps for itself, which a field may nevertheless be named. */
  private static final Set<String> RESERVED =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");

  /** Of the metadata of an object a rule sees the names only. */
  private static final Set<String> VISIBLE_METADATA = Set.of("name", "generateName");

  private final Map<String, CelType> structs = new HashMap<>();

  /**
   * The type of a value.
   *
   * @param name of the type, if it is an object
   * @param root whether it is a whole object, with metadata
   */
  CelType typeOf(Schema schema, String name, boolean root) {
    if (schema.intOrString() || schema.isAny() || schema.nullable()) {
      return SimpleType.DYN;
    }
    return switch (schema.type()) {
      case "integer" -> SimpleType.INT;
      case "number" -> SimpleType.DOUBLE;
      case "boolean" -> SimpleType.BOOL;
      case "string" -> SimpleType.STRING;
      case "array" -> ListType.create(typeOf(schema.items(), name + "@item", false));
      case "object" -> objectType(schema, name, root);
      default -> SimpleType.DYN;
    };
  }

  private CelType objectType(Schema schema, String name, boolean root) {
    if (schema.hasProperties()) {
      return structs.computeIfAbsent(name, n -> struct(schema, n, root));
    }
    return schema.hasAdditional()
        ? MapType.create(SimpleType.STRING, typeOf(schema.additional(), name + "@value", false))
        : SimpleType.DYN;
  }

  private StructType struct(Schema schema, String name, boolean root) {
    var fields = new LinkedHashMap<String, Schema>();
    schema.properties().forEach((field, type) -> fields.put(escape(field), type));
    return StructType.create(
        name,
        ImmutableSet.copyOf(fields.keySet()),
        field ->
            Optional.ofNullable(fields.get(field))
                .map(
                    type ->
                        root && field.equals("metadata")
                            ? metadataType()
                            : typeOf(type, name + "." + field, false)));
  }

  private CelType metadataType() {
    return structs.computeIfAbsent(
        "metadata",
        n ->
            StructType.create(
                n,
                ImmutableSet.copyOf(VISIBLE_METADATA),
                field ->
                    VISIBLE_METADATA.contains(field)
                        ? Optional.of(SimpleType.STRING)
                        : Optional.empty()));
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return ImmutableList.copyOf(structs.values());
  }

  @Override
  public Optional<CelType> findType(String name) {
    return Optional.ofNullable(structs.get(name));
  }

  /** The name of a field as a rule writes it. */
  static String escape(String field) {
    return RESERVED.contains(field)
        ? "__" + field + "__"
        : field
            .replace("__", "__underscores__")
            .replace(".", "__dot__")
            .replace("-", "__dash__")
            .replace("/", "__slash__");
  }

  /** A value as CEL works with it: whole numbers are Long, an int-or-string is either. */
  static Object valueOf(Schema schema, JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> mapOf(schema, value);
      case ARRAY -> listOf(schema, value);
      case STRING -> value.textValue();
      case BOOLEAN -> value.booleanValue();
      case NUMBER ->
          value.isIntegralNumber() && !schema.type().equals("number")
              ? (Object) value.longValue()
              : (Object) value.doubleValue();
      default -> NullValue.NULL_VALUE;
    };
  }

  private static Map<String, Object> mapOf(Schema schema, JsonNode value) {
    var map = new HashMap<String, Object>();
    for (var field : value.properties()) {
      boolean known = schema.hasProperty(field.getKey());
      map.put(
          known ? escape(field.getKey()) : field.getKey(),
          valueOf(schema.property(field.getKey()), field.getValue()));
    }
    return map;
  }

  private static List<Object> listOf(Schema schema, JsonNode value) {
    var list = new ArrayList<Object>();
    value.forEach(item -> list.add(valueOf(schema.items(), item)));
    return list;
  }
}
