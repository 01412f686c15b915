package hu.mtmt.besorol.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.operator.Samples;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Algorithm LINEAR = Samples.run("a", "m").getSpec().algorithm();

  private static final Algorithm BONSAI =
      Algorithm.of(ContractJson.defaults(BonsaiParameters.class));
  private static final Attempt TOO_SMALL =
      new Attempt("uid", "four", 1000L, "OOMKilled", 1, "2026-01-01T00:00:00Z");

  private static PastRun past(String data, int second, Integer seconds) {
    return past(LINEAR, data, second, seconds, List.of());
  }

  private static PastRun past(
      Algorithm algorithm, String data, int second, Integer seconds, List<Attempt> attempts) {
    return new PastRun(
        algorithm,
        data,
        new Footprint(second, 10, 100, null),
        Optional.ofNullable(seconds),
        "four",
        1,
        attempts,
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

  @Test
  void tellsApartWhoLearntTheSameFromTheSame() {
    var one = past("x", 1, 10);
    var failed = past(BONSAI, "x", 2, null, List.of(TOO_SMALL));
    var other = past("y", 3, 10);
    var all = new History(() -> Stream.of(one, other)).with(Optional.empty(), Optional.of(failed));
    var later = all.with(Optional.of(failed), Optional.of(past(BONSAI, "x", 2, null, List.of())));

    assertThat(all.of(LINEAR, "x")).containsExactly(one);
    assertThat(all.of(BONSAI, "x")).containsExactly(failed);
    assertThat(all.failed(BONSAI, "x")).containsExactly(failed);
    assertThat(all.failed(LINEAR, "x")).isEmpty();
    assertThat(later.failed(BONSAI, "x")).isEmpty();
    assertThat(later.of(BONSAI, "x")).hasSize(1);
  }
}
