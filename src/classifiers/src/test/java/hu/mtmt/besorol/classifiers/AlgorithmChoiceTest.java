package hu.mtmt.besorol.classifiers;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.AlgorithmType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlgorithmChoiceTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, LABEL_MATCH",
    "49, 3, LABEL_MATCH",
    "49, 40, LABEL_MATCH",
    "50, 5, LINEAR",
    "480, 12, LINEAR",
    "499, 50, ENSEMBLE",
    "754, 519, ENSEMBLE",
    "2992, 40, ENSEMBLE",
    "325000, 152, ENSEMBLE",
    "5000, 5001, BONSAI",
    "1000001, 150, BONSAI"
  })
  void followsSizeAndShape(int documents, int subjects, AlgorithmType expected) {
    var choice = AlgorithmChoice.of(documents, subjects);

    assertThat(choice.type()).isEqualTo(expected);
    assertThat(choice.reason()).contains(Integer.toString(documents));
  }
}
