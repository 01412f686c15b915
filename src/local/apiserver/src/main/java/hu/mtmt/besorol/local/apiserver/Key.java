package hu.mtmt.besorol.local.apiserver;

import java.util.Comparator;

/**
 * Where an object is stored. Ordered as lists are: by namespace, then by name.
 *
 * @param namespace "" for objects without namespace
 */
record Key(String group, String plural, String namespace, String name) implements Comparable<Key> {
  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::group)
          .thenComparing(Key::plural)
          .thenComparing(Key::namespace)
          .thenComparing(Key::name);

  /** Behind every name of a plural or a namespace. */
  private static final String LAST = "\uffff";

  @Override
  public int compareTo(Key other) {
    return ORDER.compare(this, other);
  }

  /** The first possible key of the kind, or of one namespace of it. */
  static Key first(ResourceKind kind, String namespace) {
    return new Key(kind.storage(), kind.plural(), namespace, "");
  }

  /** Behind the last key of the kind ({@code namespace} ""), or of one namespace of it. */
  static Key end(ResourceKind kind, String namespace) {
    return namespace.isEmpty()
        ? new Key(kind.storage(), kind.plural(), LAST, "")
        : new Key(kind.storage(), kind.plural(), namespace, LAST);
  }
}
