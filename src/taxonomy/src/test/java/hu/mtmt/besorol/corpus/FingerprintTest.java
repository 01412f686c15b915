package hu.mtmt.besorol.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Deep learning        | deep LEARNING",
        "Deep learning        | Deep-learning!",
        "Deep learning        | '  Deep \t learning.  '",
        "Árvíztűrő            | ÁRVÍZTŰRŐ",
        "Árvíztűrő            | Árvíztűrő", // composed and decomposed
        "Árvíztűrő            | Arvizturo",
        "The ﬁrst             | The first",
        "ΣΊΣΥΦΟΣ              | σίσυφος"
      })
  void isTheSameForTheSameText(String one, String other) {
    assertThat(of(one, "x")).isEqualTo(of(other, "x"));
  }

  @ParameterizedTest
  @CsvSource({"Deep learning 1, Deep learning 2", "Deep learning, Deep lerning", "𝄞a, 𝄢a"})
  void differsForAnotherText(String one, String other) {
    assertThat(of(one, "x")).isNotEqualTo(of(other, "x"));
  }

  @Test
  void looksAtTitleAndAbstractOnly() {
    var bare = Documents.of(null, "a", "b");
    var full =
        new Document("id", "a", "b", List.of("k"), "journal", "en", 2019, List.of("subject"));

    assertThat(Fingerprint.of(full)).isEqualTo(Fingerprint.of(bare));
    assertThat(of("a b", null)).isEqualTo(of("a", "b")).isEqualTo(of(null, "ab"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "…—!", "´"})
  void isZeroWithoutText(String text) {
    assertThat(of(text, null)).isZero();
    assertThat(of(null, text)).isZero();
  }

  @Test
  void spreadsOverAllBits() {
    var prints = IntStream.range(0, 10_000).mapToLong(i -> of("title " + i, null)).toArray();

    for (int bit = 0; bit < 64; bit++) {
      int shift = bit;
      long set =
          IntStream.range(0, prints.length).filter(i -> (prints[i] >>> shift & 1) == 1).count();
      assertThat(set).as("bit %d", bit).isBetween(4_750L, 5_250L); // five standard deviations
    }
    assertThat(prints).doesNotHaveDuplicates();
  }

  private static long of(String title, String abstractText) {
    return Fingerprint.of(Documents.of(null, title, abstractText));
  }
}
