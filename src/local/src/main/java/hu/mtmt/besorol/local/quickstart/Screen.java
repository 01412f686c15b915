package hu.mtmt.besorol.local.quickstart;

import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus.ProgressStatus;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.Progress;
import java.io.PrintStream;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What the user sees. On a terminal the progress of a run is one line that changes; elsewhere it is
 * a line for every stage and every tenth of the work.
 */
final class Screen {
  private static final String ERASE_LINE = "\r\033[2K";
  private static final int BAR = 24;

  private final PrintStream out;
  private final boolean terminal;
  private boolean lineOpen;
  private Progress.Stage shownStage;
  private int shownTenth = -1;

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A line of its own. */
  void line(String text) {
    if (lineOpen) {
      out.print(ERASE_LINE);
      lineOpen = false;
    }
    out.println(text);
    out.flush();
  }

  /** A headline, with space before it. */
  void headline(String text) {
    line("");
    line(terminal ? "\033[1m" + text + "\033[0m" : text);
  }

  void table(TextTable table) {
    table.lines().forEach(this::line);
  }

  /** Shows how far a run is, as far as that has changed. */
  void progress(TrainingRun run) {
    var progress = run.getStatus() == null ? null : run.getStatus().progress();
    if (progress == null || progress.stage() == null) {
      return;
    }
    if (terminal) {
      out.print(ERASE_LINE + line(progress));
      out.flush();
      lineOpen = true;
    } else if (progress.stage() != shownStage || percent(progress) / 10 != shownTenth) {
      shownStage = progress.stage();
      shownTenth = percent(progress) / 10;
      line(line(progress));
    }
  }

  private String line(ProgressStatus progress) {
    var percent = percent(progress);
    var full = percent * BAR / 100;
    var text = new StringJoiner("  ", "  ", "");
    text.add("%-11s".formatted(name(progress.stage())));
    text.add("█".repeat(full) + "░".repeat(BAR - full));
    text.add("%3d %%".formatted(percent));
    Optional.ofNullable(progress.loss()).ifPresent(l -> text.add("loss " + l));
    progress.metrics().stream()
        .filter(m -> m.name() == Metric.STRICT_F1)
        .findFirst()
        .ifPresent(f1 -> text.add("F1 " + f1.value()));
    Optional.ofNullable(progress.remainingSeconds())
        .filter(s -> s > 0)
        .ifPresent(s -> text.add(duration(s) + " left"));
    return text.toString();
  }

  private static int percent(ProgressStatus progress) {
    return Objects.requireNonNullElse(progress.percent(), 0);
  }

  private static String name(Progress.Stage stage) {
    var name = stage.name();
    return name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT);
  }

  static String duration(long seconds) {
    return seconds < 100 ? seconds + " s" : "%d:%02d min".formatted(seconds / 60, seconds % 60);
  }
}
