package hu.mtmt.besorol.operator.queue;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A run that waits for machines.
 *
 * @param id who it is
 * @param priority whose turn is earlier, the higher
 * @param created when it was created: of two of the same priority the older comes first
 * @param since when it began to wait, which is later if it was preempted
 * @param choices flavors that it would take now, the preferred first; never empty
 * @param nodes by flavor, how many of its machines it takes, all at one time
 * @param seconds by flavor, how long it is expected to take on how many of its machines, from the
 *     fewest that it may take up to {@code nodes}; without a flavor it takes no fewer
 */
public record Waiting(
    RunId id,
    int priority,
    Instant created,
    Instant since,
    List<String> choices,
    Map<String, Integer> nodes,
    Map<String, SortedMap<Integer, Integer>> seconds) {
  public Waiting {
    choices = List.copyOf(choices);
    nodes = Map.copyOf(nodes);
    seconds = Map.copyOf(seconds);
  }

  /** That takes no fewer machines. */
  public Waiting(
      RunId id,
      int priority,
      Instant created,
      Instant since,
      List<String> choices,
      Map<String, Integer> nodes) {
    this(id, priority, created, since, choices, nodes, Map.of());
  }

  /** Whether it would take those machines now. */
  public boolean takes(Verdict.Admit machines) {
    return choices.contains(machines.flavor())
        && (nodes(machines.flavor()) == machines.nodes()
            || seconds(machines.flavor()).containsKey(machines.nodes()));
  }

  SortedMap<Integer, Integer> seconds(String flavor) {
    return seconds.getOrDefault(flavor, Collections.emptySortedMap());
  }

  int nodes(String flavor) {
    return nodes.get(flavor);
  }
}
