package hu.mtmt.besorol.taxonomy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hu.mtmt.besorol.files.InputFile;
import hu.mtmt.besorol.files.Lines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Subjects as JSON lines, one a line.
 *
 * <p>{@code id} is needed; {@code parent} is absent or null for a root. Names stand in {@code
 * labels}, an object of language and text; a {@code label} without language is kept too unless it
 * repeats one of them. Other names stand in {@code alternativeLabels} (or {@code altLabels}), as an
 * object of language and list, or as a plain list; descriptions in {@code descriptions} or {@code
 * description} likewise; {@code deprecated} is true or false. Other fields are ignored.
 */
final class JsonLinesTaxonomy {
  private static final int MAXIMUM_LINE_BYTES = 1 << 20;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonLinesTaxonomy() {}

  static void read(InputFile file, SubjectCollector subjects) {
    try (var lines = file.lines(MAXIMUM_LINE_BYTES)) {
      while (lines.next()) {
        try {
          subjects.add(lines.number(), subject(parse(lines)));
        } catch (WrongLine e) {
          subjects.problem(lines.number(), e.getMessage());
        }
      }
    }
  }

  static byte[] write(Taxonomy taxonomy) {
    var bytes = new ByteArrayOutputStream();
    try {
      for (var subject : taxonomy.subjects()) {
        bytes.write(MAPPER.writeValueAsBytes(json(subject)));
        bytes.write('\n');
      }
    } catch (IOException e) {
      throw new AssertionError("memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private static ObjectNode json(Subject subject) {
    var json = MAPPER.createObjectNode();
    json.put("id", subject.id());
    json.put("parent", subject.parent());
    putAll(json, "labels", subject.labels());
    putAll(json, "alternativeLabels", subject.alternativeLabels());
    putAll(json, "descriptions", subject.descriptions());
    if (subject.deprecated()) {
      json.put("deprecated", true);
    }
    return json;
  }

  private static void putAll(ObjectNode json, String name, Map<String, ?> byLanguage) {
    if (!byLanguage.isEmpty()) {
      json.set(name, MAPPER.valueToTree(byLanguage));
    }
  }

  private static ObjectNode parse(Lines line) throws WrongLine {
    line.requireUtf8();
    try {
      var json = MAPPER.readTree(line.buffer(), line.start(), line.end() - line.start());
      if (json instanceof ObjectNode object) {
        return object;
      }
      throw new WrongLine("a line must be a JSON object, { … }");
    } catch (JsonProcessingException e) {
      throw new WrongLine("not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new AssertionError("bytes in memory cannot fail", e);
    }
  }

  private static Subject subject(ObjectNode json) throws WrongLine {
    var labels = texts(json, "label", "labels");
    var descriptions = texts(json, "description", "descriptions");
    var alternativeLabels = new TreeMap<String, List<String>>();
    addLists(json, "altLabels", alternativeLabels);
    addLists(json, "alternativeLabels", alternativeLabels);
    var deprecated = json.path("deprecated");
    if (!deprecated.isMissingNode() && !deprecated.isNull() && !deprecated.isBoolean()) {
      throw new WrongLine("deprecated must be true or false");
    }
    return new Subject(
        text(json.path("id"), "id"),
        text(json.path("parent"), "parent"),
        labels,
        alternativeLabels,
        descriptions,
        deprecated.asBoolean());
  }

  /** The texts of field {@code all} by language, and that of field {@code one} without language. */
  private static Map<String, String> texts(ObjectNode json, String one, String all)
      throws WrongLine {
    var texts = new TreeMap<String, String>();
    var byLanguage = json.path(all);
    if (byLanguage instanceof ObjectNode object) {
      for (var entry : object.properties()) {
        var text = text(entry.getValue(), all + "." + entry.getKey());
        if (text != null) {
          texts.put(entry.getKey(), text);
        }
      }
    } else if (!byLanguage.isMissingNode() && !byLanguage.isNull()) {
      throw new WrongLine(all + " must be an object of language and text, such as {\"en\": \"…\"}");
    }
    var plain = text(json.path(one), one);
    if (plain != null && !texts.containsValue(plain)) {
      texts.putIfAbsent(Subject.NO_LANGUAGE, plain);
    }
    return texts;
  }

  private static void addLists(ObjectNode json, String field, Map<String, List<String>> lists)
      throws WrongLine {
    var value = json.path(field);
    if (value instanceof ObjectNode object) {
      for (var entry : object.properties()) {
        addList(entry.getKey(), entry.getValue(), field + "." + entry.getKey(), lists);
      }
    } else if (!value.isMissingNode() && !value.isNull()) {
      addList(Subject.NO_LANGUAGE, value, field, lists);
    }
  }

  private static void addList(
      String language, JsonNode value, String field, Map<String, List<String>> lists)
      throws WrongLine {
    if (!value.isArray() && !value.isTextual()) {
      throw new WrongLine(field + " must be a list of texts");
    }
    var texts = lists.computeIfAbsent(language, _ -> new ArrayList<>());
    for (var item : value.isArray() ? value : List.of(value)) {
      if (!item.isTextual()) {
        throw new WrongLine(field + " must be a list of texts");
      }
      texts.add(item.textValue());
    }
  }

  /** A text, a whole number taken as one, or null if there is none. */
  private static String text(JsonNode value, String field) throws WrongLine {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (value.isTextual() || value.isIntegralNumber()) {
      return value.asText();
    }
    throw new WrongLine(field + " must be text in quotes");
  }

  /** Says what is wrong with a line; the reader goes on with the next. */
  private static final class WrongLine extends Exception {
    private static final long serialVersionUID = 1L;

    WrongLine(String problem) {
      super(problem, null, false, false);
    }
  }
}
