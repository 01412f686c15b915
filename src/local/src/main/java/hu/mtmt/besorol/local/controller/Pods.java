package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.Optional;

/** What can be read from a pod. */
public final class Pods {
  /** The condition of a pod that was ended by its surroundings, not by itself. */
  public static final String DISRUPTION_TARGET = "DisruptionTarget";

  private Pods() {}

  /** Whether all its containers have ended for good. */
  public static boolean ended(Pod pod) {
    return succeeded(pod) || failed(pod);
  }

  static boolean succeeded(Pod pod) {
    return pod.getStatus() != null && "Succeeded".equals(pod.getStatus().getPhase());
  }

  static boolean failed(Pod pod) {
    return pod.getStatus() != null && "Failed".equals(pod.getStatus().getPhase());
  }

  /** Whether it was asked to end. */
  public static boolean terminating(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** Whether it runs, or is about to, and was not asked to end. */
  static boolean active(Pod pod) {
    return !ended(pod) && !terminating(pod);
  }

  /** Whether it can be sent requests. */
  public static boolean ready(Pod pod) {
    return readySince(pod).isPresent();
  }

  /** Since when it is ready. */
  static Optional<Instant> readySince(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(c -> c.getType().equals("Ready") && c.getStatus().equals("True"))
            .map(PodCondition::getLastTransitionTime)
            .map(Instant::parse)
            .findFirst();
  }
}
