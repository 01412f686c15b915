package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What is done to an object before it is stored: pruning, defaults, and every check. */
final class Admission {
  private final BuiltIns behaviours;
  private final SchemaCheck.Checker checker = new SchemaCheck.Checker();

  Admission(BuiltIns behaviours) {
    this.behaviours = behaviours;
  }

  KindBehaviour behaviour(ResourceKind kind) {
    return behaviours.of(kind);
  }

  /**
   * Checks fields that are unknown or written twice, as the request wants it.
   *
   * @param object is pruned
   * @return warnings
   * @throws Failure 400 if the request is strict
   */
  List<String> decode(
      Request request, ResourceKind kind, ObjectNode object, List<String> duplicates) {
    return judge(
        request,
        problems(kind, object, duplicates),
        problems -> Failure.badRequest(cannotBeHandled(kind) + problems));
  }

  /** The same for what a patch made of an object. */
  List<String> decodePatched(
      Request request, ResourceKind kind, ObjectNode object, List<String> duplicates) {
    return judge(
        request,
        problems(kind, object, duplicates),
        problems ->
            Failure.invalidRequest(
                "", "", FieldError.invalid("patch", Json.text(object), problems)));
  }

  /** A configuration that is applied must not have such fields in any case. */
  void decodeApplied(Target target, ObjectNode config, List<String> duplicates) {
    var problems = problems(target.kind(), config, duplicates);
    if (!problems.isEmpty()) {
      throw Failure.badRequest(
          "failed to create typed patch object ("
              + target.namespace()
              + "/"
              + target.name()
              + "; "
              + target.kind().groupVersion()
              + ", Kind="
              + target.kind().kind()
              + "): "
              + String.join(", ", problems));
    }
  }

  private static List<String> problems(
      ResourceKind kind, ObjectNode object, List<String> duplicates) {
    var problems = new ArrayList<String>();
    Structure.prune(kind.schema(), object).forEach(f -> problems.add("unknown field \"" + f + '"'));
    duplicates.forEach(f -> problems.add("duplicate field \"" + f + '"'));
    return problems;
  }

  private static List<String> judge(
      Request request, List<String> problems, Function<String, Failure> refusal) {
    return switch (request.parameter("fieldValidation")) {
      case "Ignore" -> List.of();
      case "", "Warn" -> problems;
      case "Strict" -> {
        if (!problems.isEmpty()) {
          throw refusal.apply("strict decoding error: " + String.join(", ", problems));
        }
        yield List.of();
      }
      case String other ->
          throw Failure.badRequest(
              "fieldValidation: \"" + other + "\" is not supported: write Ignore, Warn or Strict");
    };
  }

  private static String cannotBeHandled(ResourceKind kind) {
    return kind.kind()
        + " in version \""
        + kind.version()
        + "\" cannot be handled as a "
        + kind.kind()
        + ": ";
  }

  /** Fills in defaults. */
  void setDefaults(ResourceKind kind, ObjectNode object) {
    if (kind.custom()) {
      Structure.setDefaults(kind.schema(), object);
      return;
    }
    Structure.removeNulls(object);
    refuseWrongTypes(kind, object);
    behaviour(kind).setDefaults(object);
    Structure.complete(kind.schema(), object);
  }

  /** A decoder of a built-in kind stops at the first value that has another type. */
  private void refuseWrongTypes(ResourceKind kind, ObjectNode object) {
    checker.check(kind.schema(), object).stream()
        .filter(e -> e.reason().equals("FieldValueTypeInvalid"))
        .findFirst()
        .ifPresent(
            error -> {
              throw Failure.badRequest(cannotBeHandled(kind) + error.message());
            });
  }

  /** Errors after which the rules of the schema would be evaluated on nonsense. */
  private static final Set<String> BLOCKING =
      Set.of(
          "FieldValueNotSupported",
          "FieldValueRequired",
          "FieldValueTooLong",
          "FieldValueTooMany",
          "FieldValueTypeInvalid");

  private void checkCustom(
      ResourceKind kind, ObjectNode before, ObjectNode after, List<FieldError> errors) {
    var found = checker.check(kind.schema(), after);
    errors.addAll(before == null ? found : Ratchet.withoutUnchanged(found, before, after));
    if (errors.stream().anyMatch(e -> BLOCKING.contains(e.reason()))) {
      errors.add(
          new FieldError(
              "FieldValueInvalid",
              "<nil>",
              "Invalid value: null: some validation rules were not checked because the object was"
                  + " invalid; correct the existing errors to complete validation"));
      return;
    }
    errors.addAll(kind.rules().get().check(before, after));
  }

  /**
   * Checks an object that is complete.
   *
   * @param before null for a new object
   * @throws Failure 422 with everything that is wrong
   */
  void check(ResourceKind kind, ObjectNode before, ObjectNode after) {
    var errors = new ArrayList<FieldError>();
    Names.check(kind, after, errors);
    if (kind.custom()) {
      checkCustom(kind, before, after, errors);
    } else {
      checker.check(kind.schema(), after).stream()
          .filter(e -> e.reason().equals("FieldValueNotSupported"))
          .forEach(errors::add);
      behaviour(kind).validate(before, after, errors);
    }
    if (!errors.isEmpty()) {
      throw Failure.invalid(kind, Json.textAt(after, "metadata", "name"), errors);
    }
  }
}
