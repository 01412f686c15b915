package hu.mtmt.besorol.trainer.progress;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.testkit.MovingClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepsTest {
  private final MovingClock clock = new MovingClock();
  private final List<Progress> told = new ArrayList<>();
  private final Steps steps = new Steps(clock, told::add);

  private Progress at(Stage stage, int percent) {
    return new Progress(stage, percent, null, null, null, Map.of(), null, null, clock.instant());
  }

  @Test
  void tellsOfAllStepsAsOfOne() {
    steps.step(0, .25).accept(at(Stage.TRAINING, 40));
    steps.step(0, .25).accept(at(Stage.DONE, 100));
    steps.step(.25, .75).accept(at(Stage.READING, 0));
    steps.step(.25, .75).accept(at(Stage.EVALUATING, 99));

    assertThat(told).extracting(Progress::percent).containsExactly(10, 25, 99);
    assertThat(told)
        .extracting(Progress::stage)
        .containsExactly(Stage.TRAINING, Stage.READING, Stage.EVALUATING);
  }

  @Test
  void doesNotTakeWhatWasFinishedBeforeForFast() {
    steps.step(0, .5).accept(at(Stage.DONE, 100));
    var step = steps.step(.5, .5);
    step.accept(at(Stage.READING, 0));
    clock.advance(Duration.ofSeconds(10));
    step.accept(at(Stage.TRAINING, 50));

    assertThat(told.getFirst().remainingSeconds()).isNull();
    assertThat(told.getLast().remainingSeconds()).isEqualTo(10);
  }
}
