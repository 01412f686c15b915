package hu.mtmt.besorol.operator.event;

import hu.mtmt.besorol.contract.Digest;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events. The same event about the same object is one object with a count, also after the
 * operator was restarted: its name follows from what it says. Nobody waits for an event: they are
 * written one after the other beside everything else, and one that cannot be written is logged.
 */
public final class EventPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
  private static final String COMPONENT = "besorol-operator";
  private static final int MAXIMUM_LENGTH = 1024;
  private static final int HASH_LENGTH = 16;

  /** More events than these are not worth the memory. */
  private static final int WAITING = 10_000;

  private final KubernetesClient client;
  private final Clock clock;
  private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(WAITING);
  private final Executor writer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          waiting,
          Thread.ofPlatform().daemon().name("events").factory(),
          (event, full) -> LOG.warn("{} events wait to be written: one is dropped.", WAITING));

  public EventPublisher(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Writes, some time soon, what happened to {@code about}. */
  public void publish(HasMetadata about, Happening happening) {
    var event = event(about, happening);
    writer.execute(() -> write(event));
  }

  /** How many are not written yet. */
  public int waiting() {
    return waiting.size();
  }

  private void write(Event event) {
    try {
      client.v1().events().inNamespace(event.getMetadata().getNamespace()).resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        count(event);
      } else {
        LOG.warn("The event '{}' cannot be written: {}", event.getMessage(), e.getMessage());
      }
    }
  }

  private void count(Event event) {
    try {
      var events = client.v1().events().inNamespace(event.getMetadata().getNamespace());
      var existing = events.withName(event.getMetadata().getName()).get();
      if (existing != null) {
        events
            .withName(event.getMetadata().getName())
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"count\":%d,\"lastTimestamp\":\"%s\"}"
                    .formatted(
                        (existing.getCount() == null ? 1 : existing.getCount()) + 1,
                        event.getLastTimestamp()));
      }
    } catch (KubernetesClientException e) {
      LOG.warn("The event '{}' cannot be counted: {}", event.getMessage(), e.getMessage());
    }
  }

  private Event event(HasMetadata about, Happening happening) {
    var message = shortened(happening.message());
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    var hash =
        Digest.of(
                "%s\n%s\n%s"
                    .formatted(about.getMetadata().getUid(), happening.reason(), message)
                    .getBytes(StandardCharsets.UTF_8))
            .hex()
            .substring(0, HASH_LENGTH);
    return new EventBuilder()
        .withNewMetadata()
        .withName(about.getMetadata().getName() + "." + hash)
        .withNamespace(about.getMetadata().getNamespace())
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withName(about.getMetadata().getName())
        .withNamespace(about.getMetadata().getNamespace())
        .withUid(about.getMetadata().getUid())
        .endInvolvedObject()
        .withType(happening.warning() ? "Warning" : "Normal")
        .withReason(happening.reason())
        .withMessage(message)
        .withNewSource()
        .withComponent(COMPONENT)
        .endSource()
        .withReportingComponent(COMPONENT)
        .withReportingInstance(COMPONENT)
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .build();
  }

  private static String shortened(String message) {
    return message.length() <= MAXIMUM_LENGTH
        ? message
        : message.substring(0, MAXIMUM_LENGTH - 1) + "…";
  }
}
