package hu.mtmt.besorol.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StratificationTest {
  private static final double[] SHARES = {0.8, 0.1, 0.1};

  /** Documents with 1 to 4 of many labels, a few of them frequent and most of them rare. */
  private record Corpus(int[][] labels, int[] groups, long[] identities) {
    static Corpus random(long seed, int documents, int labels) {
      var random = new SplittableRandom(seed);
      var labelsOf = new int[documents][];
      var groups = new int[documents];
      for (int d = 0; d < documents; d++) {
        labelsOf[d] =
            IntStream.range(0, 1 + random.nextInt(4))
                .map(i -> (int) (labels * Math.pow(random.nextDouble(), 3)))
                .sorted()
                .distinct()
                .toArray();
        groups[d] = d > 0 && random.nextInt(10) == 0 ? groups[random.nextInt(d)] : d;
      }
      return new Corpus(labelsOf, groups, random.longs(documents).toArray());
    }

    int[] split(long seed) {
      return Stratification.split(labels, groups, identities, SHARES, seed);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void keepsSharesAndGroups(long seed) {
    var corpus = Corpus.random(seed, 3000, 40);
    var parts = corpus.split(seed);

    assertThat(parts).hasSize(3000);
    assertThat(Arrays.stream(parts)).allMatch(part -> part >= 0 && part < 3);
    for (int document = 0; document < parts.length; document++) {
      assertThat(parts[document]).isEqualTo(parts[corpus.groups[document]]);
    }
    for (int part = 0; part < 3; part++) {
      int p = part;
      assertThat(Arrays.stream(parts).filter(d -> d == p).count() / 3000.0)
          .isBetween(SHARES[part] - 0.02, SHARES[part] + 0.02);
    }
    var kept = SplitReport.of(corpus.labels, parts, SHARES, label -> true);
    var chance =
        SplitReport.of(
            corpus.labels,
            Stratification.split(new int[3000][0], corpus.groups, corpus.identities, SHARES, seed),
            SHARES,
            label -> true);
    assertThat(kept.labels()).isEqualTo(40);
    for (int part = 0; part < 3; part++) {
      assertThat(kept.deviations()[part]).isLessThan(chance.deviations()[part] / 2);
    }
  }

  @Test
  void dependsOnTheSeedAndNotOnTheOrder() {
    var corpus = Corpus.random(7, 500, 30);
    int[] order = shuffled(500);
    var place = new int[500];
    for (int i = 0; i < 500; i++) {
      place[order[i]] = i;
    }
    var moved =
        new Corpus(
            Arrays.stream(order).mapToObj(d -> corpus.labels[d]).toArray(int[][]::new),
            Arrays.stream(order).map(d -> place[corpus.groups[d]]).toArray(),
            Arrays.stream(order).mapToLong(d -> corpus.identities[d]).toArray());
    var parts = corpus.split(42);

    assertThat(corpus.split(42)).isEqualTo(parts);
    assertThat(moved.split(42)).isEqualTo(Arrays.stream(order).map(d -> parts[d]).toArray());
    assertThat(corpus.split(43)).isNotEqualTo(parts);
  }

  private static int[] shuffled(int size) {
    var random = new SplittableRandom(9);
    var order = IntStream.range(0, size).toArray();
    for (int i = size - 1; i > 0; i--) {
      int k = random.nextInt(i + 1);
      int d = order[i];
      order[i] = order[k];
      order[k] = d;
    }
    return order;
  }

  /** A subject that is learnt from nothing cannot be answered: the first document is to learn. */
  @Test
  void learnsFromTheOnlyDocumentOfALabel() {
    int size = 50;
    var labels = IntStream.range(0, size).mapToObj(d -> new int[] {d}).toArray(int[][]::new);
    var parts =
        Stratification.split(
            labels,
            IntStream.range(0, size).toArray(),
            LongStream.range(0, size).toArray(),
            SHARES,
            1);
    assertThat(parts).containsOnly(0);
  }

  /** With ten documents of a label and three parts, the shares can be had exactly. */
  @Test
  void givesRareLabelsToEveryPart() {
    var labels = IntStream.range(0, 200).mapToObj(d -> new int[] {d % 20}).toArray(int[][]::new);
    var parts =
        Stratification.split(
            labels,
            IntStream.range(0, 200).toArray(),
            LongStream.range(0, 200).toArray(),
            SHARES,
            1);
    var report = SplitReport.of(labels, parts, SHARES, label -> true);
    assertThat(report.missing()).containsExactly(0, 0, 0);
    assertThat(report.deviations()).containsOnly(0.0, 0.0, 0.0);
    assertThat(SplitReport.of(labels, parts, SHARES, label -> label < 5).labels()).isEqualTo(5);
  }

  /**
   * Each label alone wants less than a document in the small parts, all of them together do not.
   */
  @Test
  void keepsSharesOfManyRareLabels() {
    int labelCount = 1_000;
    var labels =
        IntStream.range(0, 2 * labelCount).mapToObj(d -> new int[] {d / 2}).toArray(int[][]::new);
    var parts =
        Stratification.split(
            labels,
            IntStream.range(0, labels.length).toArray(),
            LongStream.range(0, labels.length).toArray(),
            SHARES,
            1);
    for (int part = 0; part < 3; part++) {
      int p = part;
      assertThat((double) Arrays.stream(parts).filter(d -> d == p).count() / labels.length)
          .isBetween(SHARES[part] - 0.005, SHARES[part] + 0.005);
    }
    assertThat(SplitReport.of(labels, parts, SHARES, label -> true).missing()[0]).isZero();
  }

  @Test
  void givesNothingToPartsWithoutAShare() {
    var corpus = Corpus.random(3, 300, 20);
    var parts =
        Stratification.split(
            corpus.labels, corpus.groups, corpus.identities, new double[] {0.9, 0, 0.1}, 1);
    assertThat(parts).contains(0, 2).doesNotContain(1);
  }

  @Test
  void spreadsDocumentsWithoutLabels() {
    var parts =
        Stratification.split(
            new int[100][0],
            IntStream.range(0, 100).toArray(),
            LongStream.range(0, 100).toArray(),
            SHARES,
            1);
    assertThat(Arrays.stream(parts).filter(p -> p == 0).count()).isEqualTo(80);
    assertThat(Arrays.stream(parts).filter(p -> p == 1).count()).isEqualTo(10);
  }
}
