package hu.mtmt.besorol.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodFailureTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

  private static Pod pod(String name, String status) {
    return Serialization.unmarshal(
        """
        metadata: {name: %s, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          nodeName: n1
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
  void nodeWhoseClockIsAheadDoesNotHideWhatFailedAfterwards() {
    var ahead = pod("a", terminated(1, "Error", "2026-01-01T01:02:00Z", ""));
    var later = pod("b", terminated(137, "OOMKilled", "2026-01-01T00:03:00Z", ""));
    later.getMetadata().setCreationTimestamp("2026-01-01T00:02:30Z");
    assertThat(PodFailure.newest(List.of(ahead, later)))
        .get()
        .returns("OOMKilled", PodFailure::reason);
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {reason: Evicted, message: The node was low on memory.} | Evicted | (The node was low on memory): the run goes on
          {conditions: [{type: DisruptionTarget, status: "True", reason: TerminationByKubelet, message: Pod was terminated}]} | Evicted | (Pod was terminated)
          {conditions: [{type: DisruptionTarget, status: "True", reason: DeletionByTaintManager, message: deleting due to NoExecute taint}]} | NodeLost | lost with its node n1 (deleting due to NoExecute taint)
          {conditions: [{type: DisruptionTarget, status: "True", reason: DeletionByPodGC, message: node no longer exists}]} | NodeLost | on another one
          {conditions: [{type: DisruptionTarget, status: "True", reason: EvictionByEvictionAPI, message: Eviction API}]} | Drained | leave its node n1
          {conditions: [{type: DisruptionTarget, status: "True", reason: PreemptionByScheduler, message: preempting}]} | Preempted | higher priority
          {reason: OutOfcpu, message: Node had no CPU} | OutOfcpu | was ended by the cluster: Node had no CPU.
          {conditions: [{type: DisruptionTarget, status: "False", reason: X}]} | PodFailed | was ended by the cluster.
          """)
  void tellsHowTheClusterEndedIt(String status, String reason, String message) {
    var failed = status.replaceFirst("\\{", "{phase: Failed, ");
    assertThat(PodFailure.newest(List.of(pod("a", failed))))
        .get()
        .returns(reason, PodFailure::reason)
        .satisfies(f -> assertThat(f.message()).startsWith("Pod a ").contains(message));
  }

  @ParameterizedTest
  @CsvSource({
    "'Pod ephemeral local storage usage exceeds the total limit of containers 4Gi. ', true",
    "'Usage of EmptyDir volume \"tmp\" exceeds the limit \"4Gi\". ', true",
    "'Container besorol exceeded its local ephemeral storage limit \"4Gi\". ', true",
    "'The node was low on resource: ephemeral-storage. Threshold quantity: 1, available: 0. ',"
        + " false"
  })
  void podOverItsDiskIsNotADisruption(String message, boolean own) {
    var failure =
        PodFailure.newest(
            List.of(
                pod("a", "{phase: Failed, reason: Evicted, message: '%s'}".formatted(message))));
    assertThat(failure)
        .get()
        .returns(own ? "DiskExhausted" : "Evicted", PodFailure::reason)
        .satisfies(
            f -> assertThat(f.message().contains("use a flavor with more disk.")).isEqualTo(own));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          75  | Error              | ''                                    | Drained
          137 | Error              | ''                                    | Drained
          3   | Error              | {"schema":"besorol/training-result/1","failure":{"kind":"DataInvalid","message":"No."}} | DataInvalid
          75  | Error              | {"schema":"besorol/training-result/1","failure":{"kind":"Interrupted","message":"Asked."}} | Drained
          """)
  void whoAskedItToStopIsToldUnlessItFailedByItself(
      int exitCode, String reason, String message, String told) {
    var status =
        terminated(exitCode, reason, "2026-01-01T00:03:00Z", message)
            .replaceFirst(
                "\\{",
                "{conditions: [{type: DisruptionTarget, status: \"True\", reason:"
                    + " EvictionByEvictionAPI, message: drained}], ");
    assertThat(PodFailure.newest(List.of(pod("a", status))))
        .get()
        .returns(told, PodFailure::reason)
        .returns(exitCode, PodFailure::exitCode);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          137 | Error      | ''                  | Killed     | signal 9
          139 | Error      | ''                  | Error      | exit code 139
          128 | StartError | exec format error   | StartError | (exec format error)
          """)
  void tellsHowItEndedWithoutAWord(
      int exitCode, String ended, String message, String reason, String part) {
    var status = terminated(exitCode, ended, "2026-01-01T00:03:00Z", message);
    assertThat(PodFailure.newest(List.of(pod("a", status))))
        .get()
        .returns(reason, PodFailure::reason)
        .satisfies(f -> assertThat(f.message()).contains(part));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0/3 nodes are available: 3 Insufficient cpu.                                | Unschedulable     | true
          persistentvolumeclaim "data" not found                                      | VolumeUnavailable | false
          0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. | VolumeUnavailable | false
          """)
  void missingVolumeIsNotAMissingNode(String message, String reason, boolean waitsForNode) {
    var pod =
        pod(
            "a",
            "{phase: Pending, conditions: [{type: PodScheduled, status: \"False\", reason:"
                + " Unschedulable, lastTransitionTime: \"2026-01-01T00:01:00Z\", message: '%s'}]}"
                    .formatted(message));
    assertThat(PodFailure.obstacle(List.of(pod), NOW))
        .get()
        .returns(reason, PodFailure::reason)
        .satisfies(f -> assertThat(PodFailure.isObstacle(f.reason())).isTrue());
    assertThat(PodFailure.unschedulableSince(List.of(pod)))
        .isEqualTo(
            waitsForNode ? Optional.of(Instant.parse("2026-01-01T00:00:00Z")) : Optional.empty());
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
    assertThat(PodFailure.obstacle(List.of(pod("a", status)), NOW))
        .get()
        .returns(reason, PodFailure::reason);
    assertThat(PodFailure.isObstacle(reason)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "False, 2026-01-01T00:01:59Z, false, 2026-01-01T00:02:00Z",
    "False, 2026-01-01T00:02:00Z, true,",
    "True, 2026-01-01T00:02:00Z, false, 2026-01-01T00:02:00Z"
  })
  void startingIsNoObstacleUnlessItTakesLong(
      String prepared, Instant now, boolean stuck, Instant next) {
    var pod =
        pod(
            "a",
            """
            {phase: Pending,
             conditions: [{type: PodScheduled, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"},
                          {type: PodReadyToStartContainers, status: "%s"}],
             containerStatuses: [{name: besorol, state: {waiting: {reason: ContainerCreating}}}]}
            """
                .formatted(prepared));
    var failure = PodFailure.obstacle(List.of(pod), now);
    assertThat(failure.isPresent()).isEqualTo(stuck);
    failure.ifPresent(f -> assertThat(f.reason()).isEqualTo("VolumeUnavailable"));
    assertThat(PodFailure.nextLook(List.of(pod), now))
        .isEqualTo("True".equals(prepared) ? Optional.empty() : Optional.ofNullable(next));
  }
}
