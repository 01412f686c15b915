package hu.mtmt.besorol.trainer.progress;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.testkit.MovingClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ProgressTrackerTest {
  private final MovingClock clock = new MovingClock();
  private final List<Progress> seen = new ArrayList<>();
  private final ProgressTracker tracker = ProgressTracker.ofTraining(clock, seen::add);

  @Test
  void stagesAddUpToTheWhole() {
    assertThat(tracker.current().percent()).isZero();
    for (var stage : Stage.values()) {
      if (stage != Stage.DONE) {
        tracker.at(stage, 1);
      }
    }
    assertThat(tracker.current().percent()).isEqualTo(99);
    tracker.done();
    assertThat(tracker.current())
        .isEqualTo(new Progress(Stage.DONE, 100, null, null, 0, null, null, null, clock.instant()));
  }

  @Test
  void neverFalls() {
    tracker.at(Stage.TRAINING, 0.5, 3, 0.25);
    int before = tracker.current().percent();
    tracker.at(Stage.TRAINING, 0.1, 1, Double.NaN);
    tracker.at(Stage.READING, 1);
    assertThat(tracker.current().percent()).isEqualTo(before);
    assertThat(tracker.current().stage()).isEqualTo(Stage.TRAINING);
    assertThat(tracker.current().loss()).isEqualTo(0.25);
  }

  @Test
  void estimatesTheRemainingTimeFromWhatIsDone() {
    assertThat(tracker.current().remainingSeconds()).isNull();
    clock.advance(Duration.ofSeconds(57));
    tracker.at(Stage.TRAINING, 0.5); // .06 + .26 + .25 = .57 are done
    assertThat(tracker.current().remainingSeconds()).isEqualTo(43);
    clock.advance(Duration.ofSeconds(10));
    assertThat(tracker.current().remainingSeconds()).isEqualTo(33);
  }

  @Test
  void oneSlowStepMovesTheEstimateOnlyAPart() {
    clock.advance(Duration.ofSeconds(57));
    tracker.at(Stage.TRAINING, 0.5);
    clock.advance(Duration.ofSeconds(57));
    tracker.at(Stage.TRAINING, 0.5);
    // From 100 to 200 seconds in all would be the estimate without smoothing.
    assertThat(tracker.current().remainingSeconds()).isEqualTo(120 - 114);
  }

  @Test
  void tellsOnlyChanges() {
    tracker.at(Stage.READING, 0.5);
    tracker.at(Stage.READING, 0.5);
    tracker.at(Stage.READING, 0.51);
    assertThat(seen).hasSize(1);
    tracker.at(Stage.FEATURES, 0);
    assertThat(seen).extracting(Progress::stage).containsExactly(Stage.READING, Stage.FEATURES);
  }

  @Test
  void manyThreadsMayTellItAndItNeverFalls() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 20; t++) {
        threads.submit(
            () -> {
              for (int i = 0; i <= 1000; i++) {
                tracker.at(Stage.TRAINING, i / 1000.0, i, 1.0 / (i + 1));
              }
            });
      }
    }
    assertThat(seen).extracting(Progress::percent).isSorted().contains(32, 57, 82);
  }
}
