package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names of objects, and the other rules of their metadata. */
final class Names {
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX = 5;
  private static final int MAXIMUM = 253;
  private static final int LABEL = 63;

  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern PATH_SEGMENT = Pattern.compile("(?!\\.{1,2}$)[^/%]+");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
  private static final Pattern LABEL_NAME =
      Pattern.compile("([a-z0-9.-]+/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");

  private Names() {}

  /** A name that begins with the prefix, as generateName asks for. */
  static String generate(String prefix, RandomGenerator random) {
    var name = new StringBuilder(prefix.substring(0, Math.min(prefix.length(), LABEL - SUFFIX)));
    for (int i = 0; i < SUFFIX; i++) {
      name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return name.toString();
  }

  /** Adds what is wrong with name, labels, owner references and finalizers. */
  static void check(ResourceKind kind, ObjectNode object, List<FieldError> errors) {
    var metadata = object.path("metadata");
    checkName(kind, metadata.path("name").asText(), errors);
    for (var label : metadata.path("labels").properties()) {
      if (!LABEL_NAME.matcher(label.getKey()).matches()) {
        errors.add(
            FieldError.invalid(
                "metadata.labels",
                Json.MAPPER.getNodeFactory().textNode(label.getKey()),
                "name part must consist of alphanumeric characters, '-', '_' or '.', and must start"
                    + " and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
                    + " '123-abc', regex used for validation is"
                    + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"));
      }
      checkLabelValue(label.getValue().asText(), errors);
    }
    var owners = metadata.path("ownerReferences");
    for (int i = 0; i < owners.size(); i++) {
      for (var field : List.of("apiVersion", "kind", "name", "uid")) {
        if (!Json.filled(owners.get(i).path(field))) {
          errors.add(
              FieldError.invalid(
                  "metadata.ownerReferences." + field,
                  Json.MAPPER.getNodeFactory().textNode(""),
                  field.equals("apiVersion") ? "version must not be empty" : "must not be empty"));
        }
      }
    }
  }

  private static void checkLabelValue(String value, List<FieldError> errors) {
    var node = Json.MAPPER.getNodeFactory().textNode(value);
    if (value.length() > LABEL) {
      errors.add(FieldError.invalid("metadata.labels", node, "must be no more than 63 bytes"));
    }
    if (!LABEL_VALUE.matcher(value).matches()) {
      errors.add(
          FieldError.invalid(
              "metadata.labels",
              node,
              "a valid label must be an empty string or consist of alphanumeric characters, '-',"
                  + " '_' or '.', and must start and end with an alphanumeric character (e.g."
                  + " 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
                  + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"));
    }
  }

  private static void checkName(ResourceKind kind, String name, List<FieldError> errors) {
    var node = Json.MAPPER.getNodeFactory().textNode(name);
    if (kind.group().equals("rbac.authorization.k8s.io")) {
      if (!PATH_SEGMENT.matcher(name).matches()) {
        errors.add(
            FieldError.invalid(
                "metadata.name", node, "must be a segment of a path, without / and %"));
      }
      return;
    }
    var rule =
        switch (kind.qualifiedName()) {
          case "services", "namespaces" ->
              new Rule(
                  DNS_LABEL,
                  LABEL,
                  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
                      + " '-', and must start and end with an alphanumeric character (e.g."
                      + " 'my-name',  or '123-abc', regex used for validation is"
                      + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
          default ->
              new Rule(
                  SUBDOMAIN,
                  MAXIMUM,
                  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                      + " characters, '-' or '.', and must start and end with an alphanumeric"
                      + " character (e.g. 'example.com', regex used for validation is"
                      + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
        };
    if (name.length() > rule.length()) {
      errors.add(
          FieldError.invalid(
              "metadata.name", node, "must be no more than " + rule.length() + " bytes"));
    }
    if (!rule.pattern().matcher(name).matches()) {
      errors.add(FieldError.invalid("metadata.name", node, rule.message()));
    }
  }

  private record Rule(Pattern pattern, int length, String message) {}
}
