package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A set of paths in an object, as FieldsV1 holds it: steps are {@code f:NAME}, {@code k:{KEYS}} and
 * {@code v:VALUE}. A path may be in the set while longer ones are too. Instances are not changed
 * after they were built.
 */
final class FieldSet {
  private static final FieldSet EMPTY = new FieldSet();

  private boolean member;
  private final Map<String, FieldSet> children = new TreeMap<>();

  static FieldSet empty() {
    return EMPTY;
  }

  /** Collects paths. */
  static final class Builder {
    private final FieldSet root = new FieldSet();

    void add(Iterable<String> path) {
      var here = root;
      for (var step : path) {
        here = here.children.computeIfAbsent(step, s -> new FieldSet());
      }
      here.member = true;
    }

    /** The set; the empty path is never in it. */
    FieldSet build() {
      root.member = false;
      return root;
    }
  }

  static FieldSet of(String... path) {
    var builder = new Builder();
    builder.add(List.of(path));
    return builder.build();
  }

  /** Reads FieldsV1. */
  static FieldSet read(JsonNode fields) {
    var set = new FieldSet();
    for (var field : fields.properties()) {
      if (field.getKey().equals(".")) {
        set.member = true;
      } else {
        var child = read(field.getValue());
        child.member |= field.getValue().isEmpty();
        set.children.put(field.getKey(), child);
      }
    }
    return set;
  }

  /** As FieldsV1. */
  ObjectNode write() {
    var fields = Json.object();
    if (member && !children.isEmpty()) {
      fields.putObject(".");
    }
    children.forEach((step, child) -> fields.set(step, child.write()));
    return fields;
  }

  boolean isEmpty() {
    return !member && children.isEmpty();
  }

  /** Whether the path of one step is in the set. */
  boolean has(String step) {
    var child = children.get(step);
    return child != null && child.member;
  }

  /** What is in the set below the step. */
  FieldSet below(String step) {
    return children.getOrDefault(step, EMPTY);
  }

  boolean hasBelow(String step) {
    return !below(step).children.isEmpty();
  }

  FieldSet union(FieldSet other) {
    var set = new FieldSet();
    set.member = member || other.member;
    set.children.putAll(children);
    other.children.forEach((step, child) -> set.children.merge(step, child, FieldSet::union));
    return set;
  }

  FieldSet intersection(FieldSet other) {
    return combine(other, member && other.member, false, FieldSet::intersection);
  }

  FieldSet difference(FieldSet other) {
    return combine(other, member && !other.member, true, FieldSet::difference);
  }

  /** Without whatever is at or below the paths of {@code other}. */
  FieldSet withoutBelow(FieldSet other) {
    if (other.member) {
      return EMPTY;
    }
    return combine(other, member, true, FieldSet::withoutBelow);
  }

  private FieldSet combine(
      FieldSet other,
      boolean member,
      boolean keepOthers,
      java.util.function.BinaryOperator<FieldSet> operator) {
    var set = new FieldSet();
    set.member = member;
    children.forEach(
        (step, child) -> {
          var counterpart = other.children.get(step);
          if (counterpart == null) {
            if (keepOthers) {
              set.children.put(step, child);
            }
            return;
          }
          var combined = operator.apply(child, counterpart);
          if (!combined.isEmpty()) {
            set.children.put(step, combined);
          }
        });
    return set;
  }

  /** With the fields of the schema that lie on the way to a member: who owns a.b also holds a. */
  FieldSet withNamedFields(Schema schema) {
    var set = new FieldSet();
    set.member = member;
    children.forEach(
        (step, child) -> {
          var field = step.startsWith("f:") ? step.substring(2) : null;
          var below =
              child.withNamedFields(field == null ? schema.items() : schema.property(field));
          below.member |= field != null && schema.hasProperty(field) && !child.children.isEmpty();
          set.children.put(step, below);
        });
    return set;
  }

  /** Calls with every path, written as in messages: {@code .spec.containers[name="a"].image}. */
  void forEachPath(Consumer<String> consumer) {
    forEachPath("", consumer);
  }

  private void forEachPath(String path, Consumer<String> consumer) {
    if (member) {
      consumer.accept(path);
    }
    children.forEach((step, child) -> child.forEachPath(path + shown(step), consumer));
  }

  private static String shown(String step) {
    var rest = step.substring(2);
    return switch (step.charAt(0)) {
      case 'f' -> "." + rest;
      case 'k' -> shownKeys(Json.parse(rest));
      default -> "[=" + rest + "]";
    };
  }

  private static String shownKeys(ObjectNode keys) {
    var text = new java.util.StringJoiner(",", "[", "]");
    keys.properties().forEach(key -> text.add(key.getKey() + "=" + Json.text(key.getValue())));
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldSet set && member == set.member && children.equals(set.children);
  }

  @Override
  public int hashCode() {
    return children.hashCode() * 31 + Boolean.hashCode(member);
  }

  @Override
  public String toString() {
    return Json.text(write());
  }
}
