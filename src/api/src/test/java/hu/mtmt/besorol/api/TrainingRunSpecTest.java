package hu.mtmt.besorol.api;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.TrainingRunSpec.Nodes;
import hu.mtmt.besorol.contract.AlgorithmType;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingRunSpecTest {
  @ParameterizedTest
  @EnumSource(AlgorithmType.class)
  void ruleNamesTheAlgorithmsThatTrainOnManyNodes(AlgorithmType type) {
    assertThat(TrainingRunSpec.MANY_NODES.contains("'%s'".formatted(type)))
        .isEqualTo(type.trainsOnManyNodes());
    assertThat(TrainingRunSpec.MANY_NODES_MESSAGE.contains(type.written()))
        .isEqualTo(type.trainsOnManyNodes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {type: Bonsai, bonsai: {}}                    | 4
          {type: Linear, linear: {}}                    | 4
          {type: Linear, linear: {loss: CrammerSinger}} | 1
          {type: LabelMatch, labelMatch: {}}            | 1
          """)
  void algorithmBoundsTheNodes(String algorithm, int maximum) {
    var spec =
        Serialization.unmarshal(
            "algorithm: %s\nplacement: {nodes: {minimum: 1, maximum: 4}}".formatted(algorithm),
            TrainingRunSpec.class);
    assertThat(spec.possibleNodes()).isEqualTo(new Nodes(1, maximum));
  }
}
