package hu.mtmt.besorol.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterClockTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.900Z");

  private final ClusterClock clock = new ClusterClock(Clock.fixed(NOW, ZoneOffset.UTC));

  @ParameterizedTest
  @CsvSource({
    "2026-01-01T12:00:00Z, 2026-01-01T12:00:00.900Z",
    "2026-01-01T11:59:58Z, 2026-01-01T12:00:00.900Z",
    "2026-01-01T13:00:00Z, 2026-01-01T13:00:00Z",
    "2026-01-01T11:00:00Z, 2026-01-01T11:00:00Z"
  })
  void showsTheTimeOfTheApiServer(Instant told, Instant shown) {
    clock.tell(NOW, told);
    assertThat(clock.instant()).isEqualTo(shown);
  }

  @Test
  void whatTheHeaderRoundsMovesNothing() {
    clock.tell(NOW, NOW.plus(Duration.ofHours(1)));
    clock.tell(NOW, NOW.plus(Duration.ofHours(1)).minusSeconds(2));
    assertThat(clock.instant()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    clock.tell(NOW, NOW);
    assertThat(clock.instant()).as("the clock was set right").isEqualTo(NOW);
  }

  @Test
  void anAnswerThatWasLongOnItsWayMovesNothing() {
    clock.tell(NOW.minusSeconds(40), NOW.minusSeconds(30));
    assertThat(clock.instant()).isEqualTo(NOW);
  }

  @Test
  void anAnswerThatWasLongOnItsWayTellsWhatIsCertain() {
    clock.tell(NOW.minusSeconds(40), NOW.minusSeconds(100));
    assertThat(clock.instant()).as("behind by 60 s at least").isEqualTo(NOW.minusSeconds(60));
  }
}
