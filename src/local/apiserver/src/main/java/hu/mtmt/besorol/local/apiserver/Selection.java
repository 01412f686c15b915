package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Label and field selectors. */
final class Selection {
  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "\\s*(?<not>!?)\\s*(?<key>[^\\s=!(),]+)\\s*"
              + "(?:(?<operator>==|=|!=|\\bin\\b|\\bnotin\\b)\\s*(?<values>\\([^)]*\\)|[^\\s(),]*))?\\s*");

  /** Fields beside name and namespace that real servers can select by. */
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "pods",
          Set.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "spec.hostNetwork",
              "status.phase",
              "status.podIP",
              "status.nominatedNodeName"),
          "events",
          Set.of(
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "involvedObject.resourceVersion",
              "involvedObject.fieldPath",
              "reason",
              "reportingComponent",
              "source",
              "type"),
          "events.events.k8s.io",
          Set.of("reason", "regarding.kind", "regarding.name", "regarding.namespace", "type"),
          "namespaces",
          Set.of("status.phase"),
          "nodes",
          Set.of("spec.unschedulable"),
          "secrets",
          Set.of("type"),
          "services",
          Set.of("spec.clusterIP", "spec.type"),
          "jobs.batch",
          Set.of("status.successful"),
          "replicasets.apps",
          Set.of("status.replicas"));

  private Selection() {}

  /**
   * What a request selects.
   *
   * @throws Failure 400 if a selector cannot be read or a field cannot be selected by
   */
  static Predicate<ObjectNode> of(Request request, ResourceKind kind) {
    return labels(request.parameter("labelSelector"))
        .and(fields(kind, request.parameter("fieldSelector")));
  }

  static Predicate<ObjectNode> labels(String selector) {
    Predicate<ObjectNode> all = object -> true;
    for (var term : splitOutsideParentheses(selector)) {
      all = all.and(label(term));
    }
    return all;
  }

  private static List<String> splitOutsideParentheses(String selector) {
    var terms = new ArrayList<String>();
    for (var term : selector.split(",(?![^(]*\\))")) {
      if (!term.isBlank()) {
        terms.add(term);
      }
    }
    return terms;
  }

  private static Predicate<ObjectNode> label(String term) {
    var match = REQUIREMENT.matcher(term);
    boolean negatedWithOperator =
        match.matches() && !match.group("not").isEmpty() && match.group("operator") != null;
    if (!match.matches() || negatedWithOperator) {
      throw Failure.badRequest("unable to parse requirement: " + term.strip());
    }
    var key = match.group("key");
    var operator = match.group("operator");
    if (operator == null) {
      boolean wanted = match.group("not").isEmpty();
      return object -> labelsOf(object).has(key) == wanted;
    }
    var values = values(match.group("values"));
    boolean wanted = !operator.equals("!=") && !operator.equals("notin");
    return object -> {
      var value = labelsOf(object).get(key);
      return wanted == (value != null && values.contains(value.asText()));
    };
  }

  private static JsonNode labelsOf(ObjectNode object) {
    return Json.at(object, "metadata", "labels");
  }

  private static Set<String> values(String text) {
    var inner = text.startsWith("(") ? text.substring(1, text.length() - 1) : text;
    return Stream.of(inner.split(",", -1)).map(String::strip).collect(Collectors.toSet());
  }

  private static Predicate<ObjectNode> fields(ResourceKind kind, String selector) {
    Predicate<ObjectNode> all = object -> true;
    for (var term : selector.split(",")) {
      if (!term.isBlank()) {
        all = all.and(field(kind, term));
      }
    }
    return all;
  }

  private static Predicate<ObjectNode> field(ResourceKind kind, String term) {
    var parts = term.split("!=|==?", 2);
    if (parts.length != 2) {
      throw Failure.badRequest("invalid selector: '" + term + "'; can't understand '" + term + "'");
    }
    var name = parts[0].strip();
    boolean known =
        name.equals("metadata.name")
            || (name.equals("metadata.namespace") && kind.namespaced())
            || FIELDS.getOrDefault(kind.qualifiedName(), Set.of()).contains(name);
    if (!known && (kind.custom() || FIELDS.containsKey(kind.qualifiedName()))) {
      throw Failure.badRequest("field label not supported: " + name);
    }
    if (!known) {
      throw Failure.badRequest(
          '"'
              + name
              + "\" is not a known field selector: only \"metadata.name\""
              + (kind.namespaced() ? ", \"metadata.namespace\"" : ""));
    }
    var path = name.equals("source") ? new String[] {"source", "component"} : name.split("\\.");
    boolean wanted = !term.contains("!=");
    return object -> Json.textAt(object, path).equals(parts[1].strip()) == wanted;
  }
}
