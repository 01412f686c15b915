package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.random.RandomGenerator;

/** The verbs that create and change objects, as requests say them. */
final class Resources {
  private final Store store;
  private final Writes writes;
  private final Admission admission;
  private final RandomGenerator random;

  Resources(Store store, Writes writes, Admission admission, RandomGenerator random) {
    this.store = store;
    this.writes = writes;
    this.admission = admission;
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
    return writes.get(target);
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
    var created = store.exclusively(() -> writes.create(request, target, sent));
    return new Result(201, created, warnings);
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
          var before = writes.find(target);
          if (before.isEmpty()
              && target.subresource().isEmpty()
              && admission.behaviour(kind).createdByPut()) {
            return new Result(201, writes.create(request, target, sent), warnings);
          }
          var updated = writes.replace(request, target, writes.get(target), sent);
          return new Result(200, updated, warnings);
        });
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

  private Result patch(Request request, Target target, Bodies.Parsed parsed, Patch patch) {
    return store.exclusively(
        () -> {
          var before = writes.get(target);
          var patched = patch.patched(before.deepCopy(), parsed);
          var warnings =
              admission.decodePatched(request, target.kind(), patched, parsed.duplicates());
          return new Result(200, writes.replace(request, target, before, patched), warnings);
        });
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

  /** Changes the replicas of a workload by a PUT or a patch of its scale. */
  Result scale(Request request, Target target) {
    var sent = Bodies.read(request);
    return store.exclusively(
        () -> {
          var before = writes.get(target);
          var scale = Scale.of(before);
          var changed =
              switch (request.contentType()) {
                case "application/json-patch+json" -> Patches.json(scale, sent.node());
                case "application/merge-patch+json", "application/strategic-merge-patch+json" ->
                    Patches.merge(scale, sent.object());
                case "application/json" -> sent.object();
                default -> throw unknownPatch(target.kind());
              };
          writes.checkVersion(target, before, changed);
          var after = writes.replace(request, target, before, Scale.applied(before, changed));
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
          var before = writes.find(target);
          if (before.isPresent()) {
            var changed = writes.applyToPresent(request, target, before.get(), config);
            return new Result(200, changed, List.of());
          }
          if (!target.subresource().isEmpty()) {
            throw Failure.notFound(kind, target.name());
          }
          return new Result(201, writes.applyToNothing(request, target, config), List.of());
        });
  }
}
