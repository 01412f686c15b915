package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** A request that is refused: it becomes a {@code Status} object of Kubernetes. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private final transient ObjectNode details;

  private Failure(int code, String reason, String message, ObjectNode details) {
    super(message, null, false, false);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  int code() {
    return code;
  }

  /** The Status object. */
  ObjectNode status() {
    var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", getMessage());
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    if (details != null) {
      status.set("details", details);
    }
    return status.put("code", code);
  }

  private static ObjectNode details(ResourceKind kind, String name) {
    var details = Json.object();
    if (name != null && !name.isEmpty()) {
      details.put("name", name);
    }
    if (!kind.group().isEmpty()) {
      details.put("group", kind.group());
    }
    return details.put("kind", kind.plural());
  }

  static Failure badRequest(String message) {
    return new Failure(400, "BadRequest", message, null);
  }

  static Failure unauthorized() {
    return new Failure(401, "Unauthorized", "Unauthorized", null);
  }

  /** A path that leads nowhere. */
  static Failure noSuchPath() {
    return new Failure(
        404, "NotFound", "the server could not find the requested resource", Json.object());
  }

  static Failure notFound(ResourceKind kind, String name) {
    return new Failure(
        404, "NotFound", kind.qualifiedName() + " \"" + name + "\" not found", details(kind, name));
  }

  static Failure methodNotAllowed() {
    return new Failure(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
        Json.object());
  }

  static Failure notAcceptable(String accept) {
    return new Failure(
        406,
        "NotAcceptable",
        "this server answers in JSON only; the request accepts " + accept,
        Json.object());
  }

  static Failure alreadyExists(ResourceKind kind, String name) {
    return new Failure(
        409,
        "AlreadyExists",
        kind.qualifiedName() + " \"" + name + "\" already exists",
        details(kind, name));
  }

  static Failure conflict(ResourceKind kind, String name, String why) {
    return new Failure(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + kind.qualifiedName() + " \"" + name + "\": " + why,
        details(kind, name));
  }

  /** The resourceVersion that was sent is not that of the object. */
  static Failure modified(ResourceKind kind, String name) {
    return conflict(
        kind,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  /**
   * Fields that another manager owns.
   *
   * @param causes one for each field: its path and its manager
   */
  static Failure applyConflict(String message, List<FieldError> causes) {
    var details = Json.object();
    addCauses(details, causes);
    return new Failure(409, "Conflict", message, details);
  }

  static Failure expired(String message) {
    return new Failure(410, "Expired", message, null);
  }

  /** A list is asked of a time to come. */
  static Failure tooLargeResourceVersion(long asked, long current) {
    var details = Json.object();
    addCauses(
        details,
        List.of(new FieldError("ResourceVersionTooLarge", "", "Too large resource version")));
    details.put("retryAfterSeconds", 1L);
    return new Failure(
        504, "Timeout", "Too large resource version: " + asked + ", current: " + current, details);
  }

  static Failure tooLarge(long limit) {
    return new Failure(
        413,
        "RequestEntityTooLarge",
        "the body is larger than the limit of " + limit + " bytes",
        null);
  }

  static Failure unsupportedMediaType(String message) {
    return new Failure(415, "UnsupportedMediaType", message, null);
  }

  /** The object breaks rules of its kind. */
  static Failure invalid(ResourceKind kind, String name, List<FieldError> errors) {
    var details = details(kind, name).put("kind", kind.kind());
    addCauses(details, errors);
    var list = errors.stream().map(FieldError::toString).distinct().toList();
    var text = list.size() == 1 ? list.getFirst() : "[" + String.join(", ", list) + "]";
    var type = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
    return new Failure(422, "Invalid", type + " \"" + name + "\" is invalid: " + text, details);
  }

  /** An update that does not say what it is an update of. */
  static Failure versionMissing(ResourceKind kind, String name) {
    var errors =
        List.of(
            FieldError.invalid("metadata.resourceVersion", "0", "must be specified for an update"));
    var details = details(kind, name);
    addCauses(details, errors);
    return new Failure(
        422,
        "Invalid",
        kind.qualifiedName() + " \"" + name + "\" is invalid: " + errors.getFirst(),
        details);
  }

  /** The options of a request, or its patch, are wrong. */
  static Failure invalidRequest(String group, String kind, FieldError error) {
    var details = Json.object();
    if (!group.isEmpty()) {
      details.put("group", group).put("kind", kind);
    }
    addCauses(details, List.of(error));
    var type = group.isEmpty() ? kind : kind + "." + group;
    return new Failure(422, "Invalid", type + " \"\" is invalid: " + error, details);
  }

  /** A precondition of a deletion does not hold. */
  static Failure preconditionFailed(ResourceKind kind, String name, String why) {
    var type = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
    return new Failure(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + type + " \"" + name + "\": " + why,
        details(kind, name).put("kind", kind.kind()));
  }

  /** A patch that cannot be applied to the object. */
  static Failure unprocessable(String message) {
    return new Failure(422, "Invalid", message, Json.object());
  }

  static Failure forbidden(ResourceKind kind, String name, String why, List<FieldError> causes) {
    var details = details(kind, name);
    addCauses(details, causes);
    return new Failure(
        403, "Forbidden", kind.qualifiedName() + " \"" + name + "\" is forbidden: " + why, details);
  }

  static Failure internal(RuntimeException e) {
    return new Failure(500, "InternalError", "Internal error occurred: " + e, null);
  }

  /** What this server does not do; the message says what to do instead. */
  static Failure notImplemented(String message) {
    return new Failure(501, "NotImplemented", message, null);
  }

  private static void addCauses(ObjectNode details, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      var causes = details.putArray("causes");
      for (var error : errors.stream().distinct().collect(Collectors.toList())) {
        causes
            .addObject()
            .put("reason", error.reason())
            .put("message", error.message())
            .put("field", error.field());
      }
    }
  }
}
