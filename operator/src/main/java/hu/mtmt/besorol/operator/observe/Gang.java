package hu.mtmt.besorol.operator.observe;

import static java.util.Comparator.comparing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The pods of a Job that train together, one a node: which of them have started.
 *
 * @param size how many there are when all are there
 * @param pending those that have not started
 * @param started how many run or have ended well
 */
public record Gang(int size, List<Pod> pending, int started) {
  /** The annotation of a pod with its rank, by Kubernetes. */
  public static final String INDEX = "batch.kubernetes.io/job-completion-index";

  private static final Comparator<Pod> NEWEST =
      comparing((Pod p) -> p.getMetadata().getCreationTimestamp())
          .thenComparing(p -> p.getMetadata().getName());

  public Gang {
    pending = List.copyOf(pending);
  }

  /** The gang of a Job with those pods. */
  static Gang of(Job job, Collection<Pod> pods) {
    Map<Integer, Pod> newest =
        pods.stream()
            .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
            .collect(
                Collectors.toMap(
                    Gang::rank, Function.identity(), (a, b) -> NEWEST.compare(a, b) > 0 ? a : b));
    return new Gang(
        nodes(job),
        newest.values().stream()
            .filter(p -> "Pending".equals(PodFailure.phase(p)))
            .sorted(NEWEST)
            .toList(),
        (int)
            newest.values().stream()
                .map(PodFailure::phase)
                .filter(phase -> "Running".equals(phase) || "Succeeded".equals(phase))
                .count());
  }

  /** How many pods of a Job work together. */
  public static int nodes(Job job) {
    var completions = job.getSpec().getCompletions();
    return completions == null ? 1 : completions;
  }

  /** The rank of a pod; 0 if it works alone. */
  public static int rank(Pod pod) {
    var annotations = pod.getMetadata().getAnnotations();
    var index = annotations == null ? null : annotations.get(INDEX);
    return index == null ? 0 : Integer.parseInt(index);
  }

  /** Whether several work together. */
  public boolean isOfMany() {
    return size > 1;
  }

  /** Whether all have started. */
  public boolean isComplete() {
    return started == size;
  }

  /** Whether pods are not there that should be. */
  public boolean lacksPods() {
    return started + pending.size() < size;
  }

  /** Since when the one that waits longest waits; empty if none does. */
  public Optional<Instant> waitingSince() {
    return pending.stream()
        .map(p -> Instant.parse(p.getMetadata().getCreationTimestamp()))
        .findFirst();
  }

  /**
   * Why the gang is taken back, in a sentence.
   *
   * @param seconds that it had
   * @param obstacle what keeps pods from starting, if that is known
   */
  public String incomplete(int seconds, Optional<PodFailure> obstacle) {
    return "%d of %d pods had not started within %d s: %s"
        .formatted(
            size - started,
            size,
            seconds,
            obstacle
                .map(PodFailure::message)
                .orElseGet(
                    () ->
                        "kubectl describe pod %s may tell why."
                            .formatted(pending.getFirst().getMetadata().getName())));
  }
}
