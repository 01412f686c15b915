package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads and writes {@link ContractDocument}s: strictly, with defaults, and always as the same
 * bytes.
 */
public final class ContractJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new FiniteNumbers())
                  .addSerializer(double.class, new FiniteNumbers()))
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  /** Indented by two spaces and ended by line feeds on every platform: digests depend on it. */
  private static final DefaultPrettyPrinter PRETTY =
      new DefaultPrettyPrinter()
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));

  private ContractJson() {}

  /**
   * Reads a document.
   *
   * @param json its bytes
   * @param type which document is expected, or one of the sealed interfaces if several are
   * @param name what messages call it: a path, or "termination message of pod x"
   * @throws BesorolException {@link FailureKind#PLAN_INVALID} with every problem found: not JSON,
   *     another schema, unknown or missing fields, values out of bounds
   */
  public static <T extends ContractDocument> T read(byte[] json, Class<T> type, String name) {
    var tree = parse(json, name);
    var schema = tree.path("schema").asText("");
    var known = schemasOf(type);
    var actual =
        known.stream()
            .filter(s -> s.name().equals(schema))
            .findFirst()
            .orElseThrow(() -> wrongSchema(name, schema, known));
    return convert(tree, actual.value().asSubclass(type), name);
  }

  /** Reads a document from a file; messages name the file. */
  public static <T extends ContractDocument> T read(Path file, Class<T> type) {
    try {
      return read(Files.readAllBytes(file), type, file.toString());
    } catch (IOException e) {
      throw new BesorolException(
          FailureKind.PLAN_INVALID, "%s cannot be read: %s".formatted(file, e), e);
    }
  }

  /** Reads a record that is no document of its own, such as the parameters of an algorithm. */
  public static <T extends Record> T readPart(byte[] json, Class<T> type, String name) {
    return convert(parse(json, name), type, name);
  }

  /** The record of nothing but defaults. */
  public static <T extends Record> T defaults(Class<T> type) {
    return convert(MAPPER.createObjectNode(), type, "the defaults of " + type.getSimpleName());
  }

  /**
   * The document's bytes: the same document always gives the same ones.
   *
   * @throws IllegalArgumentException if a number in it is NaN or infinite
   */
  public static byte[] write(Object document) {
    try {
      return (MAPPER.writer(PRETTY).writeValueAsString(document) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not a document: %s: %s".formatted(e.getOriginalMessage(), document), e);
    }
  }

  /** The document's bytes on one line, without a line feed at the end. */
  public static byte[] writeLine(Object document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not a document: %s: %s".formatted(e.getOriginalMessage(), document), e);
    }
  }

  /** JSON has no NaN and no infinity, and Jackson would write them as text. */
  private static final class FiniteNumbers extends StdScalarSerializer<Double> {
    private static final long serialVersionUID = 1L;

    FiniteNumbers() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (!Double.isFinite(value)) {
        throw JsonMappingException.from(json, value + " is not a number that JSON has");
      }
      json.writeNumber(value);
    }
  }

  private static ObjectNode parse(byte[] json, String name) {
    try {
      if (MAPPER.readTree(json) instanceof ObjectNode object) {
        return object;
      }
      throw BesorolException.plan(name + " is not a JSON object.");
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw BesorolException.plan(
          "%s:%d:%d: not JSON: %s"
              .formatted(name, at.getLineNr(), at.getColumnNr(), e.getOriginalMessage()));
    } catch (IOException e) {
      throw new AssertionError("bytes in memory cannot fail", e);
    }
  }

  private static <T> T convert(ObjectNode tree, Class<T> type, String name) {
    Constraints.fillDefaults(tree, type);
    var problems = Constraints.problems(tree, type);
    if (!problems.isEmpty()) {
      throw BesorolException.plan(name + ": " + String.join("; ", problems) + ".");
    }
    try {
      var document = MAPPER.treeToValue(tree, type);
      var broken = Constraints.brokenRules(document);
      if (!broken.isEmpty()) {
        throw BesorolException.plan(name + ": " + String.join("; ", broken) + ".");
      }
      return document;
    } catch (JsonMappingException e) {
      var path =
          e.getPath().stream()
              .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
              .collect(Collectors.joining("."));
      throw BesorolException.plan(
          "%s: %s: %s".formatted(name, path.replace(".[", "["), e.getOriginalMessage()));
    } catch (JsonProcessingException e) {
      throw BesorolException.plan(name + ": " + e.getOriginalMessage());
    }
  }

  private static List<JsonSubTypes.Type> schemasOf(Class<?> type) {
    return Arrays.stream(ContractDocument.class.getAnnotation(JsonSubTypes.class).value())
        .filter(t -> type.isAssignableFrom(t.value()))
        .toList();
  }

  private static BesorolException wrongSchema(
      String name, String schema, List<JsonSubTypes.Type> known) {
    var wanted = known.stream().map(JsonSubTypes.Type::name).collect(Collectors.joining(" or "));
    if (schema.isEmpty()) {
      return BesorolException.plan(
          "%s has no field schema: it must say \"schema\": \"%s\".".formatted(name, wanted));
    }
    var newer =
        known.stream()
            .anyMatch(t -> schema.startsWith(t.name().substring(0, t.name().lastIndexOf('/') + 1)));
    return BesorolException.plan(
        newer
            ? "%s has the schema %s, which this version of Besorol does not know (it knows %s): use the version that wrote it."
                .formatted(name, schema, wanted)
            : "%s has the schema %s, but %s is expected here.".formatted(name, schema, wanted));
  }
}
