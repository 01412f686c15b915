package hu.mtmt.besorol.trainer.progress;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressPrinterTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private static Progress progress(Stage stage, int percent) {
    return new Progress(stage, percent, 2, 0.123456, 75, null, null, null, Instant.EPOCH);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsALineForEveryStageAndEveryTenPercent() {
    try (var printer = new ProgressPrinter(out, false)) {
      for (int percent = 30; percent < 55; percent++) {
        printer.accept(progress(Stage.TRAINING, percent));
      }
      printer.accept(progress(Stage.CALIBRATING, 55));
    }
    assertThat(printed().lines())
        .containsExactly(
            " 30 %  training, epoch 2, loss 0.1235, 1 min 15 s left",
            " 40 %  training, epoch 2, loss 0.1235, 1 min 15 s left",
            " 50 %  training, epoch 2, loss 0.1235, 1 min 15 s left",
            " 55 %  calibrating, 1 min 15 s left");
  }

  @Test
  void writesOverItsBarOnATerminalAndTakesItAway() {
    var printer = new ProgressPrinter(out, true);
    printer.accept(progress(Stage.TRAINING, 50));
    assertThat(printed())
        .startsWith("\r\033[K" + "█".repeat(15) + "░".repeat(15) + "  50 %  training");
    printer.line("a note");
    assertThat(printed()).endsWith("\r\033[Ka note" + System.lineSeparator());
    printer.accept(progress(Stage.DONE, 100));
    assertThat(printed()).endsWith("\r\033[K");
  }
}
