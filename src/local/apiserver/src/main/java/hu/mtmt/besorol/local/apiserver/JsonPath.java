package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The paths that printer columns are written in: {@code .status.conditions[?(@.type=='Ready')]
 * .status}, {@code .spec.ports[0].name}, {@code .metadata.labels['a\.b/c']}.
 */
final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<field>(?:\\\\.|[^.\\[\\\\])+)"
              + "|\\[(?<index>-?\\d+)\\]"
              + "|\\['(?<quoted>[^']+)'\\]"
              + "|\\[\\?\\(@\\.(?<key>[^=\\s]+)\\s*==\\s*[\"'](?<value>[^\"']*)[\"']\\)\\]");

  private final List<UnaryOperator<JsonNode>> steps = new ArrayList<>();

  private JsonPath() {}

  /**
   * @throws IllegalArgumentException if it uses more than this knows
   */
  static JsonPath parse(String text) {
    var path = new JsonPath();
    var match = STEP.matcher(text);
    int end = 0;
    while (match.find() && match.start() == end) {
      end = match.end();
      if (match.group("index") != null) {
        int index = Integer.parseInt(match.group("index"));
        path.steps.add(node -> node.path(index < 0 ? node.size() + index : index));
      } else if (match.group("key") != null) {
        var key = match.group("key").split("\\.");
        var value = match.group("value");
        path.steps.add(node -> first(node, key, value));
      } else {
        var quoted = match.group("quoted");
        var name = (quoted != null ? quoted : match.group("field")).replaceAll("\\\\(.)", "$1");
        path.steps.add(node -> node.path(name));
      }
    }
    if (end != text.length()) {
      throw new IllegalArgumentException("\"" + text + "\" is not understood from column " + end);
    }
    return path;
  }

  private static JsonNode first(JsonNode list, String[] key, String value) {
    for (var item : list) {
      if (Json.textAt(item, key).equals(value)) {
        return item;
      }
    }
    return MissingNode.getInstance();
  }

  /** What the path leads to; missing if that is nothing. */
  JsonNode read(JsonNode object) {
    var here = object;
    for (var step : steps) {
      here = step.apply(here);
    }
    return here;
  }
}
