package hu.mtmt.besorol.local.kubelet;

import hu.mtmt.besorol.local.controller.ObjectKey;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Runs the containers of one pod and writes into its status what becomes of them; when the pod is
 * deleted, ends them and lets the object go.
 */
final class PodWorker {
  private static final System.Logger LOG = System.getLogger(PodWorker.class.getName());
  private static final Duration WRITE_RETRY = Duration.ofMillis(200);
  private static final String LOST = "The process ended with the local cluster that ran it.";

  private final Pod pod;
  private final KubernetesClient client;
  private final Clock clock;
  private final List<ContainerRunner> runners;
  private final Semaphore changed = new Semaphore(1);
  private final Thread thread;
  private PodStatus written;
  private volatile boolean deleting;
  private volatile boolean silent;

  /** Makes the runner of each container. */
  interface Runners {
    ContainerRunner of(Container container, int restarts, Runnable changed);
  }

  PodWorker(Pod pod, KubernetesClient client, Runners runners, Clock clock) {
    this.pod = pod;
    this.client = client;
    this.clock = clock;
    this.written = Objects.requireNonNullElse(pod.getStatus(), new PodStatus());
    this.runners =
        pod.getSpec().getContainers().stream()
            .map(c -> runners.of(c, restartsBefore(c), changed::release))
            .toList();
    this.thread =
        Thread.ofVirtual().name("pod-" + pod.getMetadata().getName()).unstarted(this::work);
  }

  /** Starts its containers, or finds out that they were lost. */
  void start() {
    thread.start();
  }

  /** Ends the containers and removes the object. */
  void delete(Duration grace) {
    if (!deleting) {
      deleting = true;
      runners.forEach(r -> r.stop(grace));
      changed.release();
      if (thread.getState() == Thread.State.TERMINATED) {
        Thread.ofVirtual().start(this::removeEnded);
      }
    }
  }

  private void removeEnded() {
    try {
      remove();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the containers without a word: the object is gone, or the API server is. */
  void abandon(Duration grace) {
    silent = true;
    runners.forEach(r -> r.stop(grace));
    changed.release();
  }

  /** Waits until the containers have ended. */
  void join() throws InterruptedException {
    thread.join();
  }

  private void work() {
    try {
      if (wasLost()) {
        if (!deleting) {
          write(lostStates(), Optional.of(LOST));
        }
      } else {
        var threads =
            runners.stream()
                .map(r -> Thread.ofVirtual().name(thread.getName() + "-container").start(r))
                .toList();
        do {
          changed.acquire();
          changed.drainPermits();
          write(states(), Optional.empty());
        } while (threads.stream().anyMatch(Thread::isAlive) && !allEnded());
        for (var each : threads) {
          each.join();
        }
        write(states(), Optional.empty());
      }
      if (deleting) {
        remove();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean allEnded() {
    return states().stream().allMatch(ContainerState::ended);
  }

  private List<ContainerState> states() {
    return runners.stream().map(ContainerRunner::state).toList();
  }

  /**
   * Whether another life of this cluster ran it and it cannot be run again. The containers of a pod
   * that restarts always are simply started again.
   */
  private boolean wasLost() {
    return pod.getStatus() != null
        && pod.getStatus().getStartTime() != null
        && (deleting || !"Always".equals(pod.getSpec().getRestartPolicy()));
  }

  private List<ContainerState> lostStates() {
    var now = clock.instant();
    return states().stream()
        .map(
            s ->
                new ContainerState(
                    s.name(),
                    new ContainerState.Ended(137, "ContainerStatusUnknown", LOST, startTime(), now),
                    Optional.empty(),
                    s.restarts(),
                    false,
                    false))
        .toList();
  }

  private Instant startTime() {
    return Instant.parse(pod.getStatus().getStartTime());
  }

  private int restartsBefore(Container container) {
    return written.getContainerStatuses().stream()
        .filter(s -> s.getName().equals(container.getName()))
        .findFirst()
        .map(ContainerStatus::getRestartCount)
        .map(count -> "Always".equals(pod.getSpec().getRestartPolicy()) ? count + 1 : count)
        .orElse(0);
  }

  /** Writes what changed, for as long as the API server does not take it. */
  private void write(List<ContainerState> states, Optional<String> disruption)
      throws InterruptedException {
    while (!silent) {
      var next = PodStatuses.of(pod, written, states, disruption, clock.instant());
      if (next.equals(written)) {
        return;
      }
      try {
        client
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .editStatus(
                p -> {
                  if (p.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
                    p.setStatus(next);
                  }
                  return p;
                });
        written = next;
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
          return;
        }
        LOG.log(
            System.Logger.Level.DEBUG, () -> "status of " + ObjectKey.of(pod) + " not written", e);
        Thread.sleep(WRITE_RETRY);
      }
    }
  }

  private void remove() throws InterruptedException {
    while (!silent) {
      try {
        client
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .withGracePeriod(0)
            .delete();
        return;
      } catch (KubernetesClientException e) {
        LOG.log(System.Logger.Level.DEBUG, () -> ObjectKey.of(pod) + " not removed", e);
        Thread.sleep(WRITE_RETRY);
      }
    }
  }
}
