package hu.mtmt.besorol.operator.queue;

/**
 * A run, by its name.
 *
 * @param namespace where it is
 * @param name its name there
 */
public record RunId(String namespace, String name) implements Comparable<RunId> {
  @Override
  public int compareTo(RunId other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }
}
