package hu.mtmt.besorol.local.apiserver;

/**
 * What a path leads to.
 *
 * @param namespace "" for all, or for a kind without namespaces
 * @param name "" for a collection
 * @param subresource "" for the object itself
 */
record Target(ResourceKind kind, String namespace, String name, String subresource) {
  Key key() {
    return kind.key(namespace, name);
  }

  boolean isStatus() {
    return subresource.equals("status");
  }
}
