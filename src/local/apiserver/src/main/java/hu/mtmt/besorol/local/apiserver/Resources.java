package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The verbs that change objects: create, update, patch, apply, delete. */
final class Resources {
  private static final FieldSet NOTHING = FieldSet.empty();
  private static final FieldSet STATUS = FieldSet.of("f:status");

  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";

  /** Keeps a definition until its objects are gone. */
  private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

  private final Store store;
  private final Kinds kinds;
  private final Admission admission;
  private final Clock clock;
  private final RandomGenerator random;

  Resources(Store store, Kinds kinds, Admission admission, Clock clock, RandomGenerator random) {
    this.store = store;
    this.kinds = kinds;
    this.admission = admission;
    this.clock = clock;
    this.random = random;
  }

  /**
   * What came of a request.
   *
   * @param body the object, or a Status
   */
  record Result(int code, ObjectNode body, List<String> warnings) {}

  /**
   * The object as its kind shows it.
   *
   * @throws Failure 404
   */
  ObjectNode get(Target target) {
    return store
        .get(target.key())
        .map(stored -> Conversion.view(target.kind(), stored))
        .orElseThrow(() -> Failure.notFound(target.kind(), target.name()));
  }

  Result create(Request request, Target collection) {
    var kind = collection.kind();
    var parsed = Bodies.read(request);
    var sent = parsed.object();
    checkType(kind, sent);
    var warnings = admission.decode(request, kind, sent, parsed.duplicates());
    var metadata = Json.metadata(sent);
    checkNamespace(collection, metadata);
    if (metadata.path("name").asText("").isEmpty()) {
      var prefix = metadata.path("generateName").asText("");
      if (prefix.isEmpty()) {
        throw Failure.invalid(
            kind,
            "",
            List.of(FieldError.required("metadata.name", "name or generateName is required")));
      }
      metadata.put("name", Names.generate(prefix, random));
    }
    if (Json.filled(metadata.path("resourceVersion"))) {
      throw Failure.badRequest("resourceVersion should not be set on objects to be created");
    }
    var target = new Target(kind, collection.namespace(), metadata.path("name").asText(), "");
    var created = store.exclusively(() -> createExclusively(request, target, sent));
    return new Result(201, created, warnings);
  }

