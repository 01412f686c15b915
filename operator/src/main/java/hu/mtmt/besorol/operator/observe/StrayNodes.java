package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.operator.placement.Flavors;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Nodes with a label by which flavors choose theirs, and a value that no flavor has: a misspelt
 * label, or a flavor that is missing. They are asked for while a run waits for a node and not
 * watched, and the API server picks them out. An operator that may not list nodes says nothing of
 * them.
 */
public final class StrayNodes {
  private static final Duration VALID = Duration.ofMinutes(1);

  /** More are not named. */
  private static final int NAMED = 3;

  private final KubernetesClient client;
  private final Clock clock;
  private Answer last = new Answer(Map.of(), Optional.empty(), Instant.MIN);

  /** What was told, about which labels and until when that is so. */
  private record Answer(
      Map<String, SortedSet<String>> known, Optional<String> sentence, Instant until) {}

  public StrayNodes(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** What is to be said of such nodes; empty if there are none, or they may not be looked for. */
  public synchronized Optional<String> ask(Flavors flavors) {
    var known = known(flavors);
    if (!last.known().equals(known) || !clock.instant().isBefore(last.until())) {
      last = new Answer(known, look(known), clock.instant().plus(VALID));
    }
    return last.sentence();
  }

  private Optional<String> look(Map<String, SortedSet<String>> known) {
    try {
      return known.entrySet().stream()
          .flatMap(e -> sentence(e.getKey(), nodes(e.getKey(), e.getValue())).stream())
          .findFirst();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private List<Node> nodes(String label, SortedSet<String> known) {
    return client
        .nodes()
        .withLabel(label)
        .withLabelNotIn(label, known.toArray(String[]::new))
        .list(new ListOptionsBuilder().withLimit((long) NAMED).build())
        .getItems();
  }

  /** The values of each label by which flavors choose their nodes. */
  static Map<String, SortedSet<String>> known(Flavors flavors) {
    var known = new TreeMap<String, SortedSet<String>>();
    flavors.all().stream()
        .flatMap(f -> f.nodeLabels().entrySet().stream())
        .forEach(l -> known.computeIfAbsent(l.getKey(), _ -> new TreeSet<>()).add(l.getValue()));
    return known;
  }

  static Optional<String> sentence(String label, List<Node> nodes) {
    return nodes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "No flavor has the label %s of %s: correct the label, or add a flavor."
                .formatted(
                    label,
                    nodes.stream()
                        .map(
                            n ->
                                "node %s (%s)"
                                    .formatted(
                                        n.getMetadata().getName(),
                                        n.getMetadata().getLabels().get(label)))
                        .sorted()
                        .collect(Collectors.joining(", "))));
  }
}
