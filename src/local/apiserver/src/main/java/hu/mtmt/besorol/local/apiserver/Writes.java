package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How an object gets into the store: what the server decides of it, who owns which of its fields,
 * and every check. Whoever writes does so {@link Store#exclusively}.
 */
final class Writes {
  private static final FieldSet NOTHING = FieldSet.empty();
  private static final FieldSet STATUS = FieldSet.of("f:status");

  private final Store store;
  private final Kinds kinds;
  private final Admission admission;
  private final Clock clock;

  Writes(Store store, Kinds kinds, Admission admission, Clock clock) {
    this.store = store;
    this.kinds = kinds;
    this.admission = admission;
    this.clock = clock;
  }

  /** The object as its kind shows it, if it is there. */
  Optional<ObjectNode> find(Target target) {
    return store.get(target.key()).map(stored -> Conversion.view(target.kind(), stored));
  }

  /**
   * The object as its kind shows it.
   *
   * @throws Failure 404
   */
  ObjectNode get(Target target) {
    return find(target).orElseThrow(() -> Failure.notFound(target.kind(), target.name()));
  }

  ObjectNode create(Request request, Target target, ObjectNode sent) {
    var kind = target.kind();
    checkRoom(target);
    if (store.get(target.key()).isPresent()) {
      throw Failure.alreadyExists(kind, target.name());
    }
    initialize(target, sent);
    admission.setDefaults(kind, sent);
    ManagedFields.recordUpdate(
        kind.schema(), zero(target), sent, excluded(target), writer(request, target));
    return storeNew(request, target, sent);
  }

  /** The fields of metadata that belong to the server, and no status. */
  private void initialize(Target target, ObjectNode object) {
    var metadata = Json.metadata(object);
    metadata.remove(
        List.of(
            "resourceVersion",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation",
            "selfLink"));
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", Times.seconds(clock));
    metadata.put("name", target.name());
    if (target.kind().namespaced()) {
      metadata.put("namespace", target.namespace());
    } else {
      metadata.remove("namespace");
    }
    if (target.kind().hasStatus()) {
      object.remove("status");
    }
    object.put("apiVersion", target.kind().groupVersion()).put("kind", target.kind().kind());
  }

  private ObjectNode storeNew(Request request, Target target, ObjectNode object) {
    var behaviour = admission.behaviour(target.kind());
    behaviour.prepareForCreate(object);
    if (behaviour.hasGeneration()) {
      Json.metadata(object).put("generation", 1L);
    }
    admission.check(target.kind(), null, object);
    return request.dryRun() ? object : put(target, object);
  }

  ObjectNode put(Target target, ObjectNode object) {
    var kind = target.kind();
    var stored = store.put(target.key(), Conversion.stored(kind, object));
    if (kind.is(Kinds.EXTENSIONS, Kinds.CRDS)) {
      kinds.define(stored);
    }
    return Conversion.view(kind, stored);
  }

  ObjectNode remove(Target target, ObjectNode object) {
    var removed = store.delete(target.key(), Conversion.stored(target.kind(), object));
    if (target.kind().is(Kinds.EXTENSIONS, Kinds.CRDS)) {
      kinds.undefine(removed);
    }
    return Conversion.view(target.kind(), removed);
  }

  /** What a decoder would add to nothing; fields that are there belong to nobody. */
  private static ObjectNode zero(Target target) {
    return target.kind().custom() ? Json.object() : target.kind().schema().zero();
  }

  private static FieldSet excluded(Target target) {
    return target.kind().hasStatus() && !target.isStatus() ? STATUS : NOTHING;
  }

  private ManagedFields.Writer writer(Request request, Target target) {
    return new ManagedFields.Writer(
        request.fieldManager(),
        target.kind().groupVersion(),
        target.subresource(),
        Times.seconds(clock));
  }

  /** The namespace must be there, and not about to go. */
  private void checkRoom(Target target) {
    if (!target.kind().namespaced()) {
      return;
    }
    var namespaces = kinds.builtIn("", "v1", "namespaces");
    var namespace =
        store
            .get(namespaces.key("", target.namespace()))
            .orElseThrow(() -> Failure.notFound(namespaces, target.namespace()));
    if (namespace.path("metadata").has("deletionTimestamp")) {
      var why =
          "unable to create new content in namespace "
              + target.namespace()
              + " because it is being terminated";
      throw Failure.forbidden(
          target.kind(),
          target.name(),
          why,
          List.of(
              new FieldError(
                  "NamespaceTerminating",
                  "metadata.namespace",
                  "namespace " + target.namespace() + " is being terminated")));
    }
  }

  /** Stores what a PUT or a patch made of an object. */
  ObjectNode replace(Request request, Target target, ObjectNode before, ObjectNode sent) {
    var kind = target.kind();
    checkVersion(target, before, sent);
    checkUid(target, before, sent);
    var next = merged(target, before, sent);
    admission.setDefaults(kind, next);
    ManagedFields.recordUpdate(
        kind.schema(), before, next, excluded(target), writer(request, target));
    return storeChanged(request, target, before, next);
  }

  void checkVersion(Target target, ObjectNode before, ObjectNode sent) {
    var wanted = Json.textAt(sent, "metadata", "resourceVersion");
    if (wanted.isEmpty()) {
      if (!admission.behaviour(target.kind()).replacedUnconditionally()) {
        throw Failure.versionMissing(target.kind(), target.name());
      }
    } else if (!wanted.equals(Json.textAt(before, "metadata", "resourceVersion"))) {
      throw Failure.modified(target.kind(), target.name());
    }
  }

  private static void checkUid(Target target, ObjectNode before, ObjectNode sent) {
    var wanted = Json.textAt(sent, "metadata", "uid");
    var actual = Json.textAt(before, "metadata", "uid");
    if (!wanted.isEmpty() && !wanted.equals(actual)) {
      throw Failure.conflict(
          target.kind(),
          target.name(),
          "Precondition failed: UID in precondition: "
              + wanted
              + ", UID in object meta: "
              + actual);
    }
  }

  /** What the end point may change from what was sent, the rest from what is there. */
  private static ObjectNode merged(Target target, ObjectNode before, ObjectNode sent) {
    ObjectNode next;
    if (target.isStatus()) {
      next = before.deepCopy();
      Json.copyFields(sent, next, "status");
    } else {
      next = sent.deepCopy();
      if (target.kind().hasStatus()) {
        Json.copyFields(before, next, "status");
      }
      Json.copyFields(
          Json.metadata(before),
          Json.metadata(next),
          "uid",
          "creationTimestamp",
          "generation",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "resourceVersion",
          "name",
          "namespace");
    }
    next.put("apiVersion", target.kind().groupVersion()).put("kind", target.kind().kind());
    return next;
  }

  private ObjectNode storeChanged(
      Request request, Target target, ObjectNode before, ObjectNode next) {
    var kind = target.kind();
    var behaviour = admission.behaviour(kind);
    if (!target.isStatus()) {
      behaviour.prepareForUpdate(before, next);
    }
    if (behaviour.hasGeneration()
        && !target.isStatus()
        && !wanted(kind, before).equals(wanted(kind, next))) {
      Json.metadata(next).put("generation", Json.at(before, "metadata", "generation").asLong() + 1);
    }
    admission.check(kind, before, next);
    if (ManagedFields.sameButForTimes(before, next)) {
      return before;
    }
    if (request.dryRun()) {
      return next;
    }
    return isFinished(next) ? remove(target, next) : put(target, next);
  }

  /** The part of an object whose changes generation counts. */
  private static ObjectNode wanted(ResourceKind kind, ObjectNode object) {
    return kind.hasStatus()
        ? Json.without(object, "metadata", "status")
        : Json.without(object, "metadata");
  }

  /** Whether it is deleted and nobody has anything left to do about it. */
  static boolean isFinished(ObjectNode object) {
    var metadata = object.path("metadata");
    return metadata.has("deletionTimestamp")
        && metadata.path("finalizers").isEmpty()
        && metadata.path("deletionGracePeriodSeconds").asLong(0) == 0
        && Json.at(object, "spec", "finalizers").isEmpty();
  }

  /** A resourceVersion does not matter here: there is nothing it could be of. */
  ObjectNode applyToNothing(Request request, Target target, ObjectNode config) {
    checkRoom(target);
    var bare = applicable(target, config);
    var live = zero(target);
    Json.metadata(live);
    var next =
        ManagedFields.apply(target.kind().schema(), live, bare, writer(request, target), true);
    initialize(target, next);
    admission.setDefaults(target.kind(), next);
    return storeNew(request, target, next);
  }

  ObjectNode applyToPresent(Request request, Target target, ObjectNode before, ObjectNode config) {
    if (Json.filled(Json.at(config, "metadata", "resourceVersion"))) {
      checkVersion(target, before, config);
    }
    checkUid(target, before, config);
    var applied =
        ManagedFields.apply(
            target.kind().schema(),
            before,
            applicable(target, config),
            writer(request, target),
            request.flag("force"));
    var owners = Json.at(applied, "metadata", "managedFields").deepCopy();
    var next = merged(target, before, applied);
    LastApplied.update(next, config, request.fieldManager());
    Json.metadata(next).set("managedFields", owners);
    admission.setDefaults(target.kind(), next);
    return storeChanged(request, target, before, next);
  }

  /** What of a configuration the end point may change. */
  private static ObjectNode applicable(Target target, ObjectNode config) {
    var bare = config.deepCopy();
    var metadata = Json.metadata(bare);
    metadata.remove(
        List.of(
            "resourceVersion",
            "uid",
            "creationTimestamp",
            "generation",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields"));
    if (target.isStatus()) {
      bare.retain("apiVersion", "kind", "metadata", "status");
      metadata.retain("name", "namespace");
    } else if (target.kind().hasStatus()) {
      bare.remove("status");
    }
    return bare;
  }

  /** Creates the namespaces that are always there. */
  void ensureNamespaces(String... names) {
    var kind = kinds.builtIn("", "v1", "namespaces");
    for (var name : names) {
      var target = new Target(kind, "", name, "");
      if (store.get(target.key()).isEmpty()) {
        var namespace = Json.object();
        initialize(target, namespace);
        admission.setDefaults(kind, namespace);
        admission.behaviour(kind).prepareForCreate(namespace);
        put(target, namespace);
      }
    }
  }
}
