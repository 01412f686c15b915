package hu.mtmt.besorol.local.kubelet;

import hu.mtmt.besorol.local.controller.Pods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is written into a pod's status, as a kubelet writes it: a pure function. */
final class PodStatuses {
  static final String ADDRESS = "127.0.0.1";

  private PodStatuses() {}

  /**
   * The pod's status.
   *
   * @param before what was written last
   * @param states one of every container
   * @param disruption why the surroundings ended the pod, or empty if they did not
   */
  static PodStatus of(
      Pod pod,
      PodStatus before,
      List<ContainerState> states,
      Optional<String> disruption,
      Instant now) {
    var byName =
        states.stream().collect(Collectors.toMap(ContainerState::name, Function.identity()));
    var ended = states.stream().allMatch(ContainerState::ended);
    var ready = !ended && states.stream().allMatch(ContainerState::ready);
    var time = written(now);
    var conditions = new ArrayList<PodCondition>();
    conditions.add(condition("PodReadyToStartContainers", !ended, null, null, time));
    conditions.add(condition("Initialized", true, null, null, time));
    var notReady = ended ? "PodCompleted" : "ContainersNotReady";
    var unready =
        states.stream()
            .filter(s -> !s.ready())
            .map(ContainerState::name)
            .collect(Collectors.joining(" ", "containers with unready status: [", "]"));
    for (var type : List.of("Ready", "ContainersReady")) {
      conditions.add(
          condition(type, ready, ready ? null : notReady, ready || ended ? null : unready, time));
    }
    conditions.add(condition("PodScheduled", true, null, null, time));
    disruption.ifPresent(
        why ->
            conditions.add(
                condition(Pods.DISRUPTION_TARGET, true, "TerminationByKubelet", why, time)));
    return new PodStatusBuilder(before)
        .withPhase(phase(states, ended))
        .withHostIP(ADDRESS)
        .withPodIP(ADDRESS)
        .withPodIPs(new PodIP(ADDRESS))
        .withStartTime(before.getStartTime() == null ? time : before.getStartTime())
        .withConditions(
            conditions.stream().map(c -> withTransitionOf(c, before.getConditions())).toList())
        .withContainerStatuses(
            pod.getSpec().getContainers().stream()
                .map(c -> status(c, byName.get(c.getName()), pod))
                .toList())
        .build();
  }

  private static String phase(List<ContainerState> states, boolean ended) {
    if (ended) {
      return states.stream()
              .allMatch(s -> s.phase() instanceof ContainerState.Ended e && e.exitCode() == 0)
          ? "Succeeded"
          : "Failed";
    }
    var begun =
        states.stream()
            .allMatch(s -> !(s.phase() instanceof ContainerState.Waiting) || s.last().isPresent());
    return begun ? "Running" : "Pending";
  }

  private static PodCondition condition(
      String type, boolean value, String reason, String message, String time) {
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(value ? "True" : "False")
        .withReason(reason)
        .withMessage(message)
        .withLastTransitionTime(time)
        .build();
  }

  private static PodCondition withTransitionOf(PodCondition next, List<PodCondition> before) {
    return before.stream()
        .filter(b -> b.getType().equals(next.getType()) && b.getStatus().equals(next.getStatus()))
        .findFirst()
        .map(
            b ->
                new PodConditionBuilder(next)
                    .withLastTransitionTime(b.getLastTransitionTime())
                    .build())
        .orElse(next);
  }

  private static ContainerStatus status(Container container, ContainerState state, Pod pod) {
    var id =
        "local://%s/%s/%d".formatted(pod.getMetadata().getUid(), state.name(), state.restarts());
    var status =
        new ContainerStatusBuilder()
            .withName(state.name())
            .withImage(container.getImage())
            .withImageID("")
            .withReady(state.ready())
            .withStarted(state.started())
            .withRestartCount(state.restarts())
            .withState(written(state.phase(), id));
    if (!(state.phase() instanceof ContainerState.Waiting)) {
      status.withContainerID(id);
    }
    state.last().ifPresent(last -> status.withLastState(written(last, id)));
    return status.build();
  }

  private static io.fabric8.kubernetes.api.model.ContainerState written(
      ContainerState.Phase phase, String id) {
    var state = new ContainerStateBuilder();
    return switch (phase) {
      case ContainerState.Waiting w ->
          state
              .withNewWaiting()
              .withReason(w.reason())
              .withMessage(nullIfEmpty(w.message()))
              .endWaiting()
              .build();
      case ContainerState.Running r ->
          state.withNewRunning().withStartedAt(written(r.since())).endRunning().build();
      case ContainerState.Ended e ->
          state
              .withNewTerminated()
              .withExitCode(e.exitCode())
              .withReason(e.reason())
              .withMessage(nullIfEmpty(e.message()))
              .withStartedAt(written(e.started()))
              .withFinishedAt(written(e.finished()))
              .withContainerID(id)
              .endTerminated()
              .build();
    };
  }

  private static String nullIfEmpty(String text) {
    return text.isEmpty() ? null : text;
  }

  private static String written(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
