package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * The next step of a Deployment, decided as Kubernetes' own controller decides it (apps/v1): a
 * function of the Deployment, its ReplicaSets and the time.
 *
 * @param scale how many replicas each ReplicaSet is to have, where that differs from what it has
 * @param status the status to be written
 * @param again when to look again although nothing changed
 */
record Rollout(Map<ReplicaSet, Integer> scale, DeploymentStatus status, Optional<Duration> again) {

  /**
   * Decides.
   *
   * @param current the ReplicaSet of the Deployment's present template
   * @param old the other ones
   */
  static Rollout next(
      Deployment deployment, ReplicaSet current, List<ReplicaSet> old, Instant now) {
    return new Decision(deployment, current, old, now).next();
  }

  private record Decision(
      Deployment deployment, ReplicaSet current, List<ReplicaSet> old, Instant now) {

    Rollout next() {
      var scale = new LinkedHashMap<ReplicaSet, Integer>();
      if (!Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
        if (isRecreate()) {
          recreate(scale);
        } else {
          scaleUp(scale);
          scaleDown(scale);
        }
      }
      scale.entrySet().removeIf(e -> replicas(e.getKey()) == e.getValue());
      var status = status();
      return new Rollout(scale, status, timeToDeadline(status));
    }

    private boolean isRecreate() {
      return deployment.getSpec().getStrategy() != null
          && "Recreate".equals(deployment.getSpec().getStrategy().getType());
    }

    private void recreate(Map<ReplicaSet, Integer> scale) {
      old.forEach(set -> scale.put(set, 0));
      if (old.stream().allMatch(set -> present(set) == 0)) {
        scale.put(current, wanted());
      }
    }

    private void scaleUp(Map<ReplicaSet, Integer> scale) {
      var room = wanted() + maxSurge() - sum(Decision::replicas);
      scale.put(
          current,
          replicas(current) > wanted()
              ? wanted()
              : replicas(current) + Math.clamp(room, 0, wanted() - replicas(current)));
    }

    /** Old replicas go as far as enough others are available; those that do not answer go first. */
    private void scaleDown(Map<ReplicaSet, Integer> scale) {
      var fewest = wanted() - maxUnavailable();
      var starting = replicas(current) - available(current);
      var surplus = sum(Decision::replicas) - fewest - starting;
      for (var set : old) {
        // a set that has just been scaled down counts pods that are ending as available still
        var unhealthy = Math.clamp(surplus, 0, Math.max(0, replicas(set) - available(set)));
        scale.put(set, replicas(set) - unhealthy);
        surplus -= unhealthy;
      }
      var spare = Math.min(surplus, sum(Decision::available) - fewest);
      for (var set : old) {
        var left = scale.get(set);
        var less = Math.clamp(spare, 0, left);
        scale.put(set, left - less);
        spare -= less;
      }
    }

    private int wanted() {
      return Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    }

    private int maxSurge() {
      return Quota.of(rollingUpdate("maxSurge"), wanted(), true);
    }

    /** At least one of surge and unavailability must be allowed, or nothing would ever move. */
    private int maxUnavailable() {
      var share = Quota.of(rollingUpdate("maxUnavailable"), wanted(), false);
      return share == 0 && maxSurge() == 0 ? 1 : share;
    }

    private IntOrString rollingUpdate(String field) {
      var update =
          Optional.ofNullable(deployment.getSpec().getStrategy()).map(s -> s.getRollingUpdate());
      return update
          .map(u -> field.equals("maxSurge") ? u.getMaxSurge() : u.getMaxUnavailable())
          .orElse(new IntOrString("25%"));
    }

    private DeploymentStatus status() {
      var before = Objects.requireNonNullElse(deployment.getStatus(), new DeploymentStatus());
      var replicas = sum(Decision::present);
      var available = sum(Decision::available);
      var status =
          new DeploymentStatusBuilder(before)
              .withObservedGeneration(deployment.getMetadata().getGeneration())
              .withReplicas(zeroAsNull(replicas))
              .withUpdatedReplicas(zeroAsNull(present(current)))
              .withReadyReplicas(zeroAsNull(sum(Decision::ready)))
              .withAvailableReplicas(zeroAsNull(available))
              .withUnavailableReplicas(zeroAsNull(Math.max(wanted() - available, 0)))
              .build();
      var enough = available >= wanted() - maxUnavailable();
      var isAvailable =
          condition("Available", enough)
              .withReason(enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable")
              .withMessage(
                  enough
                      ? "Deployment has minimum availability."
                      : "Deployment does not have minimum availability.")
              .build();
      status.setConditions(
          Stream.of(merged(isAvailable), merged(progressing(before, status))).toList());
      return status;
    }

    private DeploymentCondition progressing(DeploymentStatus before, DeploymentStatus status) {
      var name = current.getMetadata().getName();
      if (isComplete(status)) {
        return condition("Progressing", true)
            .withReason("NewReplicaSetAvailable")
            .withMessage("ReplicaSet \"%s\" has successfully progressed.".formatted(name))
            .build();
      }
      var previous = previous("Progressing");
      if (hasMoved(before, status) || previous.isEmpty()) {
        return condition("Progressing", true)
            .withReason("ReplicaSetUpdated")
            .withMessage("ReplicaSet \"%s\" is progressing.".formatted(name))
            .build();
      }
      if (previous.get().getReason().equals("NewReplicaSetAvailable")) {
        // Complete before; a pod of the present template is missing for the moment.
        return previous.get();
      }
      return lastMove(previous.get()).plusSeconds(deadline()).isAfter(now)
          ? previous.get()
          : condition("Progressing", false)
              .withReason("ProgressDeadlineExceeded")
              .withMessage("ReplicaSet \"%s\" has timed out progressing.".formatted(name))
              .withLastUpdateTime(previous.get().getLastUpdateTime())
              .build();
    }

    private boolean isComplete(DeploymentStatus status) {
      return present(current) == wanted()
          && sum(Decision::present) == wanted()
          && sum(Decision::available) == wanted()
          && available(current) == wanted()
          && Objects.equals(
              status.getObservedGeneration(), deployment.getMetadata().getGeneration());
    }

    private boolean hasMoved(DeploymentStatus before, DeploymentStatus after) {
      return number(after.getUpdatedReplicas()) > number(before.getUpdatedReplicas())
          || number(after.getReadyReplicas()) > number(before.getReadyReplicas())
          || number(after.getAvailableReplicas()) > number(before.getAvailableReplicas())
          || number(after.getReplicas()) - number(after.getUpdatedReplicas())
              < number(before.getReplicas()) - number(before.getUpdatedReplicas())
          || !Objects.equals(before.getObservedGeneration(), after.getObservedGeneration());
    }

    private Optional<Duration> timeToDeadline(DeploymentStatus status) {
      return status.getConditions().stream()
          .filter(c -> c.getType().equals("Progressing"))
          .filter(c -> c.getReason().equals("ReplicaSetUpdated"))
          .map(c -> Duration.between(now, lastMove(c).plusSeconds(deadline())))
          .findFirst();
    }

    private int deadline() {
      return Objects.requireNonNullElse(deployment.getSpec().getProgressDeadlineSeconds(), 600);
    }

    private static Instant lastMove(DeploymentCondition condition) {
      return Instant.parse(condition.getLastUpdateTime());
    }

    private DeploymentConditionBuilder condition(String type, boolean value) {
      return new DeploymentConditionBuilder()
          .withType(type)
          .withStatus(value ? "True" : "False")
          .withLastUpdateTime(now.toString())
          .withLastTransitionTime(now.toString());
    }

    /** Times move only with what they are the time of. */
    private DeploymentCondition merged(DeploymentCondition next) {
      var previous = previous(next.getType());
      if (previous.isEmpty() || !previous.get().getStatus().equals(next.getStatus())) {
        return next;
      }
      var same =
          previous.get().getReason().equals(next.getReason())
              && previous.get().getMessage().equals(next.getMessage())
              && !next.getReason().equals("ReplicaSetUpdated");
      return new DeploymentConditionBuilder(next)
          .withLastTransitionTime(previous.get().getLastTransitionTime())
          .withLastUpdateTime(same ? previous.get().getLastUpdateTime() : next.getLastUpdateTime())
          .build();
    }

    private Optional<DeploymentCondition> previous(String type) {
      return Optional.ofNullable(deployment.getStatus()).stream()
          .flatMap(s -> s.getConditions().stream())
          .filter(c -> c.getType().equals(type))
          .findFirst();
    }

    private int sum(ToIntFunction<ReplicaSet> value) {
      return Stream.concat(Stream.of(current), old.stream()).mapToInt(value).sum();
    }

    private static int replicas(ReplicaSet set) {
      return number(set.getSpec().getReplicas());
    }

    private static int present(ReplicaSet set) {
      return set.getStatus() == null ? 0 : number(set.getStatus().getReplicas());
    }

    private static int ready(ReplicaSet set) {
      return set.getStatus() == null ? 0 : number(set.getStatus().getReadyReplicas());
    }

    private static int available(ReplicaSet set) {
      return set.getStatus() == null ? 0 : number(set.getStatus().getAvailableReplicas());
    }

    private static int number(Integer value) {
      return Objects.requireNonNullElse(value, 0);
    }

    private static Integer zeroAsNull(int value) {
      return value == 0 ? null : value;
    }
  }

  /** Old ReplicaSets without pods, the oldest first, of which {@code keep} may stay. */
  static List<ReplicaSet> superfluous(List<ReplicaSet> old, int keep) {
    var empty =
        old.stream()
            .filter(s -> Decision.replicas(s) == 0 && Decision.present(s) == 0)
            .sorted(Comparator.comparing(s -> s.getMetadata().getCreationTimestamp()))
            .toList();
    return empty.subList(0, Math.max(empty.size() - keep, 0));
  }
}
