package hu.mtmt.besorol.operator.config;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of the API server, as the headers of its answers tell it. What waits in the cluster
 * waits since a time that the API server wrote, so the operator must not hold that against the
 * clock of the node on which it happens to run: that may be an hour off, and another replica's may
 * be off the other way.
 */
public final class ClusterClock extends Clock implements Interceptor {
  /** Headers have whole seconds: less than that is no difference of clocks. */
  private static final Duration PRECISION = Duration.ofSeconds(10);

  /** When a request was sent: it is another object, with another id, when its answer comes. */
  private static final String ASKED = "Besorol-Asked";

  private static final Logger LOG = LoggerFactory.getLogger(ClusterClock.class);

  private final Clock own;
  private volatile Duration ahead = Duration.ZERO;

  /**
   * @param own the clock of this machine
   */
  public ClusterClock(Clock own) {
    this.own = own;
  }

  @Override
  public Instant instant() {
    return own.instant().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return own.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.offset(own.withZone(zone), ahead);
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    builder.setHeader(ASKED, own.instant().toString());
  }

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    var asked = request.header(ASKED);
    var told = response.header("Date");
    if (asked == null || told == null) {
      return;
    }
    try {
      tell(Instant.parse(asked), ZonedDateTime.parse(told, RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      // not a time: what was told before holds
    }
  }

  /**
   * The API server's time was that some time between then and now: an answer may have been long on
   * its way (Cristian 1989, "Probabilistic clock synchronization", section 3).
   *
   * @param asked when it was asked, by this machine's clock
   */
  void tell(Instant asked, Instant time) {
    var least = Duration.between(own.instant(), time);
    var most = Duration.between(asked, time);
    if (least.minus(ahead).compareTo(PRECISION) > 0) {
      set(least);
    } else if (ahead.minus(most).compareTo(PRECISION) > 0) {
      set(most);
    }
  }

  private void set(Duration ahead) {
    this.ahead = ahead;
    LOG.warn(
        "The API server's clock differs from this machine's by {} and is gone by; set them right,"
            + " as the lease of the leader is compared with this machine's.",
        ahead);
  }
}
