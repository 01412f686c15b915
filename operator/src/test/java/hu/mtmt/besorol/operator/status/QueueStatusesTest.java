package hu.mtmt.besorol.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.queue.Holder;
import hu.mtmt.besorol.operator.queue.RunId;
import hu.mtmt.besorol.operator.queue.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class QueueStatusesTest {
  private static Holder holder(String namespace, String name, Integer remainingSeconds) {
    return new Holder(
        new RunId(namespace, name),
        0,
        "g2",
        1,
        Instant.EPOCH,
        false,
        Optional.ofNullable(remainingSeconds));
  }

  private static Verdict.Wait waits(int missing, boolean ofQuota, int before, Holder... holders) {
    return new Verdict.Wait("g2", missing, 2, ofQuota, before, List.of(holders));
  }

  static Stream<Arguments> sentences() {
    var own = holder("library", "nightly-41", 2041);
    var second = holder("library", "nightly-42", 7200);
    var other = holder("other", "secret", null);
    return Stream.of(
        Arguments.of(
            waits(1, false, 0, own),
            "Waiting for 1 of 2 g2: run nightly-41 holds it, about 35 min left."),
        Arguments.of(
            waits(2, false, 1, second, own),
            "Waiting for 2 of 2 g2: runs nightly-41, nightly-42 hold them, about 35 min left. 1 run"
                + " is before it."),
        Arguments.of(
            waits(1, false, 2, own, other),
            "Waiting for 1 of 2 g2: run nightly-41 and another hold them, about 35 min left. 2 runs"
                + " are before it."),
        Arguments.of(waits(1, false, 0, other), "Waiting for 1 of 2 g2: 1 other run holds it."),
        Arguments.of(
            waits(1, true, 0, own),
            "Waiting for 1 of 2 g2 in the quota of namespace library: run nightly-41 holds it,"
                + " about 35 min left."),
        Arguments.of(waits(0, false, 3), "Waiting for its turn on g2: 3 runs are before it."),
        Arguments.of(
            waits(1, false, 0, Stream.generate(() -> own).limit(11).toArray(Holder[]::new)),
            "Waiting for 1 of 2 g2: many runs hold them."));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 10 runs are", "11, More than 10 runs are", "20, More than 10 runs are",
    "21, More than 20 runs are", "50, More than 20 runs are", "51, More than 50 runs are",
    "100, More than 50 runs are", "101, More than 100 runs are", "1000, More than 500 runs are"
  })
  void countsManyInSteps(int before, String words) {
    assertThat(QueueStatuses.sentence(Samples.run("mine", "frascati"), waits(0, false, before)))
        .isEqualTo("Waiting for its turn on g2: %s before it.".formatted(words));
  }

  @ParameterizedTest
  @MethodSource("sentences")
  void tellsWhatIsWaitedForAndNamesNobodyOfAnotherNamespace(Verdict.Wait wait, String sentence) {
    var run = Samples.run("mine", "frascati");
    run.getMetadata().setNamespace("library");
    assertThat(QueueStatuses.sentence(run, wait)).isEqualTo(sentence);
  }
}
