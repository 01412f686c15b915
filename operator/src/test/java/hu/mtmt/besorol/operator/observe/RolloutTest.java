package hu.mtmt.besorol.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutTest {
  @ParameterizedTest
  @CsvSource({
    // generation, observed, replicas, updated, available, complete
    "2, 2, 2, 2, 2, true",
    "2, 1, 2, 2, 2, false", // the controller has not seen the change yet
    "2, 2, 3, 1, 2, false",
    "2, 2, 3, 2, 3, false", // an old pod still answers
    "2, 2, 2, 2, 1, false",
    "2, , , , , false"
  })
  void isCompleteWhenOnlyNewPodsAnswer(
      long generation,
      Long observed,
      Integer replicas,
      Integer updated,
      Integer available,
      boolean complete) {
    var deployment =
        Serialization.unmarshal(
            """
            metadata: {name: a, generation: %d}
            spec:
              replicas: 2
              template: {metadata: {annotations: {besorol.mtmt.hu/version: v}}}
            status:
              observedGeneration: %s
              replicas: %s
              updatedReplicas: %s
              availableReplicas: %s
            """
                .formatted(generation, observed, replicas, updated, available),
            Deployment.class);
    var rollout = Rollout.of(deployment, List.of());
    assertThat(rollout.complete()).isEqualTo(complete);
    assertThat(rollout.version()).isEqualTo("v");
  }

  @Test
  void isNotCompleteBeforeThereIsAStatus() {
    var deployment =
        Serialization.unmarshal(
            """
            metadata: {name: a, generation: 1}
            spec: {replicas: 2, template: {metadata: {}}}
            """,
            Deployment.class);
    assertThat(Rollout.of(deployment, List.of()))
        .isEqualTo(new Rollout("", false, 0, 2, java.util.Optional.empty()));
  }
}
