package hu.mtmt.besorol.trainer.progress;

import hu.mtmt.besorol.contract.Progress;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Prints progress in the text format of Prometheus. */
final class ProgressMetrics {
  private ProgressMetrics() {}

  static String print(Progress progress) {
    var text = new StringBuilder();
    gauge(
        text,
        "besorol_job_progress_ratio",
        "Share of the work that is done.",
        progress.percent() / 100.0);
    text.append("# HELP besorol_job_stage What the job is doing: 1 for the current stage.\n");
    text.append("# TYPE besorol_job_stage gauge\n");
    for (var stage : Progress.Stage.values()) {
      text.append(
          "besorol_job_stage{stage=\"%s\"} %d\n"
              .formatted(stage.name().toLowerCase(Locale.ROOT), stage == progress.stage() ? 1 : 0));
    }
    gauge(
        text,
        "besorol_training_epoch",
        "Pass over the training documents, from 1.",
        progress.epoch());
    gauge(text, "besorol_training_loss", "Value of what is minimised.", progress.loss());
    gauge(
        text,
        "besorol_job_remaining_seconds",
        "Estimated time to the end.",
        progress.remainingSeconds());
    gauge(
        text,
        "besorol_job_heap_bytes",
        "Heap memory in use.",
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    return text.toString();
  }

  /** Leaves out what is not known. */
  private static void gauge(StringBuilder text, String name, String help, Number value) {
    if (value != null) {
      text.append(
          "# HELP %s %s\n# TYPE %s gauge\n%s %s\n".formatted(name, help, name, name, value));
    }
  }
}
