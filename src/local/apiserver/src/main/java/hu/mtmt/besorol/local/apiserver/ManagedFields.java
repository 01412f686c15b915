package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Who owns which field of an object ({@code metadata.managedFields}), and server-side apply, which
 * rests on it. Stateless: objects go in, objects come out.
 */
final class ManagedFields {
  /** What no manager owns. */
  private static final FieldSet NOT_OWNED = notOwned();

  private static final String APPLY = "Apply";
  private static final String UPDATE = "Update";

  private ManagedFields() {}

  private static FieldSet notOwned() {
    var builder = new FieldSet.Builder();
    builder.add(List.of("f:apiVersion"));
    builder.add(List.of("f:kind"));
    builder.add(List.of("f:metadata"));
    for (var name :
        List.of(
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "managedFields",
            "resourceVersion")) {
      builder.add(List.of("f:metadata", "f:" + name));
    }
    return builder.build();
  }

  /**
   * Who writes, and how.
   *
   * @param name of the manager
   * @param subresource "" for the object itself
   * @param time in RFC 3339
   */
  record Writer(String name, String apiVersion, String subresource, String time) {}

  /** One manager; equal identities are one entry. */
  private record Identity(String manager, String operation, String apiVersion, String subresource) {
    static Identity of(Writer writer, String operation) {
      // An applier stays the same when it moves to another version.
      return new Identity(
          writer.name(),
          operation,
          operation.equals(APPLY) ? "" : writer.apiVersion(),
          writer.subresource());
    }

    static Identity of(JsonNode entry) {
      var operation = entry.path("operation").asText();
      return new Identity(
          entry.path("manager").asText(),
          operation,
          operation.equals(APPLY) ? "" : entry.path("apiVersion").asText(),
          entry.path("subresource").asText(""));
    }

    /** As in messages of conflicts. */
    String shown() {
      var text = Json.text(Json.MAPPER.valueToTree(manager));
      if (!subresource.isEmpty()) {
        text += " with subresource " + Json.text(Json.MAPPER.valueToTree(subresource));
      }
      return operation.equals(UPDATE) ? text + " using " + apiVersion : text;
    }
  }

  private record Owned(String apiVersion, String time, FieldSet fields) {
    Owned with(FieldSet fields) {
      return new Owned(apiVersion, time, fields);
    }
  }

  /**
   * Records a create, an update or a patch: who changed a field owns it from now on.
   *
   * @param before what was stored; for a new object what a decoder would add by itself
   * @param after what will be stored; its own managedFields count if it brings some, so that
   *     clients can move entries
   * @param excluded paths that a write of this kind cannot change
   */
  static void recordUpdate(
      Schema schema, ObjectNode before, ObjectNode after, FieldSet excluded, Writer writer) {
    var owners = ownersBefore(before, after, writer);
    var difference =
        TypedTree.compare(schema, withoutManagedFields(before), withoutManagedFields(after));
    var taken = difference.changed();
    var lost = taken.union(difference.removed());
    owners.replaceAll((identity, owned) -> owned.with(owned.fields().difference(lost)));
    var own = filter(taken, excluded);
    if (!own.isEmpty()) {
      owners.merge(
          Identity.of(writer, UPDATE),
          new Owned(writer.apiVersion(), writer.time(), own),
          (old, now) -> now.with(old.fields().union(own)));
    }
    write(after, owners);
  }

  private static Map<Identity, Owned> ownersBefore(
      ObjectNode before, ObjectNode after, Writer writer) {
    var sent = after.path("metadata").path("managedFields");
    if (writer.subresource().isEmpty() && !sent.isEmpty()) {
      boolean reset = sent.size() == 1 && sent.get(0).isEmpty();
      return reset ? new LinkedHashMap<>() : read(after);
    }
    return read(before);
  }

  /**
   * Applies a configuration.
   *
   * @param live the stored object, or what a decoder makes of nothing
   * @param config the applied object, without what the endpoint cannot change
   * @throws Failure 409 with every field that another manager owns and that would change
   */
  static ObjectNode apply(
      Schema schema, ObjectNode live, ObjectNode config, Writer writer, boolean force) {
    var owners = read(live);
    if (owners.isEmpty() && live.path("metadata").has("uid")) {
      // Nobody is known to own what is there: it must not be lost.
      var unowned = filter(TypedTree.paths(schema, live), FieldSet.empty());
      owners.put(
          new Identity("before-first-apply", UPDATE, writer.apiVersion(), ""),
          new Owned(writer.apiVersion(), writer.time(), unowned));
    }
    var applier = Identity.of(writer, APPLY);
    var mine = filter(TypedTree.paths(schema, config), FieldSet.empty());
    var bare = withoutManagedFields(live);
    var merged = (ObjectNode) TypedTree.merge(schema, bare, config);
    var last = owners.get(applier);
    owners.put(applier, new Owned(writer.apiVersion(), writer.time(), mine));
    if (last != null) {
      merged = removeAbandoned(schema, merged, last.fields(), owners);
    }
    var difference = TypedTree.compare(schema, bare, merged);
    var changed = difference.changed();
    if (!force) {
      refuseConflicts(owners, applier, changed, LastApplied.fields(schema, live, writer.name()));
    }
    var lost = changed.union(difference.removed());
    owners.replaceAll(
        (identity, owned) ->
            identity.equals(applier) ? owned : owned.with(owned.fields().difference(lost)));
    write(merged, owners);
    return merged;
  }

