package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Follows every change and clears up behind it: dependents go with their last owner, everything in
 * a namespace with the namespace, every custom resource with its definition.
 */
final class GarbageCollector implements Runnable {
  private static final System.Logger LOG = System.getLogger(GarbageCollector.class.getName());

  private final Store store;
  private final Kinds kinds;
  private final Deletion deletion;
  private final Store.Subscription changes;

  GarbageCollector(Store store, Kinds kinds, Deletion deletion) {
    this.store = store;
    this.kinds = kinds;
    this.deletion = deletion;
    this.changes = store.watchAll();
  }

  @Override
  public void run() {
    try (changes) {
      // What was left undone when the server ended last time.
      store.all().forEach(object -> attempt(() -> review(object)));
      while (!changes.ended()) {
        var change = changes.next(TimeUnit.HOURS.toNanos(1));
        change.ifPresent(c -> attempt(() -> follow(c)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server closes
    }
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (Failure e) {
      if (e.code() != 404 && e.code() != 409) {
        LOG.log(System.Logger.Level.WARNING, "clearing up failed: " + e.getMessage());
      } // else somebody was faster, and that change comes here too
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "clearing up failed", e);
    }
  }

  private void follow(Change change) {
    if (change.type() == Change.Type.DELETED) {
      var uid = uid(change.object());
      for (var dependent : dependents(uid)) {
        attempt(() -> review(dependent));
      }
      finishContainers(change);
      finishForeground(change.object());
    } else {
      review(change.object());
    }
  }

  /** Does what is to be done about one object as it is. */
  private void review(ObjectNode object) {
    if (isDeleted(object)) {
      var finalizers = Json.strings(Json.at(object, "metadata", "finalizers"));
      if (finalizers.contains(Deletion.ORPHAN)) {
        orphan(object);
      } else if (finalizers.contains(Deletion.FOREGROUND)) {
        foreground(object);
      }
      if (isNamespace(object)) {
        empty(object, inNamespace(Json.textAt(object, "metadata", "name")));
      }
      if (isDefinition(object)) {
        empty(object, ofDefinition(object));
      }
    } else if (hasLostAllOwners(object)) {
      delete(object, "");
    }
  }

  private static boolean isDeleted(JsonNode object) {
    return object.path("metadata").has("deletionTimestamp");
  }

  private static String uid(JsonNode object) {
    return Json.textAt(object, "metadata", "uid");
  }

  private List<ObjectNode> dependents(String uid) {
    return store.all().stream().filter(o -> owners(o).contains(uid)).toList();
  }

  private static Set<String> owners(JsonNode object) {
    var uids = new HashSet<String>();
    Json.at(object, "metadata", "ownerReferences").forEach(r -> uids.add(r.path("uid").asText()));
    return uids;
  }

  private boolean hasLostAllOwners(ObjectNode object) {
    var references = Json.at(object, "metadata", "ownerReferences");
    if (references.isEmpty()) {
      return false;
    }
    for (var reference : references) {
      if (isThere(object, reference)) {
        return false;
      }
    }
    return true;
  }

  /** An owner of an unknown kind counts as there: nothing is deleted on suspicion. */
  private boolean isThere(ObjectNode object, JsonNode reference) {
    return kinds
        .findKind(reference.path("apiVersion").asText(), reference.path("kind").asText())
        .map(
            kind ->
                store
                    .get(
                        kind.key(
                            Json.textAt(object, "metadata", "namespace"),
                            reference.path("name").asText()))
                    .filter(owner -> uid(owner).equals(reference.path("uid").asText()))
                    .isPresent())
        .orElse(true);
  }

  private void orphan(ObjectNode owner) {
    for (var dependent : dependents(uid(owner))) {
      deletion.edit(
          target(dependent),
          metadata -> {
            var kept = Json.array();
            for (var reference : metadata.path("ownerReferences")) {
              if (!reference.path("uid").asText().equals(uid(owner))) {
                kept.add(reference);
              }
            }
            metadata.set("ownerReferences", kept);
          });
    }
    removeFinalizer(owner, Deletion.ORPHAN);
  }

  /** The owner stays until its dependents are gone. */
  private void foreground(ObjectNode owner) {
    boolean waiting = false;
    for (var dependent : dependents(uid(owner))) {
      boolean blocks = false;
      for (var reference : Json.at(dependent, "metadata", "ownerReferences")) {
        blocks |=
            reference.path("uid").asText().equals(uid(owner))
                && reference.path("blockOwnerDeletion").asBoolean();
      }
      if (!isDeleted(dependent)) {
        attempt(() -> delete(dependent, "Foreground"));
      }
      waiting |= blocks && store.get(target(dependent).key()).isPresent();
    }
    if (!waiting) {
      removeFinalizer(owner, Deletion.FOREGROUND);
    }
  }

  private void finishForeground(ObjectNode dependent) {
    var owners = owners(dependent);
    if (owners.isEmpty()) {
      return;
    }
    store.all().stream()
        .filter(o -> isDeleted(o) && owners.contains(uid(o)))
        .forEach(o -> attempt(() -> review(o)));
  }

  private void removeFinalizer(ObjectNode object, String finalizer) {
    deletion.edit(
        target(object),
        metadata -> {
          var kept = Json.array();
          for (var other : metadata.path("finalizers")) {
            if (!other.asText().equals(finalizer)) {
              kept.add(other);
            }
          }
          metadata.set("finalizers", kept);
        });
  }

  private static boolean isNamespace(JsonNode object) {
    return object.path("kind").asText().equals("Namespace")
        && object.path("apiVersion").asText().equals("v1");
  }

  private static boolean isDefinition(JsonNode object) {
    return object.path("kind").asText().equals("CustomResourceDefinition");
  }

  private static Predicate<ObjectNode> inNamespace(String name) {
    return object -> Json.textAt(object, "metadata", "namespace").equals(name);
  }

  private static Predicate<ObjectNode> ofDefinition(JsonNode definition) {
    var group = definition.at("/spec/group").asText();
    var kind = definition.at("/spec/names/kind").asText();
    return object ->
        object.path("kind").asText().equals(kind)
            && object.path("apiVersion").asText().startsWith(group + "/");
  }

  /** Deletes what is in a namespace or of a definition, and then that itself. */
  private void empty(ObjectNode container, Predicate<ObjectNode> content) {
    for (var object : store.all().stream().filter(content).toList()) {
      if (!isDeleted(object)) {
        attempt(() -> delete(object, "Background"));
      }
    }
    if (store.all().stream().noneMatch(content)) {
      deletion.finish(target(container));
    }
  }

  /** Looks at the namespace or definition that the object was in: it may be empty now. */
  private void finishContainers(Change change) {
    var object = change.object();
    for (var namespace : store.list(kinds.builtIn("", "v1", "namespaces"), "").objects()) {
      if (isDeleted(namespace)
          && inNamespace(Json.textAt(namespace, "metadata", "name")).test(object)) {
        attempt(() -> review(namespace));
      }
    }
    for (var crd : store.list(kinds.builtIn(Kinds.EXTENSIONS, "v1", Kinds.CRDS), "").objects()) {
      if (isDeleted(crd) && ofDefinition(crd).test(object)) {
        attempt(() -> review(crd));
      }
    }
  }

  private void delete(ObjectNode object, String propagation) {
    deletion.delete(target(object), DeleteOptions.of(propagation, uid(object)));
  }

  private Target target(ObjectNode object) {
    var apiVersion = object.path("apiVersion").asText();
    var kind = object.path("kind").asText();
    var known = kinds.findKind(apiVersion, kind).orElseThrow(() -> Failure.noSuchPath());
    return new Target(
        known,
        Json.textAt(object, "metadata", "namespace"),
        Json.textAt(object, "metadata", "name"),
        "");
  }
}
