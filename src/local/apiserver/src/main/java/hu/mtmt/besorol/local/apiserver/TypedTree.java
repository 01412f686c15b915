package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Objects under a schema, as server-side apply sees them: which paths they have, how two of them
 * differ, and how one is merged into another. The rules are those of Kubernetes' library
 * structured-merge-diff.
 */
final class TypedTree {
  private TypedTree() {}

  /** The step to an item of a list that is merged. */
  static String step(Schema list, JsonNode item) {
    if (list.listType() == Schema.ListType.SET || !item.isObject()) {
      return "v:" + Json.text(item);
    }
    var keys = new TreeMap<String, JsonNode>();
    for (var key : list.listKeys()) {
      if (item.has(key)) {
        keys.put(key, item.get(key));
      } else {
        list.items().property(key).defaultValue().ifPresent(value -> keys.put(key, value));
      }
    }
    return "k:" + Json.text(Json.MAPPER.valueToTree(keys));
  }

  private static boolean mergedList(Schema schema, JsonNode value) {
    return value instanceof ArrayNode && schema.listType() != Schema.ListType.ATOMIC;
  }

  private static boolean emptyOrNull(JsonNode value) {
    return value == null || value.isNull() || value.isEmpty();
  }

  /** Every path of an object, as its applier owns it. */
  static FieldSet paths(Schema schema, JsonNode value) {
    var walker = new PathWalker();
    walker.walk(schema, value);
    return walker.paths.build();
  }

  private static final class PathWalker {
    private final Deque<String> path = new ArrayDeque<>();
    private final FieldSet.Builder paths = new FieldSet.Builder();

    void walk(Schema schema, JsonNode value) {
      switch (value) {
        case ObjectNode object when schema.atomicMap() -> paths.add(path);
        case ObjectNode object -> {
          for (var field : object.properties()) {
            path.addLast("f:" + field.getKey());
            walk(schema.property(field.getKey()), field.getValue());
            var child = field.getValue();
            if (child.isNull()
                || (child.isObject() && child.isEmpty())
                || !schema.hasProperty(field.getKey())) {
              paths.add(path);
            }
            path.removeLast();
          }
        }
        case ArrayNode list when schema.listType() == Schema.ListType.ATOMIC -> paths.add(path);
        case ArrayNode list -> {
          for (var item : list) {
            path.addLast(step(schema, item));
            walk(schema.items(), item);
            paths.add(path);
            path.removeLast();
          }
        }
        default -> paths.add(path);
      }
    }
  }

  /** How two objects differ. */
  record Difference(FieldSet added, FieldSet modified, FieldSet removed) {
    /** Paths whose value is new. */
    FieldSet changed() {
      return added.union(modified);
    }
  }

  static Difference compare(Schema schema, JsonNode before, JsonNode after) {
    var walker = new CompareWalker();
    walker.compare(schema, before, after);
    return new Difference(walker.added.build(), walker.modified.build(), walker.removed.build());
  }

  private static final class CompareWalker {
    private final Deque<String> path = new ArrayDeque<>();
    private final FieldSet.Builder added = new FieldSet.Builder();
    private final FieldSet.Builder modified = new FieldSet.Builder();
    private final FieldSet.Builder removed = new FieldSet.Builder();

    void compare(Schema schema, JsonNode before, JsonNode after) {
      var one = Json.present(after) ? after : before;
      boolean sameShape =
          !Json.present(before)
              || !Json.present(after)
              || (before.getNodeType() == after.getNodeType());
      boolean descend =
          sameShape
              && !(emptyOrNull(before) && emptyOrNull(after))
              && ((one instanceof ObjectNode && !schema.atomicMap()) || mergedList(schema, one));
      if (!descend) {
        leaf(before, after);
        return;
      }
      if (one instanceof ObjectNode) {
        fields(schema, before, after);
      } else {
        items(schema, before, after);
      }
      if (before == null) {
        added.add(path);
      } else if (after == null) {
        removed.add(path);
      }
    }

    private void leaf(JsonNode before, JsonNode after) {
      if (before == null) {
        added.add(path);
      } else if (after == null) {
        removed.add(path);
      } else if (!same(before, after)) {
        modified.add(path);
      }
    }

    private void fields(Schema schema, JsonNode before, JsonNode after) {
      var names = new LinkedHashSet<String>();
      if (before instanceof ObjectNode object) {
        object.fieldNames().forEachRemaining(names::add);
      }
      if (after instanceof ObjectNode object) {
        object.fieldNames().forEachRemaining(names::add);
      }
      for (var name : names) {
        path.addLast("f:" + name);
        compare(
            schema.property(name),
            before == null ? null : before.get(name),
            after == null ? null : after.get(name));
        path.removeLast();
      }
    }

    private void items(Schema schema, JsonNode before, JsonNode after) {
      var old = index(schema, before);
      var young = index(schema, after);
      var steps = new LinkedHashSet<>(old.keySet());
      steps.addAll(young.keySet());
      for (var step : steps) {
        path.addLast(step);
        compare(schema.items(), old.get(step), young.get(step));
        if (old.get(step) == null) {
          added.add(path);
        } else if (young.get(step) == null) {
          removed.add(path);
        }
        path.removeLast();
      }
    }
  }

