package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.contract.TrainingResult;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;

/** What a Job's pod left in its termination message. */
public sealed interface PodResult<R extends JobResult> {
  /** A result. */
  record Found<R extends JobResult>(R result) implements PodResult<R> {}

  /**
   * None.
   *
   * @param message why, in a sentence
   */
  record Missing<R extends JobResult>(String message) implements PodResult<R> {}

  /**
   * The result of the one of those pods that succeeded; where several work together, of the first.
   */
  static <R extends JobResult> PodResult<R> of(Collection<Pod> pods, Class<R> type) {
    return succeeded(pods)
        .map(p -> read(p, type))
        .orElseGet(() -> new Missing<>("The pod that succeeded is gone, and its result with it."));
  }

  /** The pod of such a result, if it is there. */
  static Optional<Pod> succeeded(Collection<Pod> pods) {
    return pods.stream()
        .filter(p -> "Succeeded".equals(PodFailure.phase(p)) && Gang.rank(p) == 0)
        .findFirst();
  }

  /** What the one of those pods that ended last and told it needs. */
  static Optional<Footprint> footprint(Collection<Pod> pods) {
    return pods.stream()
        .sorted(PodFailure.NEWEST_FIRST)
        .flatMap(p -> PodFailure.reported(p).stream())
        .filter(TrainingResult.class::isInstance)
        .map(r -> ((TrainingResult) r).footprint())
        .filter(f -> f != null)
        .findFirst();
  }

  private static <R extends JobResult> PodResult<R> read(Pod pod, Class<R> type) {
    var name = pod.getMetadata().getName();
    var message = PodFailure.terminated(pod).map(ContainerStateTerminated::getMessage).orElse("");
    if (message.isBlank()) {
      return new Missing<>("Pod %s succeeded without a termination message.".formatted(name));
    }
    try {
      var result =
          ContractJson.read(
              message.getBytes(StandardCharsets.UTF_8),
              type,
              "The termination message of pod " + name);
      return result.failure() == null
          ? new Found<>(result)
          : new Missing<>(
              "Pod %s ended as a success but reports a failure: %s"
                  .formatted(name, result.failure().message()));
    } catch (BesorolException e) {
      return new Missing<>(e.getMessage());
    }
  }
}
