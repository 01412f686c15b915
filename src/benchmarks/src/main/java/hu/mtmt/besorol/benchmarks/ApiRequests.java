package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.benchmarks.Samples.Sample;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How often an API server was asked to read or write what the operator has to do with; watches, and
 * the leases of the leader's election, are not counted. The server does not tell by whom it was
 * asked.
 *
 * @param counts by verb and resource, as {@code APPLY jobs}
 */
record ApiRequests(Map<String, Long> counts) {
  private static final Set<String> RESOURCES =
      Set.of(
          "classifiermodels",
          "trainingruns",
          "jobs",
          "configmaps",
          "pods",
          "deployments",
          "services",
          "poddisruptionbudgets",
          "events");
  private static final Set<String> READS = Set.of("GET", "LIST");

  /** All since the server's start, from what it tells Prometheus. */
  static ApiRequests of(Samples samples) {
    return new ApiRequests(
        samples.all().stream()
            .filter(s -> s.name().equals("apiserver_request_total"))
            .filter(s -> RESOURCES.contains(s.label("resource")))
            .filter(s -> !s.label("verb").equals("WATCH"))
            .collect(
                Collectors.groupingBy(
                    ApiRequests::what,
                    TreeMap::new,
                    Collectors.summingLong(s -> (long) s.value()))));
  }

  private static String what(Sample s) {
    var subresource = s.label("subresource");
    return s.label("verb")
        + " "
        + s.label("resource")
        + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  /** Those that came after {@code earlier}. */
  ApiRequests since(ApiRequests earlier) {
    var later = new TreeMap<String, Long>();
    counts.forEach(
        (what, count) -> {
          long more = count - earlier.counts.getOrDefault(what, 0L);
          if (more != 0) {
            later.put(what, more);
          }
        });
    return new ApiRequests(later);
  }

  /** Those without {@code number} of that kind, which others made. */
  ApiRequests without(String what, long number) {
    return since(new ApiRequests(Map.of(what, number)));
  }

  long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many of them asked for a change, whether or not it was one. */
  long writes() {
    return counts.entrySet().stream()
        .filter(e -> !READS.contains(e.getKey().split(" ")[0]))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Override
  public String toString() {
    return counts.entrySet().stream()
        .map(e -> "%,d %s".formatted(e.getValue(), e.getKey()))
        .collect(Collectors.joining(", "));
  }
}
