package hu.mtmt.besorol.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.operator.observe.Rollout.Role;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
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

  @ParameterizedTest
  @CsvSource({
    "'besorol.mtmt.hu/answers-for: aa, besorol.mtmt.hu/short-version: aa', WHOLE",
    "'besorol.mtmt.hu/answers-for: aa, besorol.mtmt.hu/short-version: bb', CANARY",
    "'besorol.mtmt.hu/model: a', FORMER"
  })
  void roleIsInTheLabelsOfThePods(String labels, Role role) {
    var deployment =
        Serialization.unmarshal(
            "metadata: {name: a, generation: 1}\nspec: {replicas: 2, template: {metadata: {labels: {%s}}}}"
                .formatted(labels),
            Deployment.class);
    assertThat(Rollout.of(deployment, List.of()).role()).isEqualTo(role);
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
        .isEqualTo(
            new Rollout(
                "",
                Platform.DEPLOYMENT,
                Role.FORMER,
                false,
                0,
                2,
                Optional.empty(),
                Optional.empty()));
  }
}
