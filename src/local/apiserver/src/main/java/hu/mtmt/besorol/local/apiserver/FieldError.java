package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with an object.
 *
 * @param reason a cause of Kubernetes, such as {@code FieldValueInvalid}
 * @param field where, such as {@code spec.gates[0].name}
 * @param message what is wrong and what to write instead
 */
record FieldError(String reason, String field, String message) {

  static FieldError required(String field, String detail) {
    return new FieldError("FieldValueRequired", field, withDetail("Required value", detail));
  }

  static FieldError invalid(String field, JsonNode value, String detail) {
    return invalid(field, Json.text(value), detail);
  }

  /** With the value as it is to be shown: JSON, or the quoted name of a type. */
  static FieldError invalid(String field, String shown, String detail) {
    return new FieldError("FieldValueInvalid", field, "Invalid value: " + shown + ": " + detail);
  }

  static FieldError typeInvalid(String field, String shown, String detail) {
    return new FieldError(
        "FieldValueTypeInvalid", field, "Invalid value: " + shown + ": " + detail);
  }

  static FieldError notSupported(String field, JsonNode value, List<String> supported) {
    var values = supported.stream().map(v -> '"' + v + '"').collect(Collectors.joining(", "));
    return new FieldError(
        "FieldValueNotSupported",
        field,
        "Unsupported value: " + Json.text(value) + ": supported values: " + values);
  }

  static FieldError duplicate(String field, JsonNode value) {
    return new FieldError("FieldValueDuplicate", field, "Duplicate value: " + Json.text(value));
  }

  static FieldError forbidden(String field, String detail) {
    return new FieldError("FieldValueForbidden", field, "Forbidden: " + detail);
  }

  static FieldError tooLong(String field, long limit) {
    return new FieldError(
        "FieldValueTooLong", field, "Too long: may not be more than " + limit + " bytes");
  }

  static FieldError tooMany(String field, long actual, long limit) {
    return new FieldError(
        "FieldValueTooMany",
        field,
        "Too many: " + actual + ": must have at most " + limit + " items");
  }

  private static String withDetail(String message, String detail) {
    return detail.isEmpty() ? message : message + ": " + detail;
  }

  @Override
  public String toString() {
    return field + ": " + message;
  }
}