  /** Removes what the applier owned, no longer applies, and nobody else owns. */
  private static ObjectNode removeAbandoned(
      Schema schema, ObjectNode merged, FieldSet last, Map<Identity, Owned> owners) {
    var owned =
        owners.values().stream().map(Owned::fields).reduce(FieldSet.empty(), FieldSet::union);
    var abandoned =
        last.withNamedFields(schema)
            .intersection(TypedTree.paths(schema, merged).withNamedFields(schema))
            .difference(owned.withNamedFields(schema));
    return TypedTree.remove(schema, merged, abandoned);
  }

  /**
   * @param takenOver conflicts about nothing but these fields are none
   */
  private static void refuseConflicts(
      Map<Identity, Owned> owners, Identity applier, FieldSet changed, FieldSet takenOver) {
    var byManager = new TreeMap<String, List<String>>();
    var causes = new ArrayList<FieldError>();
    var fields = FieldSet.empty();
    for (var owner : owners.entrySet()) {
      if (!owner.getKey().equals(applier)) {
        var manager = owner.getKey().shown();
        var conflicts = owner.getValue().fields().intersection(changed);
        fields = fields.union(conflicts);
        conflicts.forEachPath(
            path -> {
              byManager.computeIfAbsent(manager, m -> new ArrayList<>()).add(path);
              causes.add(new FieldError("FieldManagerConflict", path, "conflict with " + manager));
            });
      }
    }
    if (fields.difference(takenOver).isEmpty()) {
      return;
    }
    if (causes.size() == 1) {
      var only = causes.getFirst();
      throw Failure.applyConflict(
          "Apply failed with 1 conflict: " + only.message() + ": " + only.field(), causes);
    }
    var parts = new ArrayList<String>();
    byManager.forEach(
        (manager, paths) -> {
          parts.add("conflicts with " + manager + ":");
          paths.forEach(path -> parts.add("- " + path));
        });
    throw Failure.applyConflict(
        "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", parts), causes);
  }

  private static FieldSet filter(FieldSet fields, FieldSet excluded) {
    return fields.difference(NOT_OWNED).withoutBelow(excluded);
  }

  private static ObjectNode withoutManagedFields(ObjectNode object) {
    var copy = object.deepCopy();
    Json.objectAt(copy, "metadata").ifPresent(m -> m.remove("managedFields"));
    return copy;
  }

  private static Map<Identity, Owned> read(ObjectNode object) {
    var owners = new LinkedHashMap<Identity, Owned>();
    for (var entry : object.path("metadata").path("managedFields")) {
      var owned =
          new Owned(
              entry.path("apiVersion").asText(),
              entry.path("time").asText(""),
              FieldSet.read(entry.path("fieldsV1")));
      owners.merge(Identity.of(entry), owned, (a, b) -> b.with(a.fields().union(b.fields())));
    }
    return owners;
  }

  private static void write(ObjectNode object, Map<Identity, Owned> owners) {
    var entries = new ArrayList<ObjectNode>();
    owners.forEach(
        (identity, owned) -> {
          if (!owned.fields().isEmpty()) {
            entries.add(entry(identity, owned));
          }
        });
    entries.sort(
        Comparator.comparing((ObjectNode e) -> e.path("operation").asText())
            .thenComparing(e -> e.path("time").asText())
            .thenComparing(e -> e.path("manager").asText())
            .thenComparing(e -> e.path("apiVersion").asText())
            .thenComparing(e -> e.path("subresource").asText("")));
    var metadata = Json.metadata(object);
    metadata.remove("managedFields");
    if (!entries.isEmpty()) {
      metadata.putArray("managedFields").addAll(entries);
    }
  }

  private static ObjectNode entry(Identity identity, Owned owned) {
    var entry =
        Json.object()
            .put("manager", identity.manager())
            .put("operation", identity.operation())
            .put("apiVersion", owned.apiVersion());
    if (!owned.time().isEmpty()) {
      entry.put("time", owned.time());
    }
    entry.put("fieldsType", "FieldsV1");
    entry.set("fieldsV1", owned.fields().write());
    if (!identity.subresource().isEmpty()) {
      entry.put("subresource", identity.subresource());
    }
    return entry;
  }

  /**
   * Whether two objects differ in nothing but times in their managedFields: then nothing is to be
   * written.
   */
  static boolean sameButForTimes(ObjectNode a, ObjectNode b) {
    return Objects.equals(withoutTimes(a), withoutTimes(b));
  }

  private static ObjectNode withoutTimes(ObjectNode object) {
    var copy = object.deepCopy();
    for (var entry : copy.path("metadata").path("managedFields")) {
      ((ObjectNode) entry).remove("time");
    }
    return copy;
  }
}
