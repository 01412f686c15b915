package hu.mtmt.besorol.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodFailureTest {
  private static Pod pod(String name, String status) {
    return Serialization.unmarshal(
        """
        metadata: {name: %s, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          containers:
          - name: besorol
            resources: {limits: {memory: 4Gi}}
        status: %s
        """
            .formatted(name, status),
        Pod.class);
  }

  private static String terminated(int exitCode, String reason, String time, String message) {
    return "{phase: Failed, containerStatuses: [{name: besorol, state: {terminated: {exitCode: %d, reason: %s, finishedAt: \"%s\", message: '%s'}}}]}"
        .formatted(exitCode, reason, time, message);
  }

  @Test
  void tellsWhatThePodTold() {
    var failure =
        PodFailure.newest(
            List.of(
                pod(
                    "a",
                    terminated(
                        3,
                        "Error",
                        "2026-01-01T00:01:00Z",
                        "{\"schema\":\"besorol/training-result/1\",\"failure\":{\"kind\":\"DataInvalid\",\"message\":\"train.jsonl:3:"
                            + " no text.\"}}"))));
    assertThat(failure).contains(new PodFailure("DataInvalid", "train.jsonl:3: no text.", "a", 3));
  }

  @Test
  void takesTheNewest() {
    assertThat(
            PodFailure.newest(
                List.of(
                    pod("b", terminated(1, "Error", "2026-01-01T00:02:00Z", "")),
                    pod("a", terminated(137, "OOMKilled", "2026-01-01T00:03:00Z", "")))))
        .get()
        .returns("OOMKilled", PodFailure::reason)
        .returns(
            "Pod a was killed because it needed more memory than its limit of 4Gi: use a flavor"
                + " with more memory.",
            PodFailure::message);
  }

  @Test
  void tellsWhenThePodDidNotSayWhy() {
    assertThat(
            PodFailure.newest(
                List.of(pod("a", terminated(1, "Error", "2026-01-01T00:03:00Z", "garbage")))))
        .contains(
            new PodFailure(
                "Error",
                "Pod a ended with exit code 1 and did not say why: kubectl logs a may tell.",
                "a",
                1));
  }

  @Test
  void tellsThatTheClusterEndedIt() {
    assertThat(
            PodFailure.newest(
                List.of(
                    pod(
                        "a",
                        "{phase: Failed, reason: Evicted, message: The node was low on memory.}"))))
        .contains(
            new PodFailure(
                "Evicted",
                "Pod a was ended by the cluster: The node was low on memory.",
                "a",
                null));
  }

  @ParameterizedTest
  @CsvSource({
    "ErrImagePull, ImagePullBackOff",
    "ImagePullBackOff, ImagePullBackOff",
    "CreateContainerConfigError, CreateContainerConfigError"
  })
  void namesWhatKeepsAPodFromRunning(String waiting, String reason) {
    var status =
        "{phase: Pending, containerStatuses: [{name: besorol, image: x:1, state: {waiting: {reason: %s}}}]}"
            .formatted(waiting);
    assertThat(PodFailure.obstacle(List.of(pod("a", status))))
        .get()
        .returns(reason, PodFailure::reason);
    assertThat(PodFailure.isObstacle(reason)).isTrue();
  }

  @Test
  void startingIsNoObstacle() {
    var status =
        "{phase: Pending, containerStatuses: [{name: besorol, state: {waiting: {reason:"
            + " ContainerCreating}}}]}";
    assertThat(PodFailure.obstacle(List.of(pod("a", status)))).isEmpty();
  }
}
