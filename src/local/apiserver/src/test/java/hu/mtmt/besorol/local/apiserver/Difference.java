package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One place where the answers of two servers differ. */
record Difference(String exchange, String pointer, String real, String local) {
  private static final Pattern TIME =
      Pattern.compile("20[2-9]\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
  private static final Pattern UID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern GENERATED = Pattern.compile("gen-[a-z0-9]{5}");
  private static final Pattern ADDRESS = Pattern.compile("10\\.\\d+\\.\\d+\\.\\d+");
  private static final Pattern AGE = Pattern.compile("^\\d+s$");

  /** Everything that differs, with what differs by nature taken as equal. */
  static List<Difference> between(String name, Exchange.Answer real, Exchange.Answer local) {
    var differences = new ArrayList<Difference>();
    if (real.code() != local.code()) {
      differences.add(
          new Difference(name, "code", real.code() + "", local.code() + " " + local.body()));
    }
    if (!real.warning().equals(local.warning())) {
      differences.add(new Difference(name, "warning", real.warning(), local.warning()));
    }
    compare(name, "", real.body(), local.body(), differences);
    return differences;
  }

  private static void compare(
      String name, String at, JsonNode real, JsonNode local, List<Difference> differences) {
    if (real instanceof ObjectNode && local instanceof ObjectNode) {
      var fields = new LinkedHashSet<String>();
      real.fieldNames().forEachRemaining(fields::add);
      local.fieldNames().forEachRemaining(fields::add);
      for (var field : fields) {
        compare(name, at + "/" + field, real.path(field), local.path(field), differences);
      }
    } else if (real.isArray() && local.isArray()) {
      var sorted = at.endsWith("/causes") || at.endsWith("/managedFields");
      var reals = items(real, sorted);
      var locals = items(local, sorted);
      for (int i = 0; i < Math.max(reals.size(), locals.size()); i++) {
        compare(name, at + "/" + i, item(reals, i), item(locals, i), differences);
      }
    } else if (!normal(at, real).equals(normal(at, local))) {
      differences.add(new Difference(name, at, normal(at, real), normal(at, local)));
    }
  }

  /** Errors come in the order of a Go map, managers in that of the second they wrote in. */
  private static List<JsonNode> items(JsonNode list, boolean sorted) {
    var items = new ArrayList<JsonNode>();
    list.forEach(items::add);
    if (sorted) {
      items.sort(Comparator.comparing(Difference::identity));
    }
    return items;
  }

  private static String identity(JsonNode item) {
    return Stream.of("manager", "operation", "subresource", "field", "reason", "message")
        .map(field -> item.path(field).asText(""))
        .collect(Collectors.joining(" "));
  }

  private static JsonNode item(List<JsonNode> items, int index) {
    return index < items.size() ? items.get(index) : MissingNode.getInstance();
  }

  private static String normal(String at, JsonNode value) {
    if (value.isMissingNode()) {
      return "absent";
    }
    var field = at.substring(at.lastIndexOf('/') + 1);
    if (Stream.of("resourceVersion", "continue", "storageVersionHash").anyMatch(field::equals)) {
      return value.asText().isEmpty() ? "\"\"" : field;
    }
    var text = Json.text(value);
    text = TIME.matcher(text).replaceAll("TIME");
    text = UID.matcher(text).replaceAll("UID");
    text = GENERATED.matcher(text).replaceAll("gen-XXXXX");
    text = ADDRESS.matcher(text).replaceAll("ADDRESS");
    if (at.contains("/cells/") && AGE.matcher(value.asText()).matches()) {
      return "AGE";
    }
    if (field.equals("message") && value.asText().contains(" is invalid: [")) {
      return sortedErrors(text);
    }
    return text;
  }

  private static String sortedErrors(String message) {
    int start = message.indexOf('[') + 1;
    var errors = message.substring(start, message.lastIndexOf(']')).split(", (?=[a-z<][^ ]*: )");
    return message.substring(0, start)
        + String.join(", ", Stream.of(errors).sorted().toList())
        + "]";
  }

  @Override
  public String toString() {
    return exchange + " | " + pointer + " | real " + real + " | local " + local;
  }
}
