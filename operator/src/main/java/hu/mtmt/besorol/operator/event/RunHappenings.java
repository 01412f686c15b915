package hu.mtmt.besorol.operator.event;

import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.operator.status.ConditionSet;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What happened to a run between two statuses. */
public final class RunHappenings {
  private RunHappenings() {}

  /** The events of the change from {@code before} to {@code after}. */
  public static List<Happening> between(TrainingRunStatus before, TrainingRunStatus after) {
    var happenings = new ArrayList<Happening>();
    if (before.jobName() == null && after.jobName() != null) {
      happenings.add(
          Happening.normal("JobCreated", "Job %s was created.".formatted(after.jobName())));
    }
    if (after.lastFailure() != null && !after.lastFailure().equals(before.lastFailure())) {
      happenings.add(
          Happening.warning(after.lastFailure().reason(), after.lastFailure().message()));
    }
    var was = reason(before);
    ready(after)
        .filter(c -> !Objects.equals(was, c.getReason()))
        .ifPresent(
            c ->
                happenings.add(
                    new Happening(
                        ConditionSet.isTrue(after.conditions(), Type.STALLED),
                        c.getReason(),
                        c.getMessage())));
    return happenings;
  }

  private static String reason(TrainingRunStatus status) {
    return ready(status).map(Condition::getReason).orElse(null);
  }

  private static Optional<Condition> ready(TrainingRunStatus status) {
    return ConditionSet.find(status.conditions(), Type.READY);
  }
}
