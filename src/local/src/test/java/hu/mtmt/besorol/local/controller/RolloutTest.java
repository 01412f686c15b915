package hu.mtmt.besorol.local.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutTest {
  /** One replica is wanted, and no moment without one allowed. */
  private static final Deployment DEPLOYMENT =
      new DeploymentBuilder()
          .withNewMetadata()
          .withGeneration(2L)
          .endMetadata()
          .withNewSpec()
          .withReplicas(1)
          .endSpec()
          .build();

  @ParameterizedTest
  @CsvSource({
    // of the current set: replicas, available; of the old one: replicas, available, and next
    "1, 0, 1, 1, 1",
    "1, 1, 1, 1, 0",
    "1, 0, 1, 0, 1",
    "1, 1, 0, 1, 0",
    "1, 1, 0, 0, 0",
  })
  void anOldSetGoesWhenTheCurrentOneAnswers(
      int replicas, int available, int oldReplicas, int oldAvailable, int oldNext) {
    var current = set("current", replicas, available);
    var old = set("old", oldReplicas, oldAvailable);

    var rollout = Rollout.next(DEPLOYMENT, current, List.of(old), Instant.EPOCH);

    assertThat(rollout.scale().getOrDefault(old, oldReplicas)).isEqualTo(oldNext);
    assertThat(rollout.scale().getOrDefault(current, replicas)).isEqualTo(1);
  }

  private static ReplicaSet set(String name, int replicas, int available) {
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .endSpec()
        .withNewStatus()
        .withReplicas(Math.max(replicas, available))
        .withReadyReplicas(available)
        .withAvailableReplicas(available)
        .endStatus()
        .build();
  }
}
