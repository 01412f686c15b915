package hu.mtmt.besorol.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why the cluster ended a pod that had done nothing wrong. It does not count as a retry.
 *
 * @param reason one word
 * @param message what happened, and what to do if it happens again
 */
record Disruption(String reason, String message) {
  /**
   * What the kubelet says of a pod over its limit; of a node that is short of disk it says "low".
   */
  private static final Pattern OVER_LIMIT =
      Pattern.compile(
          "exceeds the total limit of containers|exceeds the limit|exceeded its local ephemeral"
              + " storage limit");

  /** What ended that pod, if the cluster did. */
  static Optional<Disruption> of(Pod pod) {
    var name = pod.getMetadata().getName();
    var status = pod.getStatus();
    var told = Optional.ofNullable(status.getMessage());
    var target =
        PodFailure.condition(pod, "DisruptionTarget").filter(c -> "True".equals(c.getStatus()));
    if (target.isPresent()) {
      var text = told.or(() -> target.map(PodCondition::getMessage)).orElse("it did not say why");
      return Optional.of(of(target.get().getReason(), name, PodFailure.withoutFullStop(text), pod));
    }
    return Optional.ofNullable(status.getReason())
        .filter(r -> !isOverItsDisk(pod))
        .map(
            r ->
                "Evicted".equals(r)
                    ? evicted(name, PodFailure.withoutFullStop(told.orElse(r)))
                    : new Disruption(
                        r,
                        "Pod %s was ended by the cluster: %s."
                            .formatted(name, PodFailure.withoutFullStop(told.orElse(r)))));
  }

  /** Whether the kubelet ended that pod for what it had on the node's disk: its own fault. */
  static boolean isOverItsDisk(Pod pod) {
    var message = pod.getStatus().getMessage();
    return "Evicted".equals(pod.getStatus().getReason())
        && message != null
        && OVER_LIMIT.matcher(message).find();
  }

  /** By the reasons that Kubernetes gives to disruptions. */
  private static Disruption of(String reason, String name, String text, Pod pod) {
    return switch (reason) {
      case "DeletionByTaintManager", "DeletionByPodGC" ->
          new Disruption(
              "NodeLost",
              "Pod %s was lost with its node %s (%s): the run goes on from its newest checkpoint on another one."
                  .formatted(name, pod.getSpec().getNodeName(), text));
      case "PreemptionByScheduler" ->
          new Disruption(
              "Preempted",
              "Pod %s made room for one of a higher priority (%s): the run goes on from its newest checkpoint when there is room."
                  .formatted(name, text));
      case "EvictionByEvictionAPI" ->
          new Disruption(
              "Drained",
              "Pod %s had to leave its node %s (%s): the run goes on from its newest checkpoint on another one."
                  .formatted(name, pod.getSpec().getNodeName(), text));
      default -> evicted(name, text);
    };
  }

  private static Disruption evicted(String name, String text) {
    return new Disruption(
        "Evicted",
        "Pod %s was evicted from its node (%s): the run goes on from its newest checkpoint. If this happens again, use a flavor that leaves its nodes more memory and disk."
            .formatted(name, text));
  }
}
