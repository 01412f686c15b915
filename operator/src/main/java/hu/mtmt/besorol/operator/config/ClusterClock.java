package hu.mtmt.besorol.operator.config;

import io.fabric8.kubernetes.client.http.AsyncBody;
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
import java.time.format.DateTimeFormatter;
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
  /** Headers have whole seconds and may be late: less than that is no difference of clocks. */
  private static final Duration PRECISION = Duration.ofSeconds(10);

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
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    var told = response.header("Date");
    if (told == null) {
      return;
    }
    try {
      tell(ZonedDateTime.parse(told, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      // not a time: what was told before holds
    }
  }

  /** The API server's time is that now. */
  void tell(Instant time) {
    var now = own.instant();
    if (Duration.between(now.plus(ahead), time).abs().compareTo(PRECISION) > 0) {
      ahead = Duration.between(now, time);
      LOG.warn(
          "The API server's clock differs from this machine's by {} and is gone by; set them right,"
              + " as the lease of the leader is compared with this machine's.",
          ahead);
    }
  }
}
