package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The rules of a schema in the Common Expression Language ({@code x-kubernetes-validations}),
 * compiled against the types of the schema.
 */
final class CelRules {
  private static final String RULES = "x-kubernetes-validations";
  private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

  /** Rules of one node of the schema, and of what lies below; null where there are none. */
  private record Node(
      Schema schema, List<Rule> rules, Map<String, Node> properties, Node items, Node additional) {
    boolean isEmpty() {
      return rules.isEmpty() && properties.isEmpty() && items == null && additional == null;
    }
  }

  /**
   * @param transition whether it compares with the value before, so that it holds at creation
   * @param message what is wrong if it is false
   */
  private record Rule(
      CelRuntime.Program program,
      boolean transition,
      String message,
      CelRuntime.Program messageExpression,
      String reason,
      String fieldPath) {}

  private final Node root;

  private CelRules(Node root) {
    this.root = root;
  }

  /**
   * Compiles every rule of a schema.
   *
   * @param errors gets what cannot be compiled
   * @param path of the schema, for errors
   */
  static CelRules compile(Schema schema, String path, List<FieldError> errors) {
    return new CelRules(new Compiler(errors).node(schema, path, "object", true));
  }

  private static final class Compiler {
    private final CelTypes types = new CelTypes();
    private final List<FieldError> errors;
    private Cel base;

    Compiler(List<FieldError> errors) {
      this.errors = errors;
    }

    Node node(Schema schema, String path, String typeName, boolean root) {
      var rules = rules(schema, path, typeName, root);
      var properties = new LinkedHashMap<String, Node>();
      if (schema.type().equals("object")) {
        schema
            .properties()
            .forEach(
                (name, property) -> {
                  if (!(root && name.equals("metadata"))) {
                    var place = path + ".properties[" + name + "]";
                    var child = node(property, place, typeName + "." + name, false);
                    if (child != null) {
                      properties.put(name, child);
                    }
                  }
                });
      }
      boolean list = schema.type().equals("array");
      var items = list ? node(schema.items(), path + ".items", typeName + "@item", false) : null;
      var additional =
          schema.hasAdditional()
              ? node(
                  schema.additional(), path + ".additionalProperties", typeName + "@value", false)
              : null;
      var node = new Node(schema, rules, properties, items, additional);
      return node.isEmpty() && !root ? null : node;
    }

    private List<Rule> rules(Schema schema, String path, String typeName, boolean root) {
      var written = schema.attribute(RULES);
      if (written.isEmpty()) {
        return List.of();
      }
      var self = types.typeOf(schema, typeName, root);
      var cel = base().toCelBuilder().addVar("self", self).addVar("oldSelf", self).build();
      var rules = new ArrayList<Rule>();
      for (int i = 0; i < written.size(); i++) {
        var place = path + "." + RULES + "[" + i + "]";
        var rule = rule(cel, written.get(i), place);
        if (rule != null) {
          rules.add(rule);
        }
      }
      return rules;
    }

    /** Building an environment takes long, so it is done when there is a rule. */
    private Cel base() {
      if (base == null) {
        base =
            CelFactory.standardCelBuilder()
                .setOptions(
                    CelOptions.current().enableHeterogeneousNumericComparisons(true).build())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(CelExtensions.strings(), CelExtensions.optional())
                .addRuntimeLibraries(CelExtensions.strings(), CelExtensions.optional())
                .setTypeProvider(types)
                .build();
      }
      return base;
    }

    private Rule rule(Cel cel, JsonNode written, String place) {
      var text = written.path("rule").asText();
      if (written.path("optionalOldSelf").asBoolean()) {
        throw Failure.notImplemented(
            "optionalOldSelf of " + place + " is not known to the local cluster");
      }
      var program = program(cel, text, SimpleType.BOOL, place + ".rule");
      var expression = written.path("messageExpression").asText("");
      var messageExpression =
          expression.isEmpty()
              ? null
              : program(cel, expression, SimpleType.STRING, place + ".messageExpression");
      if (program == null) {
        return null;
      }
      var message = written.path("message").asText("failed rule: " + text.strip());
      return new Rule(
          program,
          OLD_SELF.matcher(text).find(),
          message,
          messageExpression,
          written.path("reason").asText("FieldValueInvalid"),
          written.path("fieldPath").asText(""));
    }

