package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.operator.desired.KnativeInference;
import io.fabric8.knative.serving.v1.Configuration;
import io.fabric8.knative.serving.v1.ConfigurationStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * How far a Deployment, or a Configuration of Knative, is with the version that its template names.
 *
 * @param version that version
 * @param platform what runs its pods
 * @param role what its pods are for
 * @param complete whether all its pods are of this version and answer, and none of another is left
 * @param available how many pods, of any version, answer
 * @param wanted how many pods there should be at least
 * @param baseline the version that its pods are compared with, if any
 * @param stuck why it does not go on, if it does not
 */
public record Rollout(
    String version,
    Platform platform,
    Role role,
    boolean complete,
    int available,
    int wanted,
    Optional<String> baseline,
    Optional<String> stuck) {

  /** What the pods of a Deployment are for. */
  public enum Role {
    /** They are all pods of their version, and get requests when it serves. */
    WHOLE,
    /** They get a part of another version's requests. */
    CANARY,
    /** They are of an operator that had one Deployment for all versions. */
    FORMER
  }

  /** The rollout of a Deployment with those pods. */
  public static Rollout of(Deployment deployment, Collection<Pod> pods) {
    var status = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
    var template = deployment.getSpec().getTemplate().getMetadata();
    var version = version(template.getAnnotations());
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
        Platform.DEPLOYMENT,
        role(template.getLabels()),
        complete,
        count(status.getAvailableReplicas()),
        wanted,
        baseline(template.getAnnotations()),
        observed
            ? status.getConditions().stream()
                .filter(c -> "Progressing".equals(c.getType()) && "False".equals(c.getStatus()))
                .findFirst()
                .map(c -> why(version, pods, c.getMessage()))
            : Optional.empty());
  }

  /**
   * The rollout of a Configuration with those pods. It is complete once its pods have answered,
   * also when they have ended since because nobody asked.
   */
  public static Rollout of(Configuration configuration, Collection<Pod> pods) {
    var template = configuration.getSpec().getTemplate().getMetadata();
    var version = version(template.getAnnotations());
    var status =
        configuration.getStatus() == null ? new ConfigurationStatus() : configuration.getStatus();
    var own =
        pods.stream()
            .filter(
                p ->
                    configuration
                        .getMetadata()
                        .getName()
                        .equals(p.getMetadata().getLabels().get(KnativeInference.CONFIGURATION)))
            .toList();
    var observed =
        status.getObservedGeneration() != null
            && status.getObservedGeneration() >= configuration.getMetadata().getGeneration();
    var created = status.getLatestCreatedRevisionName();
    var ready = Knative.ready(status.getConditions());
    return new Rollout(
        version,
        Platform.KNATIVE,
        Role.WHOLE,
        observed
            && ready.filter(c -> "True".equals(c.getStatus())).isPresent()
            && created != null
            && created.equals(status.getLatestReadyRevisionName()),
        (int) own.stream().filter(Readiness::isPodReady).count(),
        Integer.parseInt(template.getAnnotations().get(KnativeInference.MIN_SCALE)),
        baseline(template.getAnnotations()),
        observed
            ? ready
                .filter(c -> "False".equals(c.getStatus()))
                .map(c -> why(version, own, c.getMessage()))
            : Optional.empty());
  }

  private static Role role(Map<String, String> labels) {
    if (labels == null || !labels.containsKey(Labels.ANSWERS_FOR)) {
      return Role.FORMER;
    }
    return labels.get(Labels.ANSWERS_FOR).equals(labels.get(Labels.SHORT_VERSION))
        ? Role.WHOLE
        : Role.CANARY;
  }

  private static String why(String version, Collection<Pod> pods, String otherwise) {
    return PodFailure.obstacle(
            pods.stream()
                .filter(p -> version.equals(version(p.getMetadata().getAnnotations())))
                .toList())
        .map(PodFailure::message)
        .orElse(otherwise);
  }

  private static String version(Map<String, String> annotations) {
    return annotations == null ? "" : annotations.getOrDefault(Labels.VERSION, "");
  }

  private static Optional<String> baseline(Map<String, String> annotations) {
    return Optional.ofNullable(annotations).map(a -> a.get(Labels.BASELINE));
  }

  private static int count(Integer number) {
    return number == null ? 0 : number;
  }
}
