package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.ServiceReport;
import hu.mtmt.besorol.testkit.SteadyClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A version takes over by a canary, and the one before is back at once, while clients ask. */
@ClusterTest
@Order(Order.DEFAULT + 1)
class RolloutIT {
  private static final int PER_SECOND = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** One document is asked again and again: a version that says otherwise of it is not worse. */
  private static final String CANARY =
      """
      {"strategy": "Canary", "steps": [50], "stepSeconds": 6,
       "bounds": {"divergence": "1", "agreement": "0"}}\
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
      Awaitility.await().atMost(PATIENCE).until(() -> shadowed(cluster, workspace) > 0);
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

  /** How many documents of clients the pods of a canary have answered with both versions. */
  private static int shadowed(Cluster cluster, Workspace workspace) {
    return cluster.client().pods().inNamespace(workspace.namespace()).list().getItems().stream()
        .filter(Readiness::isPodReady)
        .filter(p -> p.getMetadata().getAnnotations().containsKey(Labels.BASELINE))
        .map(p -> report(cluster, p))
        .mapToInt(r -> r.baseline() == null ? 0 : r.baseline().documents())
        .sum();
  }

  private static ServiceReport report(Cluster cluster, Pod pod) {
    var path =
        "/api/v1/namespaces/%s/pods/%s:8080/proxy%s"
            .formatted(
                pod.getMetadata().getNamespace(), pod.getMetadata().getName(), ServiceReport.ROUTE);
    var told = cluster.kubectl("get", "--raw", path);
    return ContractJson.read(told.getBytes(StandardCharsets.UTF_8), ServiceReport.class, path);
  }
}