  /** Equal values; numbers by value, as 1 and 1.0 are written alike. */
  static boolean same(JsonNode a, JsonNode b) {
    return a.equals(b)
        || (a.isNumber() && b.isNumber() && a.decimalValue().compareTo(b.decimalValue()) == 0);
  }

  private static Map<String, JsonNode> index(Schema schema, JsonNode list) {
    var items = new LinkedHashMap<String, JsonNode>();
    if (list instanceof ArrayNode array) {
      array.forEach(item -> items.putIfAbsent(step(schema, item), item));
    }
    return items;
  }

  /** The live object with what is applied merged into it. */
  static JsonNode merge(Schema schema, JsonNode live, JsonNode applied) {
    if (live == null || live.isNull()) {
      return applied.deepCopy();
    }
    if (applied instanceof ObjectNode object && live instanceof ObjectNode old) {
      if (schema.atomicMap()) {
        return object.deepCopy();
      }
      var merged = old.deepCopy();
      for (var field : object.properties()) {
        merged.set(
            field.getKey(),
            merge(schema.property(field.getKey()), old.get(field.getKey()), field.getValue()));
      }
      return merged;
    }
    if (live instanceof ArrayNode && mergedList(schema, applied)) {
      return mergeLists(schema, live, applied);
    }
    return applied.deepCopy();
  }

  /**
   * Items keep the order of what is applied; those that only the live object has stay between their
   * neighbours.
   */
  private static ArrayNode mergeLists(Schema schema, JsonNode live, JsonNode applied) {
    var old = index(schema, live);
    var young = index(schema, applied);
    var oldSteps = List.copyOf(old.keySet());
    var newSteps = List.copyOf(young.keySet());
    var shared = new ArrayDeque<>(newSteps.stream().filter(old::containsKey).toList());
    var next = shared.poll();
    var taken = new HashSet<String>();
    var merged = Json.array();
    for (int l = 0, r = 0; l < oldSteps.size() || r < newSteps.size(); ) {
      if (l < oldSteps.size() && r < newSteps.size()) {
        var step = oldSteps.get(l);
        if (step.equals(newSteps.get(r))) {
          taken.add(step);
          merged.add(merge(schema.items(), old.get(step), young.get(step)));
          l++;
          r++;
          next = shared.poll();
          continue;
        }
        if (young.containsKey(step) && next != null && !next.equals(step)) {
          l++; // in both, but not yet its turn
          continue;
        }
      }
      if (l < oldSteps.size()) {
        var step = oldSteps.get(l);
        if (!young.containsKey(step)) {
          merged.add(old.get(step).deepCopy());
          l++;
          continue;
        } else if (taken.contains(step)) {
          l++;
        }
      }
      if (r < newSteps.size()) {
        var step = newSteps.get(r);
        taken.add(step);
        merged.add(merge(schema.items(), old.get(step), young.get(step)));
        r++;
        if (step.equals(next)) {
          next = shared.poll();
        }
      }
    }
    return merged;
  }

  /** The object without the paths; what becomes empty by that is removed too. */
  static ObjectNode remove(Schema schema, ObjectNode object, FieldSet paths) {
    var rest = object.deepCopy();
    for (var name : new ArrayList<>(namesOf(rest))) {
      var step = "f:" + name;
      if (paths.has(step)) {
        rest.remove(name);
      } else if (paths.hasBelow(step)) {
        var child = removeBelow(schema.property(name), rest.get(name), paths.below(step));
        if (child.isContainerNode() && child.isEmpty() && !rest.get(name).isEmpty()) {
          rest.remove(name);
        } else {
          rest.set(name, child);
        }
      }
    }
    return rest;
  }

  private static JsonNode removeBelow(Schema schema, JsonNode value, FieldSet paths) {
    return switch (value) {
      case ObjectNode object when !schema.atomicMap() -> remove(schema, object, paths);
      case ArrayNode list when schema.listType() != Schema.ListType.ATOMIC -> {
        var rest = Json.array();
        for (var item : list) {
          var step = step(schema, item);
          if (!paths.has(step)) {
            rest.add(
                paths.hasBelow(step) ? removeBelow(schema.items(), item, paths.below(step)) : item);
          }
        }
        yield rest;
      }
      default -> value;
    };
  }

  private static List<String> namesOf(ObjectNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The first item of a list that is merged whose keys an earlier item has, by its index. */
  static Map<Integer, String> duplicates(Schema schema, ArrayNode list) {
    var seen = new HashMap<String, Integer>();
    var duplicates = new LinkedHashMap<Integer, String>();
    for (int i = 0; i < list.size(); i++) {
      var step = step(schema, list.get(i));
      if (seen.putIfAbsent(step, i) != null) {
        duplicates.put(i, step.substring(2));
      }
    }
    return duplicates;
  }
}
