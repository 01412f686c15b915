package hu.mtmt.besorol.inference;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntSupplier;

/** What the service counts, beside the requests that Quarkus counts ({@code http_server_*}). */
@ApplicationScoped
public class Meters {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofSeconds(1)
  };

  private final MeterRegistry registry;
  private final Counter suggestions;
  private final Counter refused;
  private final Timer documents;

  Meters(MeterRegistry registry) {
    this.registry = registry;
    this.documents =
        Timer.builder("besorol.document")
            .description("Time to answer one document")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    this.suggestions =
        Counter.builder("besorol.suggestions")
            .description("Subjects that were suggested")
            .register(registry);
    this.refused =
        Counter.builder("besorol.documents.refused")
            .description("Lines of streams that were no valid document")
            .register(registry);
  }

  /** Gives the times of requests, which Quarkus measures by route and status, the same buckets. */
  @Produces
  @Singleton
  static MeterFilter requestBuckets() {
    var bounds = Arrays.stream(BUCKETS).mapToDouble(Duration::toNanos).toArray();
    return new MeterFilter() {
      @Override
      public DistributionStatisticConfig configure(
          Meter.Id id, DistributionStatisticConfig config) {
        return id.getName().equals("http.server.requests")
            ? DistributionStatisticConfig.builder()
                .serviceLevelObjectives(bounds)
                .build()
                .merge(config)
            : config;
      }
    };
  }

  /** A document was answered. */
  public void answered(long nanos, int suggested) {
    documents.record(Duration.ofNanos(nanos));
    suggestions.increment(suggested);
  }

  /** A line of a stream was no valid document. */
  public void refusedLine() {
    refused.increment();
  }

  /** Watches how many requests of a route are under way. */
  public void inFlight(String route, IntSupplier requests) {
    Gauge.builder("besorol.requests.in.flight", requests, IntSupplier::getAsInt)
        .description("Requests under way")
        .tag("route", route)
        .strongReference(true)
        .register(registry);
  }

  /** Says which version is served. */
  void describe(Model model) {
    var manifest = model.modelPackage().manifest();
    Gauge.builder("besorol.model", () -> 1)
        .description("The version that is served; the value is always 1")
        .tag("version", model.version().value())
        .tag("algorithm", manifest.algorithm().type().written())
        .register(registry);
  }
}
