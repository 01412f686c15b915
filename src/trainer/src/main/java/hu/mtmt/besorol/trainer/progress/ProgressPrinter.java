package hu.mtmt.besorol.trainer.progress;

import hu.mtmt.besorol.contract.Progress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Shows people how far a job is: on a terminal a bar that moves, elsewhere a line for every stage
 * and every ten percent.
 */
public final class ProgressPrinter implements Consumer<Progress>, AutoCloseable {
  private static final int BAR = 30;

  private final PrintStream out;
  private final boolean terminal;
  private Progress.Stage lastStage;
  private int lastTens = -1;
  private boolean onBar;

  /**
   * @param out where to
   * @param terminal whether {@code out} is one, so that a line can be written over
   */
  public ProgressPrinter(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Shows nothing. */
  public static Consumer<Progress> quiet() {
    return progress -> {};
  }

  @Override
  public synchronized void accept(Progress progress) {
    if (progress.stage() == Progress.Stage.DONE) {
      close();
    } else if (terminal) {
      int done = progress.percent() * BAR / 100;
      out.print("\r\033[K" + "█".repeat(done) + "░".repeat(BAR - done) + " " + text(progress));
      out.flush();
      onBar = true;
    } else if (progress.stage() != lastStage || progress.percent() / 10 != lastTens) {
      lastStage = progress.stage();
      lastTens = progress.percent() / 10;
      out.println(text(progress));
    }
  }

  private static String text(Progress progress) {
    var text = new StringBuilder();
    text.append("%3d %%  %s".formatted(progress.percent(), stage(progress.stage())));
    if (progress.epoch() != null && progress.stage() == Progress.Stage.TRAINING) {
      text.append(", epoch %d".formatted(progress.epoch()));
    }
    if (progress.loss() != null && progress.stage() == Progress.Stage.TRAINING) {
      text.append(String.format(Locale.ROOT, ", loss %.4g", progress.loss()));
    }
    if (progress.remainingSeconds() != null && progress.remainingSeconds() > 0) {
      text.append(", %s left".formatted(duration(progress.remainingSeconds())));
    }
    return text.toString();
  }

  private static String stage(Progress.Stage stage) {
    return switch (stage) {
      case READING -> "reading";
      case FEATURES -> "features";
      case TRAINING -> "training";
      case CALIBRATING -> "calibrating";
      case PACKAGING -> "packaging";
      case EVALUATING -> "evaluating";
      case DONE -> "done";
    };
  }

  private static String duration(int seconds) {
    return seconds < 60 ? seconds + " s" : "%d min %02d s".formatted(seconds / 60, seconds % 60);
  }

  /** Prints a line beside the bar. */
  public synchronized void line(String line) {
    if (onBar) {
      out.print("\r\033[K");
    }
    out.println(line);
  }

  /** Takes the bar away. */
  @Override
  public synchronized void close() {
    if (onBar) {
      out.print("\r\033[K");
      out.flush();
      onBar = false;
    }
  }
}
