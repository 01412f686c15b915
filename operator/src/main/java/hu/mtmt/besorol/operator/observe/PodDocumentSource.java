package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractDocument;
import hu.mtmt.besorol.contract.ContractJson;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Documents that pods tell over HTTP, asked for at a fixed interval while the source is running,
 * and never in the thread of a reconciliation.
 *
 * @param <D> what a pod tells
 * @param <P> whose pods they are
 */
abstract class PodDocumentSource<D extends ContractDocument, P extends HasMetadata>
    extends AbstractEventSource<D, P> {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int MAXIMUM_LENGTH = 512 * 1024;

  /** Of a pod of ours, and of the same container in a pod of Knative. */
  private static final Set<String> PORT_NAMES = Set.of("http", "user-port");

  private final Class<D> type;
  private final Duration interval;
  private HttpClient http;
  private ScheduledExecutorService rounds;

  /**
   * @param name of the source, and of its thread
   * @param interval between two rounds, and before the first
   */
  PodDocumentSource(Class<D> type, String name, Duration interval) {
    super(type, name);
    this.type = type;
    this.interval = interval;
  }

  /** Asks all pods, without waiting for an answer. */
  abstract void round();

  /** Asks no pod any more. */
  abstract void forgetAll();

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
    rounds =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name()).factory());
    rounds.scheduleWithFixedDelay(
        this::round, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    super.start();
  }

  @Override
  public synchronized void stop() {
    if (!isRunning()) {
      return;
    }
    super.stop();
    rounds.shutdownNow();
    http.shutdownNow();
    forgetAll();
  }

  /** Where a pod tells what it tells by that route; empty if it has no address yet. */
  static Optional<URI> address(Pod pod, String route) {
    if (pod.getStatus() == null || pod.getStatus().getPodIP() == null) {
      return Optional.empty();
    }
    var ip = pod.getStatus().getPodIP();
    var host = ip.contains(":") ? "[" + ip + "]" : ip;
    return pod.getSpec().getContainers().stream()
        .flatMap(c -> c.getPorts().stream())
        .filter(p -> p.getName() != null && PORT_NAMES.contains(p.getName()))
        .findFirst()
        .map(p -> URI.create("http://%s:%d%s".formatted(host, p.getContainerPort(), route)));
  }

  /** What is told there. */
  CompletableFuture<D> ask(URI address) {
    return http.sendAsync(
            HttpRequest.newBuilder(address).timeout(TIMEOUT).build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MAXIMUM_LENGTH))
        .thenApply(answer -> read(answer, address));
  }

  private D read(HttpResponse<byte[]> answer, URI address) {
    if (answer.statusCode() != 200) {
      throw BesorolException.plan(address + " answers " + answer.statusCode());
    }
    return ContractJson.read(answer.body(), type, address.toString());
  }
}
