package hu.mtmt.besorol.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
  private static final List<Document> DOCUMENTS =
      IntStream.range(0, 20_000).mapToObj(i -> Documents.of("d" + i, "title " + i, null)).toList();

  /** Five standard deviations of a binomial: a wrong share would be seen, an unlucky seed not. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.25, 0.49})
  void splitsOffAboutTheShare(double fraction) {
    for (int seed = 0; seed < 10; seed++) {
      var split = new Split(fraction, seed);
      long count = DOCUMENTS.stream().filter(split::isValidation).count();
      double deviation = 5 * Math.sqrt(DOCUMENTS.size() * fraction * (1 - fraction));
      assertThat((double) count)
          .isBetween(
              DOCUMENTS.size() * fraction - deviation, DOCUMENTS.size() * fraction + deviation);
    }
  }

  @Test
  void splitsOffNothingOrAllAtTheEnds() {
    assertThat(DOCUMENTS).noneMatch(new Split(0, 1)::isValidation);
    assertThat(DOCUMENTS).allMatch(new Split(1, 1)::isValidation);
  }

  @Test
  void dependsOnTheSeedAndOnNothingElse() {
    var split = new Split(0.5, 42);
    var chosen = DOCUMENTS.stream().filter(split::isValidation).toList();

    assertThat(DOCUMENTS.reversed().stream().filter(new Split(0.5, 42)::isValidation).toList())
        .containsExactlyElementsOf(chosen.reversed());
    // with seeds one apart, half of the choice is shared
    assertThat(chosen.stream().filter(new Split(0.5, 43)::isValidation).count())
        .isBetween(4_700L, 5_300L);
  }

  @Test
  void growsWithTheShare() {
    var smaller = new Split(0.1, 42);
    var larger = new Split(0.2, 42);

    assertThat(DOCUMENTS.stream().filter(smaller::isValidation)).allMatch(larger::isValidation);
  }

  @Test
  void keepsDocumentsOfTheSameTextTogether() {
    var split = new Split(0.5, 42);

    assertThat(DOCUMENTS)
        .allSatisfy(
            document ->
                assertThat(
                        split.isValidation(
                            Documents.of(
                                "other id",
                                document.title().toUpperCase(java.util.Locale.ROOT) + "!",
                                null)))
                    .isEqualTo(split.isValidation(document)));
  }

  @Test
  void splitsDocumentsWithoutTextByTheirIds() {
    var split = new Split(0.5, 42);

    assertThat(
            DOCUMENTS.stream()
                .filter(d -> split.isValidation(Documents.of(d.id(), null, null)))
                .count())
        .isBetween(9_600L, 10_400L);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void refusesWhatIsNoShare(double fraction) {
    assertThatThrownBy(() -> new Split(fraction, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
