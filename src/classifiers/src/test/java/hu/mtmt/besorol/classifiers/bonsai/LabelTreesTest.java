package hu.mtmt.besorol.classifiers.bonsai;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.FamilyTrial;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.text.Centroids;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shapes of trees. */
class LabelTreesTest {
  /** Labels 0 to 23; those with the same rest by 4 share words. */
  private static DocumentVectors vectors;

  private static final int[] PRESENT = IntStream.range(0, 24).filter(l -> l != 5).toArray();

  @ParameterizedTest
  @CsvSource({
    "2, 1, true", "2, 3, true", "3, 2, true", "4, 6, true", "8, 2, true",
    "2, 1, false", "2, 3, false", "3, 2, false", "4, 6, false", "8, 2, false"
  })
  void everyLabelIsInTheTreeOnceAndNoNodeIsTooWide(int branching, int leafSize, boolean balanced) {
    var tree = clusters(branching, Math.max(2, leafSize), balanced, 20);

    assertThat(labels(tree)).containsExactly(PRESENT);
    for (var outputs : tree.outputs()) {
      assertThat(outputs.length).isGreaterThan(1);
      boolean leaf = Arrays.stream(outputs).allMatch(output -> output < 0);
      assertThat(outputs.length)
          .isLessThanOrEqualTo(leaf ? Math.max(branching, Math.max(2, leafSize)) : branching);
    }
  }

  @Test
  void nodesComeBeforeTheirChildren() {
    var tree = clusters(3, 2, true, 20);
    for (int node = 0; node < tree.size(); node++) {
      int number = node;
      assertThat(Arrays.stream(tree.outputs()[node]).filter(output -> output >= 0))
          .allMatch(output -> output > number);
    }
  }

  @Test
  void balancedPartsDifferByOneLabelAtMost() {
    var sizes =
        Arrays.stream(clusters(4, 6, true, 20).labelsByOutput(0)).mapToInt(l -> l.length).toArray();

    assertThat(sizes).containsExactlyInAnyOrder(5, 6, 6, 6);
  }

  @Test
  void labelsWithSimilarDocumentsAreTogether() {
    long together = 0;
    for (var part : clusters(4, 6, false, 20).labelsByOutput(0)) {
      together +=
          IntStream.range(0, 4)
              .mapToLong(topic -> Arrays.stream(part).filter(l -> l % 4 == topic).count())
              .max()
              .orElseThrow();
    }
    assertThat(together).isGreaterThanOrEqualTo(PRESENT.length * 2L / 3); // about a third by chance
  }

  @Test
  void aTreeIsNoDeeperThanAllowed() {
    var tree = clusters(2, 2, true, 2);

    assertThat(tree.size()).isEqualTo(3);
    assertThat(labels(tree)).containsExactly(PRESENT);
  }

  @Test
  void labelsThatAreAllAlikeAreDividedToo() {
    var corpus = ToyCorpus.of(6, 50, 0, 1);
    var all = IntStream.range(0, 6).toArray();
    var same = corpus.learnt().stream().map(e -> new Example(e.document(), all)).toList();
    var vectors = vectors(corpus.learning(same));
    for (boolean balanced : new boolean[] {true, false}) {
      var tree = clusters(vectors, all, 2, 2, balanced, 20);
      assertThat(labels(tree)).containsExactly(all);
      assertThat(tree.outputs()[0]).hasSize(2);
    }
  }

  @Test
  void labelsWithNothingInCommonAreNotSplitOffOneByOne() {
    var examples =
        IntStream.range(0, 48)
            .mapToObj(
                d -> new Example(ToyCorpus.document("d" + d, "own" + d % 24), new int[] {d % 24}))
            .toList();
    var strangers = vectors(ToyCorpus.of(24, 0, 0, 1).learning(examples));
    var all = IntStream.range(0, 24).toArray();
    var tree = clusters(strangers, all, 2, 2, false, 20);

    for (var half : tree.labelsByOutput(0)) {
      assertThat(half.length).isGreaterThanOrEqualTo(3);
    }
    assertThat(labels(tree)).containsExactly(all);
  }

