package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Between the form an object is stored in and the form a kind shows it in. The two kinds of Event
 * are one, stored as the older; versions of a custom resource differ in their apiVersion only.
 */
final class Conversion {
  private static final String EVENTS = "events.k8s.io";

  /** Names of fields in the newer Event, and in the older. */
  private static final Map<String, String> EVENT_FIELDS =
      Map.of(
          "regarding", "involvedObject",
          "note", "message",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  private Conversion() {}

  /** As the kind shows it; the same object if nothing is to be changed. */
  static ObjectNode view(ResourceKind kind, ObjectNode stored) {
    if (stored.path("apiVersion").asText().equals(kind.groupVersion())) {
      return stored;
    }
    var view = stored.deepCopy();
    view.put("apiVersion", kind.groupVersion());
    if (kind.group().equals(EVENTS)) {
      EVENT_FIELDS.forEach((young, old) -> rename(view, old, young));
    }
    return view;
  }

  /** As it is stored. */
  static ObjectNode stored(ResourceKind kind, ObjectNode view) {
    if (!kind.group().equals(EVENTS)) {
      return view;
    }
    var stored = view.deepCopy();
    stored.put("apiVersion", "v1");
    EVENT_FIELDS.forEach((young, old) -> rename(stored, young, old));
    return stored;
  }

  private static void rename(ObjectNode object, String from, String to) {
    var value = object.remove(from);
    if (value != null) {
      object.set(to, value);
    }
  }
}
