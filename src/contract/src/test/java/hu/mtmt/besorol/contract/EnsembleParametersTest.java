package hu.mtmt.besorol.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EnsembleParametersTest {
  @Test
  void charactersAreAMemberOnlyOfFewDocuments() {
    var parameters = parameters("{}");

    assertThat(parameters.membersFor(100_001))
        .extracting(EnsembleMember::type)
        .containsExactly(
            AlgorithmType.LINEAR, AlgorithmType.TFIDF_NEAREST, AlgorithmType.LABEL_MATCH);
    assertThat(parameters.membersFor(100_000))
        .startsWith(parameters.membersFor(100_001).toArray(EnsembleMember[]::new))
        .hasSize(4)
        .last()
        .extracting(m -> m.linear().features().characters())
        .extracting(c -> tuple(c.minimum(), c.maximum(), c.languages()))
        .isEqualTo(tuple(5, 5, TextFeatures.CharacterLanguages.ALL));
  }

  @Test
  void membersThatAreGivenAreTheMembers() {
    var parameters = parameters("{\"members\": [{\"type\": \"Bonsai\", \"bonsai\": {}}]}");

    assertThat(parameters.membersFor(10)).isEqualTo(parameters.members()).hasSize(1);
  }

  private static EnsembleParameters parameters(String json) {
    return ContractJson.readPart(
        json.getBytes(StandardCharsets.UTF_8), EnsembleParameters.class, "parameters");
  }
}
