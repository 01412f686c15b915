package hu.mtmt.besorol.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextGroupsTest {

  @Test
  void shinglesAreEveryThreeWordsInARow() {
    var shingles = new Shingles();
    assertThat(shingles.of(text("one two three four"))).hasSize(2).isSorted();
    assertThat(shingles.of(text("a b c a b c"))).hasSize(3);
    assertThat(shingles.of(text("one two"))).hasSize(1);
    assertThat(shingles.of(text("… – !"))).isEmpty();
    assertThat(shingles.of(Documents.of("x", null, null))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Gépi tanulás a bírói gyakorlatban, GEPI TANULAS – a biroi gyakorlatban!",
    "one two three, one  two; three",
    "漢字 仮名 交じり, 漢字仮名 交 じり",
  })
  void shinglesSeeNoCaseAccentsAndPunctuation(String a, String b) {
    var shingles = new Shingles();
    assertThat(shingles.of(text(a))).isEqualTo(shingles.of(text(b)));
  }

  @Test
  void shinglesDependOnTheOrderOfWords() {
    var shingles = new Shingles();
    assertThat(shingles.of(text("one two three"))).isNotEqualTo(shingles.of(text("two one three")));
    assertThat(shingles.of(text("one two"))).isNotEqualTo(shingles.of(text("two one")));
    assertThat(shingles.of(text("onetwo three four")))
        .isNotEqualTo(shingles.of(text("one twothree four")));
  }

  @Test
  void jaccardIsTheShareOfCommonElements() {
    assertThat(Shingles.jaccard(new int[] {1, 2, 3}, new int[] {2, 3, 4})).isEqualTo(0.5);
    assertThat(Shingles.jaccard(new int[] {-5, 7}, new int[] {-5, 7})).isEqualTo(1);
    assertThat(Shingles.jaccard(new int[] {1}, new int[] {2})).isZero();
    assertThat(Shingles.jaccard(new int[0], new int[0])).isZero();
  }

  /** The share of equal rows estimates the similarity: ten standard errors of the mean of 200. */
  @ParameterizedTest
  @CsvSource({"0.2", "0.5", "0.8", "0.95"})
  void signaturesAgreeAsOftenAsSetsAreSimilar(double similarity) {
    var random = new SplittableRandom(1);
    var minHash = new MinHash();
    int common = 180;
    int own = (int) Math.round(common * (1 - similarity) / similarity / 2);
    double agreed = 0;
    int trials = 200;
    for (int trial = 0; trial < trials; trial++) {
      var shared = random.ints(common).toArray();
      var a = minHash.signature(with(shared, random.ints(own))).clone();
      var b = minHash.signature(with(shared, random.ints(own)));
      agreed += IntStream.range(0, a.length).filter(k -> a[k] == b[k]).count() / (double) a.length;
    }
    double expected = common / (double) (common + 2 * own);
    assertThat(agreed / trials)
        .isCloseTo(expected, within(10 * Math.sqrt(expected * (1 - expected) / (100.0 * trials))));
  }

  private static int[] with(int[] shared, IntStream own) {
    return IntStream.concat(Arrays.stream(shared), own).sorted().distinct().toArray();
  }

  @Test
  void groupsTheSameAndAlmostTheSame() {
    var abstractText = words(new SplittableRandom(3), 60);
    var documents =
        List.of(
            Documents.of("a", "Deep learning", null),
            Documents.of("b", "On groups", abstractText),
            Documents.of("c", null, null),
            Documents.of("d", "deep-LEARNING", null),
            Documents.of("e", "On groups", abstractText + " revised"),
            Documents.of("f", null, "…"),
            Documents.of("g", "Other", words(new SplittableRandom(4), 60)));
    var groups = groups(documents);

    assertThat(groups.groups()).containsExactly(new int[] {0, 3}, new int[] {1, 4});
    assertThat(IntStream.range(0, 7).map(groups::group)).containsExactly(0, 1, 2, 0, 1, 5, 6);
    assertThat(groups.twin(3)).isZero();
    assertThat(groups.similarity(3)).isEqualTo(1);
    assertThat(groups.twin(4)).isEqualTo(1);
    assertThat(groups.similarity(4)).isBetween(0.95, 0.99);
    assertThat(groups.twin(1)).isEqualTo(-1);
  }

  /** Against comparing all pairs: nothing is invented, and at most 1 pair in 100 is missed. */
  @Test
  void findsWhatComparingAllPairsFinds() {
    var random = new SplittableRandom(5);
    var documents = new ArrayList<Document>();
    for (int i = 0; i < 150; i++) {
      var words = words(random, 30 + random.nextInt(60)).split(" ");
      documents.add(text(String.join(" ", words)));
      for (int copy = random.nextInt(3); copy > 0; copy--) {
        var changed = words.clone();
        for (int change = random.nextInt(5); change > 0; change--) {
          changed[random.nextInt(changed.length)] = "changed" + random.nextInt(1000);
        }
        documents.add(text(String.join(" ", changed)));
      }
    }
    var shingles = new Shingles();
    var sets = documents.stream().map(shingles::of).toList();
    var groups = groups(documents);
    int similar = 0;
    int missed = 0;
    for (int i = 0; i < sets.size(); i++) {
      boolean alone = true;
      for (int k = 0; k < sets.size(); k++) {
        if (i != k && Shingles.jaccard(sets.get(i), sets.get(k)) >= TextGroups.SIMILARITY) {
          alone = false;
          similar++;
          missed += groups.group(i) == groups.group(k) ? 0 : 1;
        }
      }
      if (alone) {
        assertThat(groups.group(i)).isEqualTo(i);
        assertThat(groups.twin(i)).isEqualTo(-1);
      } else if (groups.twin(i) >= 0) {
        assertThat(groups.similarity(i))
            .isCloseTo(Shingles.jaccard(sets.get(i), sets.get(groups.twin(i))), within(1e-6))
            .isGreaterThanOrEqualTo((float) TextGroups.SIMILARITY);
      }
    }
    assertThat(similar).isGreaterThan(100);
    assertThat(missed).isLessThanOrEqualTo(similar / 100);
  }

  /** One bucket of many documents is no quadratic work, and no document is lost. */
  @Test
  void groupsManyDocumentsOfAlmostOneText() {
    var text = words(new SplittableRandom(6), 80);
    var documents = IntStream.range(0, 20_000).mapToObj(i -> text(text + " number" + i)).toList();
    var groups = groups(documents);
    assertThat(groups.groups()).hasSize(1);
    assertThat(groups.groups().getFirst()).hasSize(20_000);
  }

  @Test
  void readsNothingAgainWhereThereIsNothingToCompare() {
    var builder = new TextGroups.Builder();
    builder.add(text("one two three"));
    builder.add(text("four five six"));
    var groups =
        builder.build(
            () -> {
              throw new AssertionError("there is nothing to compare");
            });
    assertThat(groups.size()).isEqualTo(2);
    assertThat(groups.groups()).isEmpty();
  }

  private static TextGroups groups(List<Document> documents) {
    var builder = new TextGroups.Builder();
    documents.forEach(builder::add);
    return builder.build(documents::stream);
  }

  private static Document text(String text) {
    return Documents.of(null, text, null);
  }

  private static String words(SplittableRandom random, int count) {
    return Stream.generate(() -> "word" + random.nextInt(5000))
        .limit(count)
        .collect(Collectors.joining(" "));
  }
}
