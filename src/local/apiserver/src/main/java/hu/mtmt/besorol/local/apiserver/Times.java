package hu.mtmt.besorol.local.apiserver;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as Kubernetes writes them. */
final class Times {
  private Times() {}

  /** Now, in whole seconds: 2026-01-01T00:00:00Z. */
  static String seconds(Clock clock) {
    return seconds(clock.instant());
  }

  static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
