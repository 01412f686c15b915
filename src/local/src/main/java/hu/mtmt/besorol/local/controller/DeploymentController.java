package hu.mtmt.besorol.local.controller;

import hu.mtmt.besorol.contract.Digest;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Replaces the pods of a Deployment step by step, a ReplicaSet per template: {@link Rollout}. */
final class DeploymentController implements Reconciler {
  static final String HASH_LABEL = "pod-template-hash";
  private static final String REVISION = "deployment.kubernetes.io/revision";

  private final ClusterScope cluster;
  private final Events events;
  private final Clock clock;

  DeploymentController(ClusterScope cluster, Events events, Clock clock) {
    this.cluster = cluster;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public Optional<Duration> reconcile(ObjectKey key) {
    var deployment = cluster.get(key, Deployment.class);
    if (deployment == null || deployment.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    var sets =
        cluster
            .in(key, ReplicaSet.class)
            .withLabelSelector(deployment.getSpec().getSelector())
            .list()
            .getItems()
            .stream()
            .filter(s -> Owners.controls(deployment, s))
            .sorted(Comparator.comparingLong(DeploymentController::revision))
            .toList();
    var hash = hash(deployment);
    var current =
        sets.stream()
            .filter(s -> hash.equals(s.getMetadata().getLabels().get(HASH_LABEL)))
            .findFirst()
            .orElseGet(() -> create(deployment, hash));
    var old = sets.stream().filter(s -> s != current).toList();
    takeLatestRevision(deployment, current, old);
    var rollout =
        Rollout.next(deployment, current, old, clock.instant().truncatedTo(ChronoUnit.SECONDS));
    rollout.scale().forEach((set, replicas) -> scale(deployment, set, replicas));
    if (!rollout.status().equals(deployment.getStatus())) {
      cluster
          .in(key, Deployment.class)
          .resource(deployment)
          .editStatus(
              d -> {
                d.setStatus(rollout.status());
                return d;
              });
    }
    var keep = Objects.requireNonNullElse(deployment.getSpec().getRevisionHistoryLimit(), 10);
    Rollout.superfluous(old, keep)
        .forEach(
            set ->
                cluster
                    .in(key, ReplicaSet.class)
                    .withName(set.getMetadata().getName())
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete());
    return rollout.again();
  }

  private ReplicaSet create(Deployment deployment, String hash) {
    var spec = deployment.getSpec();
    var set =
        new ReplicaSetBuilder()
            .withNewMetadata()
            .withName(deployment.getMetadata().getName() + "-" + hash)
            .withNamespace(deployment.getMetadata().getNamespace())
            .withLabels(spec.getTemplate().getMetadata().getLabels())
            .addToLabels(HASH_LABEL, hash)
            .withOwnerReferences(Owners.controlledBy(deployment))
            .endMetadata()
            .withNewSpec()
            .withReplicas(0)
            .withMinReadySeconds(spec.getMinReadySeconds())
            .withSelector(
                new LabelSelectorBuilder(spec.getSelector())
                    .addToMatchLabels(HASH_LABEL, hash)
                    .build())
            .withTemplate(
                new PodTemplateSpecBuilder(spec.getTemplate())
                    .editMetadata()
                    .addToLabels(HASH_LABEL, hash)
                    .endMetadata()
                    .build())
            .endSpec()
            .build();
    return cluster.in(ObjectKey.of(deployment), ReplicaSet.class).resource(set).create();
  }

  private void takeLatestRevision(Deployment deployment, ReplicaSet current, List<ReplicaSet> old) {
    var latest = old.stream().mapToLong(DeploymentController::revision).max().orElse(0) + 1;
    var revision = String.valueOf(Math.max(latest, revision(current)));
    var key = ObjectKey.of(deployment);
    if (!revision.equals(String.valueOf(revision(current)))) {
      cluster
          .in(key, ReplicaSet.class)
          .withName(current.getMetadata().getName())
          .edit(
              s ->
                  new ReplicaSetBuilder(s)
                      .editMetadata()
                      .addToAnnotations(REVISION, revision)
                      .endMetadata()
                      .build());
    }
    var annotations =
        Objects.requireNonNullElse(
            deployment.getMetadata().getAnnotations(), Map.<String, String>of());
    if (!revision.equals(annotations.get(REVISION))) {
      cluster
          .in(key, Deployment.class)
          .withName(key.name())
          .edit(
              d -> {
                d.getMetadata().getAnnotations().put(REVISION, revision);
                return d;
              });
    }
  }

  private void scale(Deployment deployment, ReplicaSet set, int replicas) {
    var name = set.getMetadata().getName();
    events.normal(
        deployment,
        "ScalingReplicaSet",
        "Scaled %s replica set %s from %d to %d"
            .formatted(
                replicas > set.getSpec().getReplicas() ? "up" : "down",
                name,
                set.getSpec().getReplicas(),
                replicas));
    cluster
        .in(ObjectKey.of(set), ReplicaSet.class)
        .withName(name)
        .edit(s -> new ReplicaSetBuilder(s).editSpec().withReplicas(replicas).endSpec().build());
  }

  private static long revision(ReplicaSet set) {
    var annotations = set.getMetadata().getAnnotations();
    return annotations == null ? 0 : Long.parseLong(annotations.getOrDefault(REVISION, "0"));
  }

  private static String hash(Deployment deployment) {
    var json = Serialization.asJson(deployment.getSpec().getTemplate());
    return Digest.of(json.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 10);
  }
}
