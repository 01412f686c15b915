package hu.mtmt.besorol.operator.event;

import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.operator.status.ConditionSet;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that is worth an event.
 *
 * @param warning whether a person should look at it
 * @param reason one word in CamelCase
 * @param message a sentence
 */
public record Happening(boolean warning, String reason, String message) {
  static Happening normal(String reason, String message) {
    return new Happening(false, reason, message);
  }

  static Happening warning(String reason, String message) {
    return new Happening(true, reason, message);
  }

  /** The change of the reason for which a resource is ready or not, if it changed. */
  static Optional<Happening> readyChanged(List<Condition> before, List<Condition> after) {
    var was = ConditionSet.find(before, Type.READY).map(Condition::getReason).orElse(null);
    return ConditionSet.find(after, Type.READY)
        .filter(c -> !Objects.equals(was, c.getReason()))
        .map(
            c ->
                new Happening(
                    ConditionSet.isTrue(after, Type.STALLED), c.getReason(), c.getMessage()));
  }
}
