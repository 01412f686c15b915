package hu.mtmt.besorol.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlgorithmTest {
  @Test
  void familiesThatTrainOnManyNodes() {
    assertThat(Arrays.stream(AlgorithmType.values()).filter(AlgorithmType::trainsOnManyNodes))
        .containsExactly(AlgorithmType.LINEAR, AlgorithmType.BONSAI);
  }

  @ParameterizedTest
  @CsvSource({"SquaredHinge, true", "PassiveAggressive, true", "CrammerSinger, false"})
  void aLossThatLearnsAllSubjectsAtOnceNeedsOneNode(String loss, boolean many) {
    var json = "{\"loss\":\"" + loss + "\"}";
    var parameters =
        ContractJson.readPart(
            json.getBytes(StandardCharsets.UTF_8), LinearParameters.class, "linear");
    assertThat(Algorithm.of(parameters).trainsOnManyNodes()).isEqualTo(many);
  }
}
