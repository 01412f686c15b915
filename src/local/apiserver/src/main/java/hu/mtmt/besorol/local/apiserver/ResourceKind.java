package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A kind in one version, as discovery shows it, with its schema.
 *
 * @param group "" for the core group
 * @param storage the group below which objects are stored: the two kinds of Event share theirs
 * @param subresources such as status, scale, log
 * @param schema of the whole object
 * @param rules of the schema, compiled when they are first needed; null for built-in kinds
 * @param columns additionalPrinterColumns of a custom resource; missing for built-in kinds
 * @param custom whether it comes from a CustomResourceDefinition
 */
record ResourceKind(
    String group,
    String version,
    String plural,
    String singular,
    String kind,
    List<String> shortNames,
    List<String> categories,
    boolean namespaced,
    Set<String> subresources,
    String storage,
    Schema schema,
    Supplier<CelRules> rules,
    JsonNode columns,
    boolean custom) {

  /** As in {@code apiVersion}: {@code v1}, {@code apps/v1}. */
  String groupVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** As in messages: {@code pods}, {@code deployments.apps}. */
  String qualifiedName() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  boolean hasStatus() {
    return subresources.contains("status");
  }

  boolean is(String group, String plural) {
    return this.group.equals(group) && this.plural.equals(plural);
  }

  /** The path below which its objects live. */
  String path() {
    return (group.isEmpty() ? "/api/" : "/apis/") + groupVersion();
  }

  Key key(String namespace, String name) {
    return new Key(storage, plural, namespaced ? namespace : "", name);
  }
}
