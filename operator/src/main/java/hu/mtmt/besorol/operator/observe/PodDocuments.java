package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractDocument;
import hu.mtmt.besorol.contract.ContractJson;
import io.fabric8.kubernetes.api.model.Pod;
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
 * Documents that pods tell over HTTP, asked for at a fixed interval without waiting for the answer.
 */
final class PodDocuments implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int MAXIMUM_LENGTH = 512 * 1024;

  /** Of a pod of ours, and of the same container in a pod of Knative. */
  private static final Set<String> PORT_NAMES = Set.of("http", "user-port");

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  private final ScheduledExecutorService clock;

  /**
   * Begins.
   *
   * @param name of the thread
   * @param interval between two rounds, and before the first
   * @param round asks all pods
   */
  PodDocuments(String name, Duration interval, Runnable round) {
    clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
    clock.scheduleWithFixedDelay(
        round, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
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
  <T extends ContractDocument> CompletableFuture<T> ask(URI address, Class<T> type) {
    return http.sendAsync(
            HttpRequest.newBuilder(address).timeout(TIMEOUT).build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MAXIMUM_LENGTH))
        .thenApply(answer -> read(answer, address, type));
  }

  private static <T extends ContractDocument> T read(
      HttpResponse<byte[]> answer, URI address, Class<T> type) {
    if (answer.statusCode() != 200) {
      throw BesorolException.plan(address + " answers " + answer.statusCode());
    }
    return ContractJson.read(answer.body(), type, address.toString());
  }

  @Override
  public void close() {
    clock.shutdownNow();
    http.shutdownNow();
  }
}
