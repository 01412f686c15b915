package hu.mtmt.besorol.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.testkit.MovingClock;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartCheckTest {
  @ParameterizedTest
  @CsvSource({"false, 0, UP", "false, 179, UP", "false, 180, DOWN", "true, 180, UP"})
  void startThatFailedIsToldOnceNoneTakesThatLong(boolean started, int seconds, Status status) {
    var clock = new MovingClock();
    var check = new StartCheck(() -> started, clock);

    clock.advance(Duration.ofSeconds(seconds));

    assertThat(StartCheck.PATIENCE).isEqualTo(Duration.ofMinutes(3));
    assertThat(check.call().getStatus()).isEqualTo(status);
  }
}