  private ObjectNode createExclusively(Request request, Target target, ObjectNode sent) {
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

  private ObjectNode put(Target target, ObjectNode object) {
    var kind = target.kind();
    var stored = store.put(target.key(), Conversion.stored(kind, object));
    if (kind.is(Kinds.EXTENSIONS, Kinds.CRDS)) {
      kinds.define(stored);
    }
    return Conversion.view(kind, stored);
  }

  private ObjectNode remove(Target target, ObjectNode object) {
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

  private static void checkType(ResourceKind kind, ObjectNode sent) {
    var apiVersion = sent.path("apiVersion").asText("");
    var name = sent.path("kind").asText("");
    if (!kind.custom() && apiVersion.isEmpty() && name.isEmpty()) {
      return; // the path says it
    }
    if (!apiVersion.equals(kind.groupVersion()) || !name.equals(kind.kind())) {
      throw Failure.badRequest(
          "the object has apiVersion \""
              + apiVersion
              + "\" and kind \""
              + name
              + "\", but the path is of "
              + kind.kind()
              + " in "
              + kind.groupVersion());
    }
  }

  private static void checkNamespace(Target target, ObjectNode metadata) {
    var namespace = metadata.path("namespace").asText("");
    if (target.kind().namespaced()
        && !namespace.isEmpty()
        && !namespace.equals(target.namespace())) {
      throw Failure.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
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

  Result update(Request request, Target target) {
    var kind = target.kind();
    var parsed = Bodies.read(request);
    var sent = parsed.object();
    checkType(kind, sent);
    var warnings = admission.decode(request, kind, sent, parsed.duplicates());
    var metadata = Json.metadata(sent);
    var name = metadata.path("name").asText("");
    if (!name.equals(target.name())) {
      throw Failure.badRequest(
          "the name of the object ("
              + (name.isEmpty() ? "based on URL) was undeterminable" : name + ")")
              + " does not match the name on the URL ("
              + target.name()
              + ")");
    }
    checkNamespace(target, metadata);
    return store.exclusively(
        () -> {
          var before = store.get(target.key());
          if (before.isEmpty()
              && target.subresource().isEmpty()
              && admission.behaviour(kind).createdByPut()) {
            return new Result(201, createExclusively(request, target, sent), warnings);
          }
          var updated = replace(request, target, get(target), sent);
          return new Result(200, updated, warnings);
        });
  }

  /** Stores what a PUT or a patch made of an object. */
  private ObjectNode replace(Request request, Target target, ObjectNode before, ObjectNode sent) {
    var kind = target.kind();
    checkVersion(target, before, sent);
    checkUid(target, before, sent);
    var next = merged(target, before, sent);
    admission.setDefaults(kind, next);
    ManagedFields.recordUpdate(
        kind.schema(), before, next, excluded(target), writer(request, target));
    return storeChanged(request, target, before, next);
  }

  private void checkVersion(Target target, ObjectNode before, ObjectNode sent) {
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
  private static boolean isFinished(ObjectNode object) {
    var metadata = object.path("metadata");
    return metadata.has("deletionTimestamp")
        && metadata.path("finalizers").isEmpty()
        && metadata.path("deletionGracePeriodSeconds").asLong(0) == 0
        && Json.at(object, "spec", "finalizers").isEmpty();
  }

  Result patch(Request request, Target target) {
    return switch (request.contentType()) {
      case "application/apply-patch+yaml", "application/apply-patch+json" -> apply(request, target);
      case "application/json-patch+json" ->
          patch(
              request, target, Bodies.read(request), (before, p) -> Patches.json(before, p.node()));
      case "application/merge-patch+json" ->
          patch(
              request,
              target,
              Bodies.read(request),
              (before, p) -> Patches.merge(before, p.object()));
      case "application/strategic-merge-patch+json" -> {
        if (target.kind().custom()) {
          throw unknownPatch(target.kind());
        }
        yield patch(
            request,
            target,
            Bodies.read(request),
            (before, p) -> Patches.strategic(target.kind().schema(), before, p.object()));
      }
      default -> throw unknownPatch(target.kind());
    };
  }

  private static Failure unknownPatch(ResourceKind kind) {
    return Failure.unsupportedMediaType(
        "the body of the request was in an unknown format - accepted media types include:"
            + " application/json-patch+json, application/merge-patch+json, "
            + (kind.custom() ? "" : "application/strategic-merge-patch+json, ")
            + "application/apply-patch+yaml");
  }

  @FunctionalInterface
  private interface Patch {
    ObjectNode patched(ObjectNode before, Bodies.Parsed patch);
  }

  private Result patch(Request request, Target target, Bodies.Parsed parsed, Patch patch) {
    return store.exclusively(
        () -> {
          var before = get(target);
          var patched = patch.patched(before.deepCopy(), parsed);
          var warnings =
              admission.decodePatched(request, target.kind(), patched, parsed.duplicates());
          return new Result(200, replace(request, target, before, patched), warnings);
        });
  }

  /** Changes the replicas of a workload by a PUT or a patch of its scale. */
  Result scale(Request request, Target target) {
    var sent = Bodies.read(request);
    return store.exclusively(
        () -> {
          var before = get(target);
          var scale = Scale.of(before);
          var changed =
              switch (request.contentType()) {
                case "application/json-patch+json" -> Patches.json(scale, sent.node());
                case "application/merge-patch+json", "application/strategic-merge-patch+json" ->
                    Patches.merge(scale, sent.object());
                case "application/json" -> sent.object();
                default -> throw unknownPatch(target.kind());
              };
          checkVersion(target, before, changed);
          var after = replace(request, target, before, Scale.applied(before, changed));
          return new Result(200, Scale.of(after), List.of());
        });
  }

  private Result apply(Request request, Target target) {
    var kind = target.kind();
    if (request.parameter("fieldManager").isEmpty()) {
      throw Failure.invalidRequest(
          "meta.k8s.io",
          "PatchOptions",
          FieldError.required("fieldManager", "is required for apply patch"));
    }
    var parsed = Bodies.read(request);
    var config = parsed.object();
    checkType(kind, config);
    var metadata = Json.metadata(config);
    if (Json.filled(metadata.path("managedFields"))) {
      throw Failure.badRequest("metadata.managedFields must be nil");
    }
    checkNamespace(target, metadata);
    var name = metadata.path("name").asText(target.name());
    if (!name.equals(target.name())) {
      throw Failure.badRequest(
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + target.name()
              + ")");
    }
    admission.decodeApplied(target, config, parsed.duplicates());
    return store.exclusively(
        () -> {
          var before = store.get(target.key()).map(stored -> Conversion.view(kind, stored));
          if (before.isPresent()) {
            var changed = applyToPresent(request, target, before.get(), config);
            return new Result(200, changed, List.of());
          }
          if (!target.subresource().isEmpty()) {
            throw Failure.notFound(kind, target.name());
          }
          return new Result(201, applyToNothing(request, target, config), List.of());
        });
  }

  /** A resourceVersion does not matter here: there is nothing it could be of. */
  private ObjectNode applyToNothing(Request request, Target target, ObjectNode config) {
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

  private ObjectNode applyToPresent(
      Request request, Target target, ObjectNode before, ObjectNode config) {
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

  /**
   * How something is deleted.
   *
   * @param graceSeconds empty: what the object says
   * @param propagation Background, Foreground, Orphan, or "" for the default
   * @param uid precondition; "" for none
   * @param resourceVersion precondition; "" for none
   */
  record DeleteOptions(
      OptionalLong graceSeconds,
      String propagation,
      String uid,
      String resourceVersion,
      boolean dryRun) {
    /** For the object of this uid only. */
    static DeleteOptions of(String propagation, String uid) {
      return new DeleteOptions(OptionalLong.empty(), propagation, uid, "", false);
    }

    /** From the body and the query, where the body counts more. */
    static DeleteOptions of(Request request) {
      JsonNode body = request.body().length == 0 ? Json.object() : Bodies.read(request).object();
      var grace = body.path("gracePeriodSeconds");
      long asked = grace.isNumber() ? grace.asLong() : request.number("gracePeriodSeconds", -1);
      var policy = body.path("propagationPolicy").asText(request.parameter("propagationPolicy"));
      if (body.path("orphanDependents").asBoolean(false)) {
        policy = "Orphan";
      }
      if (!List.of("", "Background", "Foreground", "Orphan").contains(policy)) {
        throw Failure.badRequest(
            "propagationPolicy: \""
                + policy
                + "\" is not supported: write Background, Foreground or Orphan");
      }
      return new DeleteOptions(
          asked < 0 ? OptionalLong.empty() : OptionalLong.of(asked),
          policy,
          Json.textAt(body, "preconditions", "uid"),
          Json.textAt(body, "preconditions", "resourceVersion"),
          request.dryRun() || !body.path("dryRun").isEmpty());
    }
  }

  /** Deletes one object, or begins to. */
  Result delete(Target target, DeleteOptions options) {
    return store.exclusively(
        () -> {
          var before = get(target);
          checkPreconditions(target, before, options);
          var deleted = deleteExclusively(target, before, options);
          boolean kept = store.get(target.key()).isPresent() && !options.dryRun();
          boolean shown = kept || admission.behaviour(target.kind()).returnedWhenDeleted();
          return new Result(200, shown ? deleted : deletedStatus(target, deleted), List.of());
        });
  }

  private static void checkPreconditions(Target target, ObjectNode before, DeleteOptions options) {
    var metadata = before.path("metadata");
    var uid = metadata.path("uid").asText();
    if (!options.uid().isEmpty() && !options.uid().equals(uid)) {
      throw Failure.preconditionFailed(
          target.kind(),
          target.name(),
          "the UID in the precondition ("
              + options.uid()
              + ") does not match the UID in record ("
              + uid
              + "). The object might have been deleted and then recreated");
    }
    var version = metadata.path("resourceVersion").asText();
    if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
      throw Failure.preconditionFailed(
          target.kind(),
          target.name(),
          "the ResourceVersion in the precondition ("
              + options.resourceVersion()
              + ") does not match the ResourceVersion in record ("
              + version
              + "). The object might have been modified");
    }
  }

  private ObjectNode deleteExclusively(Target target, ObjectNode before, DeleteOptions options) {
    var next = before.deepCopy();
    var metadata = Json.metadata(next);
    boolean begun = metadata.has("deletionTimestamp");
    markPropagation(metadata, options.propagation());
    long grace = admission.behaviour(target.kind()).graceSeconds(before, options.graceSeconds());
    long left = metadata.path("deletionGracePeriodSeconds").asLong(Long.MAX_VALUE);
    if (begun) {
      grace = Math.min(grace, left);
    }
    metadata.put("deletionGracePeriodSeconds", grace);
    if (!begun || grace < left) {
      metadata.put("deletionTimestamp", Times.seconds(clock.instant().plusSeconds(grace)));
    }
    if (!begun && metadata.has("generation")) {
      metadata.put("generation", metadata.path("generation").asLong() + 1);
    }
    if (target.kind().is(Kinds.EXTENSIONS, Kinds.CRDS) && !begun) {
      metadata.withArrayProperty("finalizers").add(CLEANUP);
    }
    if (target.kind().is("", "namespaces")) {
      Json.ensure(next, "status").put("phase", "Terminating");
    }
    if (options.dryRun()) {
      return next;
    }
    if (isFinished(next)) {
      boolean graceful = admission.behaviour(target.kind()).deletedGracefully();
      return remove(target, begun || graceful ? next : before);
    }
    return next.equals(before) ? before : put(target, next);
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

  /** Changes metadata of an object on behalf of the server; afterwards it may be finished. */
  void edit(Target target, Consumer<ObjectNode> change) {
    store.exclusively(
        () -> {
          var next = get(target).deepCopy();
          change.accept(Json.metadata(next));
          return isFinished(next) ? remove(target, next) : put(target, next);
        });
  }

  /** Ends a namespace or definition that is deleted and empty, unless others hold it. */
  void finish(Target target) {
    store.exclusively(
        () -> {
          var next = get(target).deepCopy();
          Json.objectAt(next, "spec").ifPresent(spec -> spec.remove("finalizers"));
          removeFinalizer(Json.metadata(next), CLEANUP);
          return isFinished(next) ? remove(target, next) : put(target, next);
        });
  }

  private static void removeFinalizer(ObjectNode metadata, String finalizer) {
    var kept = Json.array();
    for (var other : metadata.path("finalizers")) {
      if (!other.asText().equals(finalizer)) {
        kept.add(other);
      }
    }
    metadata.set("finalizers", kept);
  }

  private static void markPropagation(ObjectNode metadata, String policy) {
    var finalizers = new ArrayList<>(Json.strings(metadata.path("finalizers")));
    boolean changed =
        switch (policy) {
          case "Orphan" -> finalizers.remove(FOREGROUND) | addOnce(finalizers, ORPHAN);
          case "Foreground" -> finalizers.remove(ORPHAN) | addOnce(finalizers, FOREGROUND);
          case "Background" -> finalizers.remove(ORPHAN) | finalizers.remove(FOREGROUND);
          default -> false;
        };
    if (changed) {
      var list = metadata.putArray("finalizers");
      finalizers.forEach(list::add);
    }
  }

  private static boolean addOnce(List<String> list, String item) {
    return !list.contains(item) && list.add(item);
  }

  private static ObjectNode deletedStatus(Target target, ObjectNode deleted) {
    var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    var details = status.putObject("details").put("name", target.name());
    if (!target.kind().group().isEmpty()) {
      details.put("group", target.kind().group());
    }
    details.put("kind", target.kind().plural()).put("uid", Json.textAt(deleted, "metadata", "uid"));
    return status;
  }
}
