package hu.mtmt.besorol.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.operator.Samples;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Algorithm LINEAR = Samples.run("a", "m").getSpec().algorithm();

  private static PastRun past(String data, int second, Integer seconds) {
    return new PastRun(
        LINEAR,
        data,
        new Footprint(second, 10, 100, null),
        Optional.ofNullable(seconds),
        "four",
        1,
        List.of(),
        "2026-01-01T00:00:%02dZ".formatted(second));
  }

  @Test
  void goesAlongWithEveryChange() {
    var one = past("x", 1, null);
    var two = past("x", 2, 20);
    var three = past("y", 3, 30);
    var empty = History.empty();
    var all =
        empty
            .with(Optional.empty(), Optional.of(two))
            .with(Optional.empty(), Optional.of(three))
            .with(Optional.empty(), Optional.of(one));
    var oneIsComplete = past("x", 1, 10);
    var later =
        all.with(Optional.of(one), Optional.of(oneIsComplete))
            .with(Optional.of(three), Optional.empty());

    assertThat(all.on("x")).containsExactly(two, one);
    assertThat(all.on("y")).containsExactly(three);
    assertThat(all.of(AlgorithmType.LINEAR)).containsExactly(three, two, one);
    assertThat(all.complete(AlgorithmType.LINEAR)).containsExactly(three, two);
    assertThat(later.on("x")).containsExactly(two, oneIsComplete);
    assertThat(later.on("y")).isEmpty();
    assertThat(later.complete(AlgorithmType.LINEAR)).containsExactly(two, oneIsComplete);
    assertThat(empty.of(AlgorithmType.LINEAR)).isEmpty();
  }
}
