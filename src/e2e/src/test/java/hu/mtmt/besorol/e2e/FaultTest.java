package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {
  @Test
  void orderFollowsFromTheSeed() {
    assertThat(Fault.of(100, 7)).hasSize(100).isEqualTo(Fault.of(100, 7));
    assertThat(Fault.of(100, 7)).isNotEqualTo(Fault.of(100, 8)).startsWith(first(Fault.of(20, 7)));
  }

  @Test
  void everyKindComesInTurn() {
    assertThat(Fault.of(9, 1).stream().map(Fault::kind))
        .containsExactlyInAnyOrder(Fault.Kind.values());
  }

  private static Fault[] first(List<Fault> faults) {
    return faults.toArray(Fault[]::new);
  }
}
