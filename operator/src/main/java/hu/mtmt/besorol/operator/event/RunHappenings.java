package hu.mtmt.besorol.operator.event;

import hu.mtmt.besorol.api.TrainingRunStatus;
import java.util.ArrayList;
import java.util.List;

/** What happened to a run between two statuses. */
public final class RunHappenings {
  private RunHappenings() {}

  /** The events of the change from {@code before} to {@code after}. */
  public static List<Happening> between(TrainingRunStatus before, TrainingRunStatus after) {
    var happenings = new ArrayList<Happening>();
    if (after.lastFailure() != null && !after.lastFailure().equals(before.lastFailure())) {
      happenings.add(
          Happening.warning(after.lastFailure().reason(), after.lastFailure().message()));
    }
    if (preemptions(after) > preemptions(before)) {
      happenings.add(
          Happening.warning(
              "Preempted",
              "The run made room for another of a higher priority; so far %d min of machines are lost."
                  .formatted(after.queue().lostMinutes())));
    }
    if (takenBack(after) > takenBack(before)) {
      happenings.add(Happening.warning("TakenBack", after.queue().takenBack().reason()));
    }
    Happening.readyChanged(before.conditions(), after.conditions()).ifPresent(happenings::add);
    return happenings;
  }

  private static int takenBack(TrainingRunStatus status) {
    return status.queue() == null || status.queue().takenBack() == null
        ? 0
        : status.queue().takenBack().times();
  }

  private static int preemptions(TrainingRunStatus status) {
    return status.queue() == null || status.queue().preemptions() == null
        ? 0
        : status.queue().preemptions();
  }
}
