package hu.mtmt.besorol.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Asks an inference service at a steady rate to classify a document, whatever it answers. */
public final class SteadyClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How long a patient client waits before it repeats a request; each time twice as long. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  private static final int REPETITIONS = 5;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
  private final Map<String, Instant> newest = new ConcurrentHashMap<>();
  private final LongAdder repeated = new LongAdder();
  private final int repetitions;
  private final HttpRequest request;

  private SteadyClient(String url, byte[] document, int repetitions) {
    this.repetitions = repetitions;
    this.request =
        HttpRequest.newBuilder(URI.create(url).resolve("/v1/classify"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofByteArray(document))
            .build();
  }

  /**
   * Starts to ask.
   *
   * @param url the address of the service
   * @param document as JSON
   * @param perSecond how often
   */
  public static SteadyClient start(String url, byte[] document, int perSecond) {
    return new SteadyClient(url, document, 0).start(perSecond);
  }

  /**
   * Starts one that repeats a request to which no answer came, as its connection was refused or
   * broken, or one that says {@code Retry-After}: a few times, for some seconds.
   */
  public static SteadyClient startPatient(String url, byte[] document, int perSecond) {
    return new SteadyClient(url, document, REPETITIONS).start(perSecond);
  }

  private SteadyClient start(int perSecond) {
    clock.scheduleAtFixedRate(
        () -> ask(0), 0, TimeUnit.SECONDS.toMicros(1) / perSecond, TimeUnit.MICROSECONDS);
    return this;
  }

  /**
   * Asks once.
   *
   * @param before how often that was asked already
   */
  private void ask(int before) {
    http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
        .whenComplete(
            (response, thrown) -> {
              var again =
                  thrown != null || response.headers().firstValue("Retry-After").isPresent();
              if (!again || before == repetitions) {
                note(response, thrown);
              } else {
                repeated.increment();
                CompletableFuture.delayedExecutor(PAUSE.toMillis() << before, TimeUnit.MILLISECONDS)
                    .execute(() -> ask(before + 1));
              }
            });
  }

  private void note(HttpResponse<byte[]> response, Throwable thrown) {
    if (thrown != null) {
      failures.add(Instant.now() + " " + thrown);
      return;
    }
    try {
      var body = new String(response.body(), StandardCharsets.UTF_8);
      var header = response.headers().firstValue("Besorol-Version").orElse("none");
      if (response.statusCode() != 200) {
        failures.add(response.statusCode() + " " + body);
      } else if (!header.equals(JSON.readTree(body).path("version").asText())) {
        failures.add("header %s, body %s".formatted(header, body));
      } else {
        answers.computeIfAbsent(header, v -> new LongAdder()).increment();
        newest.put(header, Instant.now());
      }
    } catch (IOException e) {
      failures.add(e.toString());
    }
  }

  /** Every request that was not answered as it should, in words. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** How often a request was repeated. */
  public long repeated() {
    return repeated.sum();
  }

  /** How many requests were answered as they should. */
  public long answers() {
    return answers.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** The versions that have answered. */
  public Set<String> versions() {
    return answers.keySet();
  }

  /** How many answers that version has given. */
  public int answersOf(String version) {
    return answers.getOrDefault(version, new LongAdder()).intValue();
  }

  /** When that version, which must have answered, gave its newest answer. */
  public Instant lastAnswerOf(String version) {
    return newest.get(version);
  }

  /** Waits until that version has given so many answers. */
  public void awaitAnswersOf(String version, int count) throws InterruptedException {
    var end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (answersOf(version) < count) {
      if (System.nanoTime() > end) {
        throw new AssertionError("%s gives no answers; failures: %s".formatted(version, failures));
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    http.shutdownNow();
  }
}
