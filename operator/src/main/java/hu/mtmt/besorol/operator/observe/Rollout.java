package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * How far a Deployment is with the version that its template names.
 *
 * @param version that version
 * @param complete whether all its pods are of this version and answer, and none of another is left
 * @param available how many pods, of any version, answer
 * @param wanted how many pods there should be
 * @param stuck why it does not go on, if it does not
 */
public record Rollout(
    String version, boolean complete, int available, int wanted, Optional<String> stuck) {

  /** The rollout of a Deployment with those pods. */
  public static Rollout of(Deployment deployment, Collection<Pod> pods) {
    var status = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
    var version = version(deployment.getSpec().getTemplate().getMetadata().getAnnotations());
    var wanted = deployment.getSpec().getReplicas();
    var observed =
        status.getObservedGeneration() != null
            && status.getObservedGeneration() >= deployment.getMetadata().getGeneration();
    var complete =
        observed
            && count(status.getUpdatedReplicas()) >= wanted
            && count(status.getReplicas()) == count(status.getUpdatedReplicas())
            && count(status.getAvailableReplicas()) >= wanted;
    return new Rollout(
        version,
        complete,
        count(status.getAvailableReplicas()),
        wanted,
        observed ? stuck(status, version, pods) : Optional.empty());
  }

  private static Optional<String> stuck(
      DeploymentStatus status, String version, Collection<Pod> pods) {
    return status.getConditions().stream()
        .filter(c -> "Progressing".equals(c.getType()) && "False".equals(c.getStatus()))
        .findFirst()
        .map(
            c ->
                PodFailure.obstacle(
                        pods.stream()
                            .filter(p -> version.equals(version(p.getMetadata().getAnnotations())))
                            .toList())
                    .map(PodFailure::message)
                    .orElse(c.getMessage()));
  }

  private static String version(Map<String, String> annotations) {
    return annotations == null ? "" : annotations.getOrDefault(Labels.VERSION, "");
  }

  private static int count(Integer number) {
    return number == null ? 0 : number;
  }
}
