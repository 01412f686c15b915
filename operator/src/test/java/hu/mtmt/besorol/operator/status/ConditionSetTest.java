package hu.mtmt.besorol.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.Conditions.Type;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionSetTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant T1 = T0.plusSeconds(60);

  private static List<Condition> pending(List<Condition> previous, long generation, Instant now) {
    return new ConditionSet(previous, generation, now)
        .set(Type.READY, false, Reason.PENDING, "waits")
        .set(Type.RECONCILING, true, Reason.PENDING, "waits")
        .list();
  }

  @Test
  void timeMovesOnlyWithTheStatus() {
    var before = pending(List.of(), 1, T0);
    var other = new ConditionSet(before, 2L, T1).set(Type.READY, false, Reason.TRAINING, "").list();
    assertThat(other)
        .singleElement()
        .returns(T0.toString(), Condition::getLastTransitionTime)
        .returns(2L, Condition::getObservedGeneration)
        .returns("Training", Condition::getReason);
    var ready = new ConditionSet(other, 2L, T1).set(Type.READY, true, Reason.COMPLETE, "").list();
    assertThat(ready).singleElement().returns(T1.toString(), Condition::getLastTransitionTime);
  }

  @Test
  void whatIsNotSetIsGone() {
    var before = pending(List.of(), 1, T0);
    var after = new ConditionSet(before, 1L, T1).set(Type.READY, true, Reason.COMPLETE, "").list();
    assertThat(ConditionSet.find(after, Type.RECONCILING)).isEmpty();
  }

  @Test
  void sameAgainIsEqual() {
    var before = pending(List.of(), 1, T0);
    assertThat(pending(before, 1, T1)).isEqualTo(before);
  }
}