  /**
   *
   *
   * <pre>
   * A     label       (a label with labels below: a leaf of its own below its node)
   *   A1  label
   *   A2  no documents
   * B     no label    (a node with one label below: that label)
   *   B1  label
   * C     no label
   *   C1  label
   *   C2  label
   * </pre>
   */
  @Test
  void theTaxonomysOwnTree() {
    var taxonomy =
        Taxonomy.of(
            List.of(
                new Subject("A", null, "A"),
                new Subject("A1", "A", "A1"),
                new Subject("A2", "A", "A2"),
                new Subject("B", null, "B"),
                new Subject("B1", "B", "B1"),
                new Subject("C", null, "C"),
                new Subject("C1", "C", "C1"),
                new Subject("C2", "C", "C2")));
    var subjects =
        Stream.of("A", "A1", "A2", "B1", "C1", "C2").mapToInt(taxonomy::indexOf).toArray();
    var labels = new Labels(new TargetLevel(taxonomy, null), subjects);
    var tree = TaxonomyTree.of(labels, new int[] {0, 1, 3, 4, 5});

    assertThat(tree.outputs()[0]).containsExactly(1, ~3, 2);
    assertThat(tree.outputs()[1]).containsExactly(~0, ~1);
    assertThat(tree.outputs()[2]).containsExactly(~4, ~5);
    assertThat(tree.size()).isEqualTo(3);
  }

  @Test
  void aTaxonomyOfOneRootStartsBelowIt() {
    var labels = ToyCorpus.labels(List.of("a", "b", "c"));

    assertThat(TaxonomyTree.of(labels, new int[] {0, 2}).outputs())
        .isEqualTo(new int[][] {{~0, ~2}});
  }

  @Test
  void oneLabelIsATreeOfOneNode() {
    var labels = ToyCorpus.labels(List.of("a", "b", "c"));

    assertThat(TaxonomyTree.of(labels, new int[] {1}).outputs()).isEqualTo(new int[][] {{~1}});
    assertThat(clusters(vectors, new int[] {1}, 2, 2, true, 20).outputs())
        .isEqualTo(new int[][] {{~1}});
  }

  private static int[] labels(LabelTree tree) {
    return Arrays.stream(tree.labelsByOutput(0)).flatMapToInt(Arrays::stream).sorted().toArray();
  }

  private static LabelTree clusters(int branching, int leafSize, boolean balanced, int depth) {
    return clusters(vectors, PRESENT, branching, leafSize, balanced, depth);
  }

  private static LabelTree clusters(
      DocumentVectors vectors,
      int[] present,
      int branching,
      int leafSize,
      boolean balanced,
      int depth) {
    var parameters =
        FamilyTrial.parameters(
            BonsaiParameters.class,
            "{\"branching\": %d, \"leafSize\": %d, \"balanced\": %s, \"maximumDepth\": %d}"
                .formatted(branching, leafSize, balanced, depth));
    var centroids = Centroids.of(vectors, 24, 100, 1, () -> false);
    var tree =
        LabelClusters.tree(
            centroids,
            vectors.features(),
            present,
            parameters,
            Math.max(2, leafSize),
            1,
            1,
            () -> false);
    assertThat(
            LabelClusters.tree(
                    centroids,
                    vectors.features(),
                    present,
                    parameters,
                    Math.max(2, leafSize),
                    1,
                    3,
                    () -> false)
                .outputs())
        .isEqualTo(tree.outputs());
    return tree;
  }

  /** Not in a static initializer, which other threads would wait for. */
  @BeforeAll
  static void makeLabelsAlikeByFour() {
    var corpus = ToyCorpus.of(24, 0, 0, 1);
    var examples =
        IntStream.range(0, 240)
            .filter(d -> d % 24 != 5)
            .mapToObj(
                d -> {
                  var text = "topic%d topic%d own%d word%d".formatted(d % 4, d % 4, d % 24, d % 7);
                  return new Example(ToyCorpus.document("d" + d, text), new int[] {d % 24});
                })
            .toList();
    vectors = vectors(corpus.learning(examples));
  }

  private static DocumentVectors vectors(ToyCorpus corpus) {
    var features = FamilyTrial.parameters(BonsaiParameters.class, "{}").features();
    return DocumentVectors.learn(corpus.training(), features, "en", 1, () -> false, read -> {});
  }
}
