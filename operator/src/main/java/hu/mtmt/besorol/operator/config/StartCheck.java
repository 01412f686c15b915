package hu.mtmt.besorol.operator.config;

import io.javaoperatorsdk.operator.Operator;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Whether the operator has started, or may still do so: the framework does not try again if the API
 * server did not answer in time, so the process has to be started again.
 */
@Liveness
@Singleton
class StartCheck implements HealthCheck {
  /** Longer than any start takes. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private final BooleanSupplier started;
  private final Clock clock;
  private final Instant since;

  /** The cluster's time may be another, and is known only when something has been asked. */
  @Inject
  StartCheck(Operator operator) {
    this(() -> operator.getRuntimeInfo().isStarted(), Clock.systemUTC());
  }

  StartCheck(BooleanSupplier started, Clock clock) {
    this.started = started;
    this.clock = clock;
    this.since = clock.instant();
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("start")
        .status(started.getAsBoolean() || clock.instant().isBefore(since.plus(PATIENCE)))
        .build();
  }
}
