package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What {@code kubectl get} prints: rows of cells, as the columns of a kind say. */
final class Tables {
  private static final String NAME_DESCRIPTION =
      "Name must be unique within a namespace. Is required when creating resources, although some"
          + " resources may allow a client to request the generation of an appropriate name"
          + " automatically. Name is primarily intended for creation idempotence and configuration"
          + " definition. Cannot be updated. More info:"
          + " https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";

  private final Clock clock;
  private final BuiltInColumns builtIns;

  Tables(Clock clock) {
    this.clock = clock;
    this.builtIns = new BuiltInColumns(clock);
  }

  /**
   * A column.
   *
   * @param type of OpenAPI, or date
   * @param priority above 0: only with {@code -o wide}
   */
  record Column(
      String name,
      String type,
      String format,
      String description,
      int priority,
      Function<ObjectNode, JsonNode> cell) {

    static Column text(String name, int priority, Function<ObjectNode, String> cell) {
      return new Column(
          name, "string", "", "", priority, object -> TextNode.valueOf(cell.apply(object)));
    }

    static Column number(String name, Function<ObjectNode, Long> cell) {
      return number(name, "integer", cell);
    }

    /** A number in a column that, for reasons of history, is declared as something else. */
    static Column number(String name, String type, Function<ObjectNode, Long> cell) {
      return new Column(
          name,
          type,
          "",
          "",
          0,
          object -> Json.MAPPER.getNodeFactory().numberNode(cell.apply(object)));
    }

    static Column ofName() {
      return new Column(
          "Name",
          "string",
          "name",
          NAME_DESCRIPTION,
          0,
          object -> TextNode.valueOf(Json.textAt(object, "metadata", "name")));
    }
  }

  /**
   * @param metadata of the list, or of the object; gives the revision
   */
  ObjectNode table(
      Request request, ResourceKind kind, List<ObjectNode> objects, JsonNode metadata) {
    var columns = columns(kind);
    var table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    var own = table.putObject("metadata");
    for (var name : List.of("resourceVersion", "continue", "remainingItemCount")) {
      if (metadata.has(name)) {
        own.set(name, metadata.get(name));
      }
    }
    var definitions = table.putArray("columnDefinitions");
    for (var column : columns) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("format", column.format())
          .put("description", column.description())
          .put("priority", (long) column.priority());
    }
    var rows = table.putArray("rows");
    for (var object : objects) {
      var row = rows.addObject();
      var cells = row.putArray("cells");
      columns.forEach(column -> cells.add(column.cell().apply(object)));
      row.set("object", included(request, object));
    }
    return table;
  }

  private static JsonNode included(Request request, ObjectNode object) {
    return switch (request.parameter("includeObject")) {
      case "None" -> NullNode.getInstance();
      case "Object" -> object;
      default -> {
        var partial =
            Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        yield partial;
      }
    };
  }

  private List<Column> columns(ResourceKind kind) {
    return kind.custom() ? custom(kind) : builtIns.of(kind);
  }

  private List<Column> custom(ResourceKind kind) {
    var columns = new ArrayList<Column>();
    columns.add(Column.ofName());
    if (kind.columns().isEmpty()) {
      columns.add(builtIns.age());
    }
    for (var column : kind.columns()) {
      var type = column.path("type").asText();
      var path = JsonPath.parse(column.path("jsonPath").asText());
      columns.add(
          new Column(
              column.path("name").asText(),
              type,
              column.path("format").asText(""),
              column
                  .path("description")
                  .asText(
                      "Custom resource definition column (in JSONPath format): "
                          + column.path("jsonPath").asText()),
              column.path("priority").asInt(0),
              object -> cell(type, path.read(object))));
    }
    return columns;
  }

  private JsonNode cell(String type, JsonNode value) {
    if (!Json.present(value)) {
      return NullNode.getInstance();
    }
    return switch (type) {
      case "date" -> TextNode.valueOf(Ages.since(value.asText(), clock));
      case "integer", "number" -> value.isNumber() ? value : NullNode.getInstance();
      case "boolean" -> value.isBoolean() ? value : NullNode.getInstance();
      default -> TextNode.valueOf(value.isValueNode() ? value.asText() : Json.text(value));
    };
  }
}
