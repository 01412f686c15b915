package hu.mtmt.besorol.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessGroupTest {
  private static final Map<String, String> SECOND_OF_TWO =
      Map.of(
          ProcessGroup.WORLD_SIZE,
          "2",
          ProcessGroup.RANK,
          "1",
          ProcessGroup.RENDEZVOUS,
          "a.b:8090");

  @Test
  void isReadFromTheEnvironment() {
    assertThat(ProcessGroup.of(SECOND_OF_TWO)).isEqualTo(new ProcessGroup(1, 2, "a.b:8090"));
    assertThat(ProcessGroup.of(Map.of())).isEqualTo(ProcessGroup.ALONE);
    assertThat(ProcessGroup.of(Map.of(ProcessGroup.WORLD_SIZE, "1"))).isEqualTo(ProcessGroup.ALONE);
  }

  @Test
  void everyRankKeepsCheckpointsOfItsOwn() {
    assertThat(ProcessGroup.of(SECOND_OF_TWO).checkpoints("/c")).isEqualTo("/c-rank-1");
    assertThat(ProcessGroup.of(SECOND_OF_TWO).leads()).isFalse();
    assertThat(ProcessGroup.ALONE.checkpoints("/c")).isEqualTo("/c");
    assertThat(ProcessGroup.ALONE.checkpoints(null)).isNull();
  }

  @Test
  void severalProcessesTrainOnlyWhatCanBeDivided() {
    var trees = Algorithm.of(AlgorithmType.DECISION_TREE.defaults());
    ProcessGroup.ALONE.requireTrains(trees);
    ProcessGroup.of(SECOND_OF_TWO).requireTrains(Algorithm.of(AlgorithmType.LINEAR.defaults()));
    assertThatThrownBy(() -> ProcessGroup.of(SECOND_OF_TWO).requireTrains(trees))
        .isInstanceOf(BesorolException.class)
        .hasMessage(
            "DecisionTree cannot be trained by 2 processes: Linear and Bonsai can. Take one node,"
                + " or one of these families.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BESOROL_WORLD_SIZE | 0        | BESOROL_WORLD_SIZE is 0: it must be from 1 to 64.",
        "BESOROL_WORLD_SIZE | 65       | BESOROL_WORLD_SIZE is 65: it must be from 1 to 64.",
        "BESOROL_WORLD_SIZE | two      | BESOROL_WORLD_SIZE is 'two': it must be a number.",
        "BESOROL_RANK       | 2        | BESOROL_RANK is 2, but BESOROL_WORLD_SIZE is 2: ranks are"
            + " numbered from 0 to 1.",
        "BESOROL_RANK       |          | BESOROL_RANK is absent, but BESOROL_WORLD_SIZE is 2: ranks"
            + " are numbered from 0 to 1.",
        "BESOROL_RENDEZVOUS |          | BESOROL_RENDEZVOUS is absent: 2 processes need the address"
            + " of rank 0 as host:port.",
        "BESOROL_RENDEZVOUS | here     | BESOROL_RENDEZVOUS is 'here': 2 processes need the address"
            + " of rank 0 as host:port."
      })
  void refusesWhatIsNoGroup(String variable, String value, String message) {
    var environment =
        Stream.concat(
                SECOND_OF_TWO.entrySet().stream().filter(e -> !e.getKey().equals(variable)),
                Stream.ofNullable(value).map(v -> Map.entry(variable, v)))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    assertThatThrownBy(() -> ProcessGroup.of(environment))
        .isInstanceOf(BesorolException.class)
        .hasMessage(message);
  }
}
