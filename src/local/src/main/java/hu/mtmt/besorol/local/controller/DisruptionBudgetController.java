package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatusBuilder;
import java.time.Duration;
import java.util.Optional;

/** Tells of every disruption budget how many pods could be spared. */
final class DisruptionBudgetController implements Reconciler {
  private final ClusterScope cluster;

  DisruptionBudgetController(ClusterScope cluster) {
    this.cluster = cluster;
  }

  @Override
  public Optional<Duration> reconcile(ObjectKey key) {
    var budget = cluster.get(key, PodDisruptionBudget.class);
    if (budget == null || budget.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    var pods =
        cluster
            .in(key, Pod.class)
            .withLabelSelector(budget.getSpec().getSelector())
            .list()
            .getItems()
            .stream()
            .filter(Pods::active)
            .toList();
    var healthy = (int) pods.stream().filter(Pods::ready).count();
    var desired = desired(budget, pods.size());
    var status =
        new PodDisruptionBudgetStatusBuilder(budget.getStatus())
            .withObservedGeneration(budget.getMetadata().getGeneration())
            .withExpectedPods(pods.size())
            .withCurrentHealthy(healthy)
            .withDesiredHealthy(desired)
            .withDisruptionsAllowed(Math.max(healthy - desired, 0))
            .build();
    if (!status.equals(budget.getStatus())) {
      cluster
          .in(key, PodDisruptionBudget.class)
          .resource(budget)
          .editStatus(
              b -> {
                b.setStatus(status);
                return b;
              });
    }
    return Optional.empty();
  }

  private static int desired(PodDisruptionBudget budget, int expected) {
    var spec = budget.getSpec();
    return spec.getMinAvailable() != null
        ? Quota.of(spec.getMinAvailable(), expected, true)
        : Math.max(expected - Quota.of(spec.getMaxUnavailable(), expected, true), 0);
  }
}
