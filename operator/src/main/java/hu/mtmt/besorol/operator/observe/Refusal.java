package hu.mtmt.besorol.operator.observe;

import static java.util.Comparator.comparing;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * That pods of a Job are not made, as the cluster does not allow them: a quota of the namespace is
 * used up, or a policy is against it. The Job controller tries again and again and tells of it in
 * events alone.
 *
 * @param since when it was refused first, since then every time
 * @param why in the words of whoever refused it
 */
public record Refusal(Instant since, String why) {
  /** The reason in a run's status. */
  static final String REASON = "PodsRefused";

  /** The reason of events that tell of it. */
  public static final String FAILED_CREATE = "FailedCreate";

  /** The name of the pod is another each time. */
  private static final Pattern TOLD =
      Pattern.compile("Error creating: (?:pods \"[^\"]*\" is forbidden: )?(.*)", Pattern.DOTALL);

  private static final int LONGEST = 512;

  /** Asks whether pods of that Job are refused now. */
  public static Optional<Refusal> ask(KubernetesClient client, Job job) {
    return of(
        client
            .v1()
            .events()
            .inNamespace(job.getMetadata().getNamespace())
            .withField("involvedObject.uid", job.getMetadata().getUid())
            .list()
            .getItems());
  }

  /**
   * What the events of a Job tell. Which is the newest is by the Job controller's clock; since when
   * it is refused is by the API server's, as all that is waited for.
   */
  static Optional<Refusal> of(Collection<Event> events) {
    Predicate<Event> refused = e -> FAILED_CREATE.equals(e.getReason());
    var other = events.stream().filter(refused.negate()).map(Refusal::time).max(naturalOrder());
    var last =
        events.stream()
            .filter(refused)
            .filter(e -> other.isEmpty() || !time(e).isBefore(other.get()))
            .toList();
    return last.stream()
        .max(comparing(Refusal::time).thenComparing(e -> e.getMetadata().getName()))
        .map(
            newest ->
                new Refusal(
                    last.stream().map(Refusal::created).min(naturalOrder()).orElseThrow(),
                    why(newest.getMessage())));
  }

  /** The same as what keeps the pods from running. */
  PodFailure obstacle() {
    return new PodFailure(
        REASON,
        "The cluster does not let the pod be made: %s. It is made once there is room, or what is against it is changed."
            .formatted(why),
        null,
        null);
  }

  private static String why(String message) {
    var told = message == null ? "it did not say why" : message;
    var matcher = TOLD.matcher(told);
    var words = matcher.find() ? matcher.group(1) : told;
    return PodFailure.withoutFullStop(
        words.length() > LONGEST ? words.substring(0, LONGEST) + "…" : words);
  }

  private static Instant time(Event event) {
    return Stream.of(
            event.getLastTimestamp(),
            event.getEventTime() == null ? null : event.getEventTime().getTime(),
            event.getFirstTimestamp())
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .findFirst()
        .orElseGet(() -> created(event));
  }

  private static Instant created(Event event) {
    return Instant.parse(event.getMetadata().getCreationTimestamp());
  }

  private static Comparator<Instant> naturalOrder() {
    return Comparator.naturalOrder();
  }
}
