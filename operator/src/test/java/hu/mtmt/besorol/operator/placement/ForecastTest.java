package hu.mtmt.besorol.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.operator.Samples;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForecastTest {
  private static final Flavors FLAVORS =
      Flavors.parse("[{name: four, cpu: 4, memory: 8Gi}]", "flavors.yaml");
  private static final Algorithm LINEAR = Samples.run("a", "m").getSpec().algorithm();
  private static final Algorithm BONSAI =
      Algorithm.of(ContractJson.defaults(BonsaiParameters.class));
  private static final String OTHER = Samples.digest("other").value();

  private static Forecast forecast(
      Footprint own, List<Attempt> attempts, Collection<PastRun> past) {
    return Forecast.of(
        Samples.run("a", "m"),
        Optional.ofNullable(own),
        attempts,
        new History(past::stream),
        FLAVORS);
  }

  private static PastRun past(
      Algorithm algorithm,
      String data,
      int documents,
      int estimated,
      Integer used,
      Integer seconds) {
    return new PastRun(
        algorithm,
        data,
        new Footprint(documents, 10, estimated, used),
        Optional.ofNullable(seconds),
        "four",
        1,
        List.of(),
        "2026-01-01T00:00:00Z");
  }

  private static Forecast forecast(PastRun... past) {
    return forecast(null, List.of(), List.of(past));
  }

  @Test
  void nothingIsKnownOfDataThatWasNeverRead() {
    assertThat(forecast()).isEqualTo(Forecast.UNKNOWN);
    var elsewhere = past(LINEAR, OTHER, 100, 400, 400, 10);
    assertThat(forecast(elsewhere).memoryMebibytes()).isEmpty();
  }

  @Test
  void ownCountingComesFirst() {
    var own = new Footprint(1000, 10, 300, null);
    var past = List.of(past(LINEAR, Samples.TRAINING, 1000, 999, 999, 10));
    var forecast = forecast(own, List.of(), past);
    assertThat(forecast.memoryMebibytes()).hasValue(300);
  }

  @Test
  void thenTheSameAlgorithmOnTheSameData() {
    var forecast =
        forecast(
            past(LINEAR, Samples.TRAINING, 1000, 500, null, null),
            past(LINEAR, OTHER, 10, 900, null, null));
    assertThat(forecast.memoryMebibytes()).hasValue(500);
  }

  @Test
  void thenTheTypeInProportionToTheDocuments() {
    var forecast =
        forecast(
            past(BONSAI, Samples.TRAINING, 1000, 70, null, null),
            past(LINEAR, OTHER, 100, 40, null, null),
            past(LINEAR, OTHER, 100, 30, null, null));
    assertThat(forecast.memoryMebibytes()).hasValue(400);
  }

  @ParameterizedTest
  @CsvSource({"250, 500", "750, 750", "9000, 1000"})
  void correctionIsTheMedianAndBounded(int used, int expected) {
    var past = new ArrayList<PastRun>();
    past.add(past(LINEAR, Samples.TRAINING, 1000, 500, used, 10));
    past.add(past(LINEAR, OTHER, 1000, 500, used, 10));
    past.add(past(LINEAR, OTHER, 1000, 500, 500, 10));
    past.add(past(BONSAI, OTHER, 1000, 500, 500, 10));
    past.add(past(LINEAR, OTHER, 1000, 500, 400, null)); // did not complete
    var forecast = forecast(null, List.of(), past);
    assertThat(forecast.memoryMebibytes()).hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # estimated, reason,                had,  needed
          -,           OOMKilled,             1000, 1250
          500,         OOMKilled,             1000, 1250
          1100,        DeviceMemoryExhausted, 1000, 1100
          500,         NoNode,                1000, 500
          -,           NoNode,                1000, -
          """)
  void tooLittleMemoryAsksForMore(Integer estimated, String reason, long had, Long needed) {
    var own = estimated == null ? null : new Footprint(10, 10, estimated, null);
    var attempt = new Attempt("uid", "four", had, reason, 1, "2026-01-01T00:00:00Z");
    var forecast = forecast(own, List.of(attempt), List.of());
    assertThat(forecast.memoryMebibytes().isPresent()).isEqualTo(needed != null);
    assertThat(forecast.memoryMebibytes().orElse(0)).isEqualTo(needed == null ? 0 : needed);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # own, the same before, used then, exhausted, needed
          -,     -,               -,         false,     -
          300,   500,             -,         false,     300
          300,   500,             600,       false,     360
          -,     500,             600,       false,     600
          -,     500,             5000,      false,     1000
          300,   -,               -,         true,      2560
          """)
  void diskIsThatOfTheSameAlgorithmOnTheSameData(
      Integer own, Integer before, Integer used, boolean exhausted, Long needed) {
    var past =
        before == null
            ? List.<PastRun>of()
            : List.of(
                new PastRun(
                    LINEAR,
                    Samples.TRAINING,
                    new Footprint(1000, 10, 100, 100, before, used),
                    Optional.of(60),
                    "four",
                    1,
                    List.of(),
                    "2026-01-01T00:00:00Z"),
                past(LINEAR, OTHER, 10, 900, null, null));
    var attempt = new Attempt("uid", "disk", 1L, "DiskExhausted", 1, "2026-01-01T00:00:00Z");
    var forecast =
        Forecast.of(
            Samples.run("a", "m"),
            own == null ? Optional.empty() : Optional.of(new Footprint(10, 10, 1, null, own, null)),
            exhausted ? List.of(attempt) : List.of(),
            new History(past::stream),
            Flavors.parse("[{name: disk, cpu: 4, memory: 8Gi, disk: 2Gi}]", "f"));
    assertThat(forecast.diskMebibytes().isPresent()).isEqualTo(needed != null);
    assertThat(forecast.diskMebibytes().orElse(0)).isEqualTo(needed == null ? 0 : needed);
  }

  @Test
  void othersLearnFromIt() {
    var attempt = new Attempt("uid", "four", 1000L, "OOMKilled", 1, "2026-01-01T00:00:00Z");
    var past =
        new PastRun(
            LINEAR,
            Samples.TRAINING,
            new Footprint(10, 10, 500, null),
            Optional.empty(),
            "four",
            1,
            List.of(attempt),
            "2026-01-01T00:00:00Z");
    assertThat(forecast(past).memoryMebibytes()).hasValue(1250);
  }

  @Test
  void timeIsInProportionToDocumentsAndCpus() {
    var forecast =
        forecast(
            past(LINEAR, Samples.TRAINING, 1000, 100, null, 60),
            past(LINEAR, OTHER, 500, 100, null, 50),
            past(LINEAR, OTHER, 500, 100, null, 500),
            past(BONSAI, OTHER, 500, 100, null, 9000));
    var eight = Flavors.parse("[{name: eight, cpu: 8, memory: 8Gi}]", "f").all().getFirst();
    assertThat(forecast.secondsOn(FLAVORS.all().getFirst(), 1)).contains(100);
    assertThat(forecast.secondsOn(eight, 1)).contains(50);
    assertThat(forecast.secondsOn(eight, 2)).as("a second node is in vain").contains(50);
    assertThat(forecast().secondsOn(eight, 1)).isEmpty();
  }

  @Test
  void runOnSeveralNodesTellsOfOne() {
    var onTwo =
        new PastRun(
            LINEAR,
            Samples.TRAINING,
            new Footprint(1000, 10, 100, null),
            Optional.of(116),
            "four",
            2,
            List.of(),
            "2026-01-01T00:00:00Z");
    assertThat(forecast(onTwo).secondsOn(FLAVORS.all().getFirst(), 1)).contains(202);
  }
}
