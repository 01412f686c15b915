package hu.mtmt.besorol.inference;

import io.netty.channel.EventLoopGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import io.quarkus.netty.BossEventLoopGroup;
import io.quarkus.netty.MainEventLoopGroup;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * What holds for every answer, whatever its route: it names the version that is served; once the
 * connection is old or the service is to stop, it tells the client to take another connection; and
 * the process lives until it is sent.
 */
@ApplicationScoped
class Connections {
  private static final Logger LOG = Logger.getLogger(Connections.class);
  private static final String VERSION_HEADER = "Besorol-Version";
  private static final int BEFORE_ALL_ROUTES = 100;

  /** When the first request came on a connection, in nanoseconds of {@link System#nanoTime}. */
  private static final AttributeKey<Long> FIRST_REQUEST =
      AttributeKey.valueOf("besorol.first-request");

  private static final String CLASSIFY = "/v1/classify";
  private static final int FIRST_FAILURE = 500;

  /** An event loop asked to do something so much later has looked at its sockets before it does. */
  private static final long ONE_LOOK_MILLIS = 10;

  private final EventLoopGroup accepting;
  private final EventLoopGroup reading;
  private final ServedModel served;
  private final Newest newest;
  private final Duration shutdownDelay;
  private final Duration shutdownTimeout;
  private final Optional<Duration> longestAge;

  /** How many requests have been read. */
  private final AtomicLong begun = new AtomicLong();

  /** How many of them were answered or broken off. */
  private final AtomicLong ended = new AtomicLong();

  private volatile boolean draining;

  Connections(
      @BossEventLoopGroup EventLoopGroup accepting,
      @MainEventLoopGroup EventLoopGroup reading,
      ServedModel served,
      Newest newest,
      InferenceConfig config) {
    this.accepting = accepting;
    this.reading = reading;
    this.served = served;
    this.newest = newest;
    this.shutdownDelay = config.shutdownDelay();
    this.shutdownTimeout = config.shutdownTimeout();
    this.longestAge = config.connectionAge();
  }

  void register(@Observes Filters filters) {
    filters.register(this::handle, BEFORE_ALL_ROUTES);
  }

  /** Whether the service is to stop; it still answers. */
  boolean draining() {
    return draining;
  }

  /** Runs before anything is closed, and holds up the shutdown. */
  void onShutdown(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
    draining = true;
    if (served.get().isPresent()) { // otherwise nobody was ever sent here
      Thread.sleep(shutdownDelay);
    }
    if (!answeredAllWithin(shutdownTimeout)) {
      LOG.warnf("Requests are still under way after %s; they are cut off.", shutdownTimeout);
    }
  }

  /**
   * Waits for the requests under way, and for those that have come and were not read yet: of a busy
   * service these are many, and would be lost with their connections.
   */
  private boolean answeredAllWithin(Duration timeout) throws InterruptedException {
    long start = System.nanoTime();
    do { // at least one look, however short the time
      long before = begun.get();
      letLook(accepting);
      letLook(reading);
      if (begun.get() == before && ended.get() == before) {
        return true;
      }
    } while (System.nanoTime() - start < timeout.toNanos());
    return false;
  }

  /** Returns when every loop of the group has read what had come on its sockets. */
  private static void letLook(EventLoopGroup group) throws InterruptedException {
    var looks = new ArrayList<Future<?>>();
    for (var loop : group) {
      looks.add(loop.schedule(() -> {}, ONE_LOOK_MILLIS, TimeUnit.MILLISECONDS));
    }
    for (var look : looks) {
      look.await();
    }
  }

  private void handle(RoutingContext request) {
    begun.incrementAndGet();
    request.addEndHandler(end -> ended.incrementAndGet());
    if (request.request().path().startsWith(CLASSIFY)) {
      request.addEndHandler(
          ended -> newest.request(request.response().getStatusCode() >= FIRST_FAILURE));
    }
    request.addHeadersEndHandler(
        written -> {
          var response = request.response();
          served.get().ifPresent(m -> response.putHeader(VERSION_HEADER, m.version().value()));
          if (draining || isOld(request.request().connection())) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
          }
          if (response.headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true)) {
            request.addEndHandler(ended -> request.request().connection().close());
          }
        });
    request.next();
  }

  private boolean isOld(HttpConnection connection) {
    if (longestAge.isEmpty() || !(connection instanceof ConnectionBase base)) {
      return false;
    }
    var now = System.nanoTime();
    var first = base.channel().attr(FIRST_REQUEST).setIfAbsent(now);
    return first != null && now - first >= longestAge.get().toNanos();
  }
}
