package hu.mtmt.besorol.operator.status;

import hu.mtmt.besorol.api.JudgementStatus.Figure;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.ProgressStatus;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.evaluation.gates.Gates;
import hu.mtmt.besorol.operator.observe.RunObservation;
import java.util.Locale;

/** What a run's status says of how far it is. */
final class ProgressStatuses {
  private ProgressStatuses() {}

  /** How far the run is. */
  static ProgressStatus next(RunState.Kind kind, RunObservation seen, TrainingRunStatus previous) {
    var told = seen.progress().map(ProgressStatuses::progress).orElse(previous.progress());
    if (kind == RunState.Kind.COMPLETE) {
      return new ProgressStatus(
          Progress.Stage.DONE,
          100,
          told == null ? null : told.epoch(),
          told == null ? null : told.loss(),
          null,
          told == null ? null : told.metrics(),
          null,
          told == null ? null : told.lastUpdatedTime());
    }
    // Another time alone is no progress: it would be a write for nothing.
    return previous.progress() != null && sameButTime(told, previous.progress())
        ? previous.progress()
        : told;
  }

  private static boolean sameButTime(ProgressStatus a, ProgressStatus b) {
    return withoutTime(a).equals(withoutTime(b));
  }

  private static ProgressStatus withoutTime(ProgressStatus p) {
    return new ProgressStatus(
        p.stage(),
        p.percent(),
        p.epoch(),
        p.loss(),
        p.remainingSeconds(),
        p.metrics(),
        p.checkpointTime(),
        null);
  }

  private static ProgressStatus progress(Progress p) {
    return new ProgressStatus(
        p.stage(),
        p.percent(),
        p.epoch(),
        p.loss() == null ? null : String.format(Locale.ROOT, "%.4g", p.loss()),
        p.remainingSeconds(),
        p.metrics().entrySet().stream()
            .map(e -> new Figure(e.getKey(), Gates.print(e.getKey(), e.getValue())))
            .toList(),
        p.checkpointTime() == null ? null : TrainingRunStatuses.seconds(p.checkpointTime()),
        p.lastUpdatedTime() == null ? null : TrainingRunStatuses.seconds(p.lastUpdatedTime()));
  }
}
