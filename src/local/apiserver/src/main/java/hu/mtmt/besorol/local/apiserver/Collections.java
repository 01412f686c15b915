package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists, page by page, and deletion of all that a list would show. */
final class Collections {
  /** Lists that are read page by page at one time; the oldest is forgotten for a new one. */
  private static final int OPEN_LISTS = 64;

  private final Store store;
  private final Deletion deletion;
  private final Tables tables;
  private final Map<String, Store.Snapshot> open =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Store.Snapshot> eldest) {
          return size() > OPEN_LISTS;
        }
      };

  Collections(Store store, Deletion deletion, Tables tables) {
    this.store = store;
    this.deletion = deletion;
    this.tables = tables;
  }

  /** A list, or a Table if the request wants one. */
  ObjectNode list(Request request, Target target) {
    var kind = target.kind();
    var page = page(request, target);
    var metadata = Json.object().put("resourceVersion", Long.toString(page.revision()));
    if (!page.next().isEmpty()) {
      metadata.put("continue", page.next()).put("remainingItemCount", (long) page.remaining());
    }
    if (request.wantsTable()) {
      return tables.table(request, kind, page.objects(), metadata);
    }
    var list =
        Json.object().put("kind", kind.kind() + "List").put("apiVersion", kind.groupVersion());
    list.set("metadata", metadata);
    var items = list.putArray("items");
    for (var object : page.objects()) {
      items.add(kind.custom() ? object : Json.without(object, "kind", "apiVersion"));
    }
    return list;
  }

  /**
   * @param next token of the next page; "" if this is the last
   */
  private record Page(long revision, List<ObjectNode> objects, String next, int remaining) {}

  private Page page(Request request, Target target) {
    checkRevision(request);
    var token = request.parameter("continue");
    var start = token.isEmpty() ? new Token(-1, 0) : Token.read(token);
    var snapshot = token.isEmpty() ? select(request, target) : snapshot(request, target, start);
    var objects = snapshot.objects();
    int from = Math.min(start.index(), objects.size());
    long limit = request.number("limit", 0);
    int to = limit <= 0 ? objects.size() : (int) Math.min(objects.size(), from + limit);
    var next = "";
    if (to < objects.size()) {
      next = new Token(snapshot.revision(), to).write();
      synchronized (open) {
        open.put(id(request, target, snapshot.revision()), snapshot);
      }
    }
    return new Page(snapshot.revision(), objects.subList(from, to), next, objects.size() - to);
  }

  private void checkRevision(Request request) {
    long asked = request.number("resourceVersion", 0);
    if (asked > store.revision()) {
      throw Failure.tooLargeResourceVersion(asked, store.revision());
    }
  }

  private Store.Snapshot select(Request request, Target target) {
    var kind = target.kind();
    var selected = Selection.of(request, kind);
    var all = store.list(kind, target.namespace());
    return new Store.Snapshot(
        all.revision(),
        all.objects().stream().map(o -> Conversion.view(kind, o)).filter(selected).toList());
  }

  private Store.Snapshot snapshot(Request request, Target target, Token token) {
    synchronized (open) {
      var snapshot = open.get(id(request, target, token.revision()));
      if (snapshot == null) {
        throw Failure.expired(
            "The provided continue parameter is too old to display a consistent list result. You"
                + " must start a new list without the continue parameter.");
      }
      return snapshot;
    }
  }

  private static String id(Request request, Target target, long revision) {
    return String.join(
        "\n",
        target.kind().groupVersion(),
        target.kind().plural(),
        target.namespace(),
        request.parameter("labelSelector"),
        request.parameter("fieldSelector"),
        Long.toString(revision));
  }

  /** Where a list goes on: in which revision, after how many objects. */
  private record Token(long revision, int index) {
    String write() {
      var text = revision + "/" + index;
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static Token read(String token) {
      try {
        var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        var parts = text.split("/", 2);
        return new Token(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw Failure.badRequest("continue key is not valid: start a new list without it");
      }
    }
  }

  /** Deletes what the list would show, and answers with it. */
  ObjectNode delete(Request request, Target target) {
    var kind = target.kind();
    var options = DeleteOptions.of(request);
    var selected = select(request, target);
    var list =
        Json.object().put("kind", kind.kind() + "List").put("apiVersion", kind.groupVersion());
    list.putObject("metadata").put("resourceVersion", Long.toString(selected.revision()));
    var items = list.putArray("items");
    for (var object : selected.objects()) {
      var one =
          new Target(
              kind,
              Json.textAt(object, "metadata", "namespace"),
              Json.textAt(object, "metadata", "name"),
              "");
      try {
        deletion.delete(one, options);
        items.add(kind.custom() ? object : Json.without(object, "kind", "apiVersion"));
      } catch (Failure e) {
        if (e.code() != 404) {
          throw e;
        } // else another was faster
      }
    }
    return list;
  }
}
