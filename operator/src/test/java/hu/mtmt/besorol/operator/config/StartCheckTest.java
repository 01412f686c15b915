package hu.mtmt.besorol.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartCheckTest {
  @ParameterizedTest
  @CsvSource({"false, 0, UP", "false, 179, UP", "false, 180, DOWN", "true, 180, UP"})
  void startThatFailedIsToldOnceNoneTakesThatLong(boolean started, int seconds, Status status) {
    var clock = new MovingClock();
    var check = new StartCheck(() -> started, clock);

    clock.now = clock.now.plusSeconds(seconds);

    assertThat(StartCheck.PATIENCE).isEqualTo(Duration.ofMinutes(3));
    assertThat(check.call().getStatus()).isEqualTo(status);
  }

  private static final class MovingClock extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }
}
