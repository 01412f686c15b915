package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Deletion: at once, or begun and finished by whoever holds the object with a finalizer. */
final class Deletion {
  /** Dependents are to stay. */
  static final String ORPHAN = "orphan";

  /** Dependents are to go first. */
  static final String FOREGROUND = "foregroundDeletion";

  /** Keeps a definition until its objects are gone. */
  private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

  private final Store store;
  private final Writes writes;
  private final Admission admission;
  private final Clock clock;

  Deletion(Store store, Writes writes, Admission admission, Clock clock) {
    this.store = store;
    this.writes = writes;
    this.admission = admission;
    this.clock = clock;
  }

  /** Deletes one object, or begins to. */
  Resources.Result delete(Target target, DeleteOptions options) {
    return store.exclusively(
        () -> {
          var before = writes.get(target);
          checkPreconditions(target, before, options);
          var deleted = deleteExclusively(target, before, options);
          boolean kept = store.get(target.key()).isPresent() && !options.dryRun();
          boolean shown = kept || admission.behaviour(target.kind()).returnedWhenDeleted();
          return new Resources.Result(
              200, shown ? deleted : deletedStatus(target, deleted), List.of());
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
    if (Writes.isFinished(next)) {
      boolean graceful = admission.behaviour(target.kind()).deletedGracefully();
      return writes.remove(target, begun || graceful ? next : before);
    }
    return next.equals(before) ? before : writes.put(target, next);
  }

  /** Changes metadata of an object on behalf of the server; afterwards it may be finished. */
  void edit(Target target, Consumer<ObjectNode> change) {
    store.exclusively(
        () -> {
          var next = writes.get(target).deepCopy();
          change.accept(Json.metadata(next));
          return Writes.isFinished(next) ? writes.remove(target, next) : writes.put(target, next);
        });
  }

  /** Ends a namespace or definition that is deleted and empty, unless others hold it. */
  void finish(Target target) {
    store.exclusively(
        () -> {
          var next = writes.get(target).deepCopy();
          Json.objectAt(next, "spec").ifPresent(spec -> spec.remove("finalizers"));
          removeFinalizer(Json.metadata(next), CLEANUP);
          return Writes.isFinished(next) ? writes.remove(target, next) : writes.put(target, next);
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
