package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The annotation that {@code kubectl apply} leaves on an object. When the user goes over to {@code
 * --server-side}, the fields that it names are taken over without a conflict.
 */
final class LastApplied {
  private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

  /** The only manager that this is for. */
  private static final String KUBECTL = "kubectl";

  private LastApplied() {}

  /** The fields that kubectl applied before; nothing for other managers. */
  static FieldSet fields(Schema schema, ObjectNode live, String manager) {
    var text = Json.textAt(live, "metadata", "annotations", ANNOTATION);
    if (!manager.equals(KUBECTL) || text.isEmpty()) {
      return FieldSet.empty();
    }
    try {
      return TypedTree.paths(schema, Json.MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      return FieldSet.empty(); // a user has edited it
    }
  }

  /** Keeps the annotation, where there is one, at what is applied now. */
  static void update(ObjectNode object, ObjectNode config, String manager) {
    Json.objectAt(object, "metadata", "annotations")
        .filter(annotations -> manager.equals(KUBECTL) && annotations.has(ANNOTATION))
        .ifPresent(annotations -> annotations.put(ANNOTATION, Json.text(config) + "\n"));
  }
}
