package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.testkit.SteadyClient;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A version takes over by a canary, and the one before is back at once, while clients ask. */
@ClusterTest
class RolloutIT {
  private static final int PER_SECOND = 200;

  /** One document is asked again and again: a version that says otherwise of it is not worse. */
  private static final String CANARY =
      """
      {"strategy": "Canary", "steps": [50], "stepSeconds": 3, "bounds": {"divergence": "1"}}\
      """;

  @Test
  void canaryTakesOverAndTheVersionBeforeIsBackAtOnce(Cluster cluster) throws Exception {
    cluster.install(Cluster.overlay("dev"));
    var workspace = Workspace.create(cluster, "rollout");
    workspace.applyQuickstart();
    workspace.patchModel("{\"spec\": {\"serving\": {\"rollout\": %s}}}".formatted(CANARY));
    var first = workspace.awaitVersion("quickstart-1");
    workspace.awaitServing(first);
    workspace.applyRun("quickstart-2", 7);
    var second = workspace.awaitVersion("quickstart-2");
    try (var asking = SteadyClient.start(workspace.url(), Workspace.document(), PER_SECOND)) {
      workspace.awaitServing(second);
      asking.awaitAnswersOf(second, PER_SECOND);
      assertThat(asking.versions()).containsExactlyInAnyOrder(first, second);
      assertThat(cluster.kubectl("get", "events", "-n", workspace.namespace()))
          .contains("CanaryStep");

      var start = Instant.now();
      workspace.patchModel(
          """
          {"spec": {"promotion": {"mode": "Manual", "version": "%s"}}}\
          """
              .formatted(first));
      workspace.awaitServing(first);
      asking.awaitAnswersOf(first, asking.answersOf(first) + 2 * PER_SECOND);
      System.out.printf(
          "Back to the version before: the other one has answered for the last time after %d ms. %d"
              + " requests were answered, %d failed.%n",
          Duration.between(start, asking.lastAnswerOf(second)).toMillis(),
          asking.answersOf(first) + asking.answersOf(second),
          asking.failures().size());
      assertThat(asking.failures()).isEmpty();
    }
  }
}
