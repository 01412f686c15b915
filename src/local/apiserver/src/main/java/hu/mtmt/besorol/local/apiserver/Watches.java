package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Watches: what happens to the selected objects, as lines of JSON. */
final class Watches {
  /**
   * Letters beyond ASCII are escaped: Fabric8's client (7.4) tears them apart where a chunk ends,
   * and puts zeros behind a chunk that has some.
   */
  private static final ObjectWriter LINES =
      Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

  /** A watch without a timeout of its own ends after one to two times so many seconds. */
  private static final long DEFAULT_TIMEOUT_SECONDS = 1800;

  private static final long BOOKMARK_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Store store;
  private final Tables tables;

  Watches(Store store, Tables tables) {
    this.store = store;
    this.tables = tables;
  }

  Response answer(Request request, Target target) {
    var kind = target.kind();
    var name = target.name();
    Predicate<ObjectNode> selected = Selection.of(request, kind);
    if (!name.isEmpty()) {
      selected = selected.and(o -> Json.textAt(o, "metadata", "name").equals(name));
    }
    boolean initialEvents = request.flag("sendInitialEvents");
    if (initialEvents && !request.parameter("resourceVersionMatch").equals("NotOlderThan")) {
      throw Failure.badRequest(
          "sendInitialEvents needs resourceVersionMatch=NotOlderThan beside it");
    }
    long after = request.number("resourceVersion", 0);
    boolean fromNow = after == 0 || initialEvents;
    Store.Subscription subscription;
    try {
      subscription =
          fromNow ? store.watchFromNow(kind, target.namespace()) : store.watchAfter(after);
    } catch (Failure e) {
      // The watch begins, and its only event is the error.
      return stream(out -> write(out, event("ERROR", e.status())));
    }
    var watch = new Watch(request, target, selected, subscription, initialEvents);
    return stream(
        out -> {
          try (subscription) {
            watch.run(out);
          }
        });
  }

  private static Response stream(Response.Writer writer) {
    return new Response.Stream("application/json", writer);
  }

  private static ObjectNode event(String type, ObjectNode object) {
    var event = Json.object().put("type", type);
    event.set("object", object);
    return event;
  }

  /** With a line break also after the last one, which clients wait for. */
  private static void write(OutputStream out, ObjectNode event) throws IOException {
    out.write(LINES.writeValueAsBytes(event));
    out.write('\n');
    out.flush();
  }

  private final class Watch {
    private final Request request;
    private final Target target;
    private final Predicate<ObjectNode> selected;
    private final Store.Subscription subscription;
    private final boolean initialEvents;
    private final boolean bookmarks;
    private long revision;

    Watch(
        Request request,
        Target target,
        Predicate<ObjectNode> selected,
        Store.Subscription subscription,
        boolean initialEvents) {
      this.request = request;
      this.target = target;
      this.selected = selected;
      this.subscription = subscription;
      this.initialEvents = initialEvents;
      this.bookmarks = request.flag("allowWatchBookmarks");
      this.revision = subscription.start().revision();
    }

    void run(OutputStream out) throws IOException, InterruptedException {
      long end = System.nanoTime() + timeoutNanos();
      for (var object : subscription.start().objects()) {
        var view = Conversion.view(target.kind(), object);
        if (selected.test(view)) {
          write(out, event("ADDED", shown(view)));
        }
      }
      if (initialEvents && bookmarks) {
        write(out, bookmark(true));
      }
      long nextBookmark = System.nanoTime() + BOOKMARK_INTERVAL_NANOS;
      for (long now; (now = System.nanoTime()) < end && !subscription.ended(); ) {
        var change = subscription.next(Math.min(end, nextBookmark) - now);
        if (change.isPresent()) {
          revision = change.get().revision();
          follow(out, change.get());
        }
        if (System.nanoTime() >= nextBookmark) {
          nextBookmark = System.nanoTime() + BOOKMARK_INTERVAL_NANOS;
          if (bookmarks) {
            write(out, bookmark(false));
          }
        }
      }
      if (bookmarks) {
        write(out, bookmark(false)); // so that the client resumes from here
      }
    }

    private long timeoutNanos() {
      long seconds =
          request.number(
              "timeoutSeconds",
              DEFAULT_TIMEOUT_SECONDS
                  + ThreadLocalRandom.current().nextLong(DEFAULT_TIMEOUT_SECONDS));
      return TimeUnit.SECONDS.toNanos(seconds);
    }

    /**
     * An object that no longer matches is deleted for whoever watches, and one that does is new.
     */
    private void follow(OutputStream out, Change change) throws IOException {
      var key = change.key();
      var first = Key.first(target.kind(), target.namespace());
      if (!key.group().equals(first.group())
          || !key.plural().equals(first.plural())
          || !(target.namespace().isEmpty() || key.namespace().equals(target.namespace()))) {
        return;
      }
      boolean was =
          change.before() != null && selected.test(Conversion.view(target.kind(), change.before()));
      var object = Conversion.view(target.kind(), change.object());
      boolean is = change.type() != Change.Type.DELETED && selected.test(object);
      if (was || is) {
        var type = !is ? "DELETED" : was ? "MODIFIED" : "ADDED";
        write(out, event(type, shown(object)));
      }
    }

    private ObjectNode shown(ObjectNode object) {
      return request.wantsTable()
          ? tables.table(request, target.kind(), List.of(object), object.path("metadata"))
          : object;
    }

    /** Tells the client how far it has come although nothing happened. */
    private ObjectNode bookmark(boolean initial) {
      var object =
          Json.object()
              .put("kind", target.kind().kind())
              .put("apiVersion", target.kind().groupVersion());
      var metadata = object.putObject("metadata").put("resourceVersion", Long.toString(revision));
      if (initial) {
        metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
      }
      return event("BOOKMARK", object);
    }
  }
}
