package hu.mtmt.besorol.local.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * The life of one container: started, probed, started again as the pod's restart policy wants it,
 * ended. {@link #run} returns when it has ended for good.
 */
final class ContainerRunner implements Runnable {
  /** How much Kubernetes takes of what a container says at its end. */
  private static final int LONGEST_MESSAGE = 4096;

  private static final int LONGEST_LOG_MESSAGE = 2048;
  private static final Duration LAUNCH_RETRY = Duration.ofMillis(500);

  private final Pod pod;
  private final Container container;
  private final Sandbox sandbox;
  private final Launcher launcher;
  private final HttpProbes probes;
  private final RestartDelays delays;
  private final Clock clock;
  private final Runnable changed;

  private ContainerState state;
  private Process process;
  private boolean stopping;

  /** Pause before a container is started again: doubled with every restart. */
  record RestartDelays(Duration first, Duration longest) {
    Duration after(int restarts) {
      var delay = first.multipliedBy(1L << Math.min(restarts, 20));
      return delay.compareTo(longest) < 0 ? delay : longest;
    }
  }

  /**
   * A container that has not been started here yet.
   *
   * @param restarts how often it was restarted before
   * @param changed is called after every change of {@link #state}
   */
  ContainerRunner(
      Pod pod,
      Container container,
      int restarts,
      Sandbox sandbox,
      Launcher launcher,
      HttpProbes probes,
      RestartDelays delays,
      Clock clock,
      Runnable changed) {
    this.pod = pod;
    this.container = container;
    this.sandbox = sandbox;
    this.launcher = launcher;
    this.probes = probes;
    this.delays = delays;
    this.clock = clock;
    this.changed = changed;
    this.state = ContainerState.creating(container.getName(), restarts);
  }

  synchronized ContainerState state() {
    return state;
  }

  @Override
  public void run() {
    try {
      var first = state().restarts();
      while (true) {
        var started = launch();
        if (started.isEmpty()) {
          return;
        }
        var ended = await(started.get());
        if (!startsAgain(ended)) {
          set(new ContainerState(name(), ended, state().last(), state().restarts(), false, false));
          return;
        }
        var restarts = state().restarts() + 1;
        set(
            new ContainerState(
                name(),
                new ContainerState.Waiting(
                    "CrashLoopBackOff", "it ended with exit code " + ended.exitCode()),
                Optional.of(ended),
                restarts,
                false,
                false));
        if (!pause(delays.after(restarts - 1 - first))) {
          set(new ContainerState(name(), ended, Optional.empty(), restarts - 1, false, false));
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String name() {
    return container.getName();
  }

  /** The running process, or empty if the container is to stop before there is one. */
  private Optional<Process> launch() throws InterruptedException {
    while (true) {
      try {
        synchronized (this) {
          if (stopping) {
            neverStarted();
            return Optional.empty();
          }
          process = launcher.start(pod, container, sandbox, state.restarts());
          var started = container.getStartupProbe() == null;
          state =
              new ContainerState(
                  name(),
                  new ContainerState.Running(clock.instant()),
                  state.last(),
                  state.restarts(),
                  started,
                  started && container.getReadinessProbe() == null);
        }
        changed.run();
        return Optional.of(process);
      } catch (LaunchException e) {
        var waiting = new ContainerState.Waiting(e.reason(), e.getMessage());
        if (!state().phase().equals(waiting)) {
          set(
              new ContainerState(
                  name(), waiting, state().last(), state().restarts(), false, false));
        }
        pause(LAUNCH_RETRY);
      }
    }
  }

  private void neverStarted() {
    var now = clock.instant();
    state =
        new ContainerState(
            name(),
            new ContainerState.Ended(
                137, "ContainerStatusUnknown", "it was never started", now, now),
            state.last(),
            state.restarts(),
            false,
            false);
    changed.run();
  }

  private ContainerState.Ended await(Process process) throws InterruptedException {
    var since = ((ContainerState.Running) state().phase()).since();
    var probing = Executors.newVirtualThreadPerTaskExecutor();
    try {
      probing.submit(() -> probe(process, probing));
      return ended(process.waitFor(), since);
    } finally {
      probing.shutdownNow();
    }
  }

  private ContainerState.Ended ended(int exitCode, Instant since) {
    return new ContainerState.Ended(
        exitCode, exitCode == 0 ? "Completed" : "Error", message(exitCode), since, clock.instant());
  }

  private String message(int exitCode) {
    try {
      var message = tail(sandbox.terminationMessage(container), LONGEST_MESSAGE);
      var useLog =
          message.isEmpty()
              && exitCode != 0
              && "FallbackToLogsOnError".equals(container.getTerminationMessagePolicy());
      return useLog ? tail(sandbox.log(name(), state().restarts()), LONGEST_LOG_MESSAGE) : message;
    } catch (IOException e) {
      return "the termination message could not be read: " + e;
    }
  }

  private static String tail(Path file, int longest) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      channel.position(Math.max(channel.size() - longest, 0));
      var buffer = ByteBuffer.allocate(longest);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // read on
      }
      return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }
  }

  private synchronized boolean startsAgain(ContainerState.Ended ended) {
    return !stopping
        && switch (pod.getSpec().getRestartPolicy()) {
          case "Never" -> false;
          case "OnFailure" -> ended.exitCode() != 0;
          default -> true;
        };
  }

  /** False if the container is to stop. */
  private synchronized boolean pause(Duration duration) throws InterruptedException {
    var end = System.nanoTime() + duration.toNanos();
    for (long left; !stopping && (left = end - System.nanoTime()) > 0; ) {
      wait(left / 1_000_000 + 1);
    }
    return !stopping;
  }

  private Void probe(Process process, Executor probing) throws InterruptedException {
    var grace = Duration.ofSeconds(gracePeriodSeconds());
    if (container.getStartupProbe() != null) {
      probes.run(
          container.getStartupProbe(),
          container,
          succeeded -> {
            if (!succeeded) {
              end(process, grace);
            }
            return !succeeded;
          });
      setStarted(process);
    }
    if (container.getLivenessProbe() != null) {
      probing.execute(
          () -> {
            try {
              probes.run(
                  container.getLivenessProbe(),
                  container,
                  succeeded -> {
                    if (!succeeded) {
                      end(process, grace);
                    }
                    return succeeded;
                  });
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt(); // the container has ended
            }
          });
    }
    if (container.getReadinessProbe() != null) {
      probes.run(
          container.getReadinessProbe(),
          container,
          ready -> {
            setReady(process, ready);
            return true;
          });
    }
    return null;
  }

  private long gracePeriodSeconds() {
    return Objects.requireNonNullElse(pod.getSpec().getTerminationGracePeriodSeconds(), 30L);
  }

  private void setStarted(Process of) {
    setProbed(of, true, container.getReadinessProbe() == null);
  }

  private void setReady(Process of, boolean ready) {
    setProbed(of, true, ready);
  }

  private void setProbed(Process of, boolean started, boolean ready) {
    synchronized (this) {
      if (process != of
          || !(state.phase() instanceof ContainerState.Running)
          || (state.started() == started && state.ready() == ready)) {
        return;
      }
      state =
          new ContainerState(name(), state.phase(), state.last(), state.restarts(), started, ready);
    }
    changed.run();
  }

  private void set(ContainerState next) {
    synchronized (this) {
      state = next;
    }
    changed.run();
  }

  /** Ends the container for good: SIGTERM at once, SIGKILL after {@code grace}. */
  synchronized void stop(Duration grace) {
    stopping = true;
    notifyAll();
    if (process != null && process.isAlive()) {
      end(process, grace);
    }
  }

  private void end(Process process, Duration grace) {
    var descendants = process.descendants().toList();
    process.destroy();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                if (!process.waitFor(grace)) {
                  ProcessNote.kill(process.toHandle());
                }
              } catch (InterruptedException e) {
                ProcessNote.kill(process.toHandle());
              }
              // With the first process of a container all others end.
              descendants.forEach(ProcessHandle::destroyForcibly);
            });
  }
}
