package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Keeps as many pods as a ReplicaSet asks for. */
final class ReplicaSetController implements Reconciler {
  private final ClusterScope cluster;
  private final PodFactory factory;
  private final Events events;
  private final Clock clock;

  ReplicaSetController(ClusterScope cluster, PodFactory factory, Events events, Clock clock) {
    this.cluster = cluster;
    this.factory = factory;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public Optional<Duration> reconcile(ObjectKey key) {
    var set = cluster.get(key, ReplicaSet.class);
    if (set == null || set.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    var pods =
        cluster
            .in(key, Pod.class)
            .withLabelSelector(set.getSpec().getSelector())
            .list()
            .getItems()
            .stream()
            .filter(p -> Owners.controls(set, p))
            .toList();
    // Pods of a ReplicaSet are to run for ever: one that ended is replaced.
    pods.stream().filter(p -> Pods.ended(p) && !Pods.terminating(p)).forEach(p -> delete(set, p));
    var active = pods.stream().filter(Pods::active).toList();
    var wanted = set.getSpec().getReplicas();
    for (int i = active.size(); i < wanted; i++) {
      var pod =
          cluster
              .in(key, Pod.class)
              .resource(factory.create(set.getSpec().getTemplate(), set, Map.of()))
              .create();
      events.normal(set, "SuccessfulCreate", "Created pod: " + pod.getMetadata().getName());
    }
    active.stream()
        .sorted(worstFirst())
        .limit(Math.max(active.size() - wanted, 0))
        .forEach(p -> delete(set, p));
    return report(set, active);
  }

  /** Those that answer longest are kept. */
  private static Comparator<Pod> worstFirst() {
    return Comparator.comparing((Pod p) -> Pods.readySince(p).orElse(Instant.MAX)).reversed();
  }

  private void delete(ReplicaSet set, Pod pod) {
    var name = pod.getMetadata().getName();
    events.normal(set, "SuccessfulDelete", "Deleted pod: " + name);
    cluster.in(ObjectKey.of(set), Pod.class).withName(name).delete();
  }

  private Optional<Duration> report(ReplicaSet set, List<Pod> active) {
    var now = clock.instant();
    var minimum =
        Duration.ofSeconds(Objects.requireNonNullElse(set.getSpec().getMinReadySeconds(), 0));
    var ready =
        active.stream()
            .flatMap(p -> Pods.readySince(p).stream())
            .map(since -> Duration.between(now, since.plus(minimum)))
            .toList();
    var available = (int) ready.stream().filter(left -> !left.isPositive()).count();
    var status =
        new ReplicaSetStatusBuilder(set.getStatus())
            .withObservedGeneration(set.getMetadata().getGeneration())
            .withReplicas(active.size())
            .withFullyLabeledReplicas(active.size())
            .withReadyReplicas(ready.size())
            .withAvailableReplicas(available)
            .build();
    if (!status.equals(set.getStatus())) {
      cluster
          .in(ObjectKey.of(set), ReplicaSet.class)
          .resource(set)
          .editStatus(
              s -> {
                s.setStatus(status);
                return s;
              });
    }
    return ready.stream().filter(Duration::isPositive).min(Duration::compareTo);
  }
}
