package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Progress;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The progress of running pods, asked for at a fixed interval and never in the thread of a
 * reconciliation. A pod that does not answer is asked again at the next interval: progress is
 * shown, nothing depends on it.
 */
public final class ProgressSource extends AbstractEventSource<Progress, TrainingRun> {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressSource.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int MAXIMUM_LENGTH = 64 * 1024;
  private static final String PORT_NAME = "http";

  private final Duration interval;
  private final Map<ResourceID, Followed> followed = new ConcurrentHashMap<>();
  private HttpClient http;
  private ScheduledExecutorService clock;

  /**
   * @param interval between two questions
   */
  public ProgressSource(Duration interval) {
    super(Progress.class, "progress");
    this.interval = interval;
  }

  /** A pod that is asked, and what it answered last. */
  private record Followed(String podUid, URI address, Optional<Progress> newest) {
    Followed with(Progress progress) {
      return new Followed(podUid, address, Optional.of(progress));
    }
  }

  /**
   * Asks that pod from now on; another pod of the run is not asked any more.
   *
   * @return what the pod answered last
   */
  public Optional<Progress> follow(TrainingRun run, Pod pod) {
    var address = address(pod);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    return followed
        .compute(
            ResourceID.fromResource(run),
            (id, now) ->
                now != null && now.podUid().equals(pod.getMetadata().getUid())
                    ? now
                    : new Followed(pod.getMetadata().getUid(), address.get(), Optional.empty()))
        .newest();
  }

  /** Asks no pod of that run any more. */
  public void forget(TrainingRun run) {
    followed.remove(ResourceID.fromResource(run));
  }

  @Override
  public Set<Progress> getSecondaryResources(TrainingRun run) {
    return Optional.ofNullable(followed.get(ResourceID.fromResource(run)))
        .flatMap(Followed::newest)
        .map(Set::of)
        .orElseGet(Set::of);
  }

  @Override
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    http =
        HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());
    clock.scheduleWithFixedDelay(
        () -> followed.forEach(this::ask),
        interval.toMillis(),
        interval.toMillis(),
        TimeUnit.MILLISECONDS);
    super.start();
  }

  @Override
  public synchronized void stop() {
    if (!isRunning()) {
      return;
    }
    super.stop();
    clock.shutdownNow();
    http.shutdownNow();
    followed.clear();
  }

  private void ask(ResourceID run, Followed asked) {
    http.sendAsync(
            HttpRequest.newBuilder(asked.address()).timeout(TIMEOUT).build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MAXIMUM_LENGTH))
        .thenApply(answer -> progress(answer, asked.address()))
        .whenComplete(
            (progress, problem) -> {
              if (problem != null) {
                LOG.debug("{} does not tell its progress: {}", asked.address(), problem.toString());
              } else {
                remember(run, asked, progress);
              }
            });
  }

  private static Progress progress(HttpResponse<byte[]> answer, URI address) {
    if (answer.statusCode() != 200) {
      throw BesorolException.plan(address + " answers " + answer.statusCode());
    }
    return ContractJson.read(answer.body(), Progress.class, address.toString());
  }

  private void remember(ResourceID run, Followed asked, Progress progress) {
    var changed = followed.replace(run, asked, asked.with(progress));
    if (changed && !asked.newest().equals(Optional.of(progress)) && isRunning()) {
      getEventHandler().handleEvent(new Event(run));
    }
  }

  private static Optional<URI> address(Pod pod) {
    if (pod.getStatus() == null || pod.getStatus().getPodIP() == null) {
      return Optional.empty();
    }
    var ip = pod.getStatus().getPodIP();
    var host = ip.contains(":") ? "[" + ip + "]" : ip;
    return pod.getSpec().getContainers().stream()
        .flatMap(c -> c.getPorts().stream())
        .filter(p -> PORT_NAME.equals(p.getName()))
        .findFirst()
        .map(
            p ->
                URI.create("http://%s:%d%s".formatted(host, p.getContainerPort(), Progress.ROUTE)));
  }
}