    private CelRuntime.Program program(Cel cel, String text, CelType result, String place) {
      try {
        var ast = cel.compile(text).getAst();
        if (!result.isAssignableFrom(ast.getResultType())) {
          errors.add(
              FieldError.invalid(
                  place,
                  Json.MAPPER.getNodeFactory().textNode(text),
                  "must evaluate to a " + result.name()));
          return null;
        }
        return cel.createProgram(ast);
      } catch (CelValidationException | CelEvaluationException e) {
        errors.add(
            FieldError.invalid(
                place,
                Json.MAPPER.getNodeFactory().textNode(text),
                "compilation failed: " + e.getMessage()));
        return null;
      }
    }
  }

  /**
   * Evaluates the rules.
   *
   * @param before null for a new object
   * @return what is wrong
   */
  List<FieldError> check(ObjectNode before, ObjectNode after) {
    var errors = new ArrayList<FieldError>();
    check(root, before, after, "", errors);
    return errors;
  }

  private static void check(
      Node node, JsonNode before, JsonNode after, String path, List<FieldError> errors) {
    boolean unchanged = before != null && before.equals(after);
    if (after.isNull()) {
      return;
    }
    for (var rule : node.rules()) {
      // What has not changed may stay as it is although the rule is newer.
      boolean applies = rule.transition() ? before != null : !unchanged;
      if (applies) {
        check(node.schema(), rule, before, after, path, errors);
      }
    }
    switch (after) {
      case ObjectNode object ->
          object
              .properties()
              .forEach(
                  field -> {
                    var name = field.getKey();
                    var known = node.schema().hasProperty(name);
                    var child = known ? node.properties().get(name) : node.additional();
                    if (child != null) {
                      var place = known ? Paths.field(path, name) : Paths.key(path, name);
                      var old = before == null ? null : before.get(name);
                      check(child, old, field.getValue(), place, errors);
                    }
                  });
      case ArrayNode list when node.items() != null -> {
        var old = itemsBefore(node.schema(), before);
        for (int i = 0; i < list.size(); i++) {
          var item = list.get(i);
          var match = old.isEmpty() ? null : old.get(TypedTree.step(node.schema(), item));
          check(node.items(), match, item, Paths.item(path, i), errors);
        }
      }
      default -> {}
    }
  }

  /** Only items with keys can be told to be the same as before. */
  private static Map<String, JsonNode> itemsBefore(Schema schema, JsonNode before) {
    var items = new HashMap<String, JsonNode>();
    if (before != null && schema.listType() == Schema.ListType.MAP) {
      before.forEach(item -> items.put(TypedTree.step(schema, item), item));
    }
    return items;
  }

  private static void check(
      Schema schema,
      Rule rule,
      JsonNode before,
      JsonNode after,
      String path,
      List<FieldError> errors) {
    var variables = new HashMap<String, Object>();
    variables.put("self", CelTypes.valueOf(schema, after));
    if (rule.transition()) {
      variables.put("oldSelf", CelTypes.valueOf(schema, before));
    }
    var field = (path + rule.fieldPath()).isEmpty() ? "<nil>" : path + rule.fieldPath();
    try {
      if (!(boolean) rule.program().eval(variables)) {
        errors.add(error(rule, field, after, message(rule, variables)));
      }
    } catch (CelEvaluationException e) {
      errors.add(error(rule, field, after, "rule evaluation failed: " + e.getMessage()));
    }
  }

  private static String message(Rule rule, Map<String, Object> variables) {
    if (rule.messageExpression() == null) {
      return rule.message();
    }
    try {
      return (String) rule.messageExpression().eval(variables);
    } catch (CelEvaluationException e) {
      return rule.message();
    }
  }

  private static FieldError error(Rule rule, String field, JsonNode value, String message) {
    return switch (rule.reason()) {
      case "FieldValueForbidden" -> FieldError.forbidden(field, message);
      case "FieldValueRequired" -> FieldError.required(field, message);
      case "FieldValueDuplicate" -> FieldError.duplicate(field, value);
      default ->
          value.isValueNode()
              ? FieldError.invalid(field, value, message)
              : new FieldError("FieldValueInvalid", field, "Invalid value: " + message);
    };
  }
}
