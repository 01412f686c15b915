package hu.mtmt.besorol.operator.status;

import hu.mtmt.besorol.api.Conditions;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.Conditions.Type;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of a status, in the making. A condition that is not set any more is gone; the time
 * of its transition moves only when its status does.
 */
public final class ConditionSet {
  private final List<Condition> previous;
  private final Long generation;
  private final Instant now;
  private final List<Condition> next = new ArrayList<>();

  /**
   * @param previous the conditions so far
   * @param generation of the spec that the conditions are about
   * @param now the time of what changes
   */
  public ConditionSet(List<Condition> previous, Long generation, Instant now) {
    this.previous = previous;
    this.generation = generation;
    this.now = now;
  }

  /** Sets a condition. */
  public ConditionSet set(Type type, boolean status, String reason, String message) {
    var written = status ? "True" : "False";
    next.add(
        new ConditionBuilder()
            .withType(type.written())
            .withStatus(written)
            .withReason(reason)
            .withMessage(message)
            .withObservedGeneration(generation)
            .withLastTransitionTime(
                find(previous, type)
                    .filter(c -> c.getStatus().equals(written))
                    .map(Condition::getLastTransitionTime)
                    .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString()))
            .build());
    return this;
  }

  /** Sets a condition. */
  public ConditionSet set(Type type, boolean status, Reason reason, String message) {
    return set(type, status, reason.written(), message);
  }

  /** The conditions that were set. */
  public List<Condition> list() {
    return List.copyOf(next);
  }

  /** The condition of that type, if it is there. */
  public static Optional<Condition> find(List<Condition> conditions, Conditions.Type type) {
    return conditions.stream().filter(c -> type.written().equals(c.getType())).findFirst();
  }

  /** Whether the condition of that type is there and true. */
  public static boolean isTrue(List<Condition> conditions, Conditions.Type type) {
    return find(conditions, type).filter(c -> "True".equals(c.getStatus())).isPresent();
  }
}
