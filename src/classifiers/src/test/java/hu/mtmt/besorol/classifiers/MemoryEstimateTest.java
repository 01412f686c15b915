package hu.mtmt.besorol.classifiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.classifiers.text.TextSample;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.DecisionTreeParameters;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.LabelMatchParameters;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.contract.TfidfNearestParameters;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryEstimateTest {
  private static final MemoryEstimate.Size SIZE = new MemoryEstimate.Size(100_000, 200, 2, 500);
  private static final TextSample SAMPLE = new TextSample(100, 40_000, 1_000, 0.5, 0.4);
  private static final LinearParameters LINEAR = ContractJson.defaults(LinearParameters.class);

  private static MemoryEstimate of(
      AlgorithmParameters parameters, MemoryEstimate.Size size, int threads) {
    return MemoryEstimate.of(parameters, size, threads, features -> SAMPLE);
  }

  /** By hand: 40,000 n-grams of 1,000 documents are 400,000 of 100,000, 160,000 of them kept. */
  @Test
  void addsUp() {
    var estimate = of(LINEAR, SIZE, 2);
    assertThat(estimate.features()).isEqualTo(400_000 * 23 + 100_000 * 100 * 8);
    assertThat(estimate.weights()).isEqualTo((long) (9 * 0.5 * 100_000 * 100 * 2));
    assertThat(estimate.threads()).isEqualTo((32L << 20) + 2 * (32 * 160_000 + 6 * 100_000));
    assertThat(estimate.bytes())
        .isEqualTo(estimate.features() + estimate.weights() + estimate.threads());
  }

  /** By hand: 30,000 leaves a tree; 10,000,000 entries, of which a forest looks at a tenth. */
  @Test
  void countsTheTreesOfAForest() {
    var forest = of(trees(100, 100, 1), SIZE, 2);
    assertThat(forest.features()).isEqualTo(of(LINEAR, SIZE, 2).features());
    assertThat(forest.weights()).isEqualTo(2L * 100 * 30_000 * 40);
    assertThat(forest.threads())
        .isEqualTo((32L << 20) + 2 * (8 * 1_000_000 + 4 * 160_000 + 5 * 100_000));
    assertThat(of(trees(100, 100, 10), SIZE, 2).weights()).isEqualTo(forest.weights() / 10);
    assertThat(of(trees(100, 5, 1), SIZE, 2).weights()).isEqualTo(2 * 100 * 32 * 40);
    // one tree, one thread, all features
    assertThat(of(trees(1, 100, 1), SIZE, 2).threads())
        .isEqualTo((32L << 20) + 8 * 10_000_000 + 4 * 160_000 + 5 * 100_000);
  }

  private static DecisionTreeParameters trees(int trees, int depth, int documents) {
    return ContractJson.readPart(
        "{\"trees\":%d,\"maximumDepth\":%d,\"minimumDocuments\":%d}"
            .formatted(trees, depth, documents)
            .getBytes(StandardCharsets.UTF_8),
        DecisionTreeParameters.class,
        "parameters");
  }

  @Test
  void growsWithDataThreadsAndLabels() {
    long base = of(LINEAR, SIZE, 2).bytes();
    assertThat(of(LINEAR, SIZE, 4).bytes()).isGreaterThan(base);
    assertThat(of(LINEAR, new MemoryEstimate.Size(200_000, 200, 2, 500), 2).bytes())
        .isGreaterThan(base);
    assertThat(of(LINEAR, new MemoryEstimate.Size(100_000, 200, 4, 500), 2).bytes())
        .isGreaterThan(base);
    // an only label has no more weights than there are features
    assertThat(of(LINEAR, new MemoryEstimate.Size(100_000, 1, 2, 500), 2).weights())
        .isEqualTo((long) (9 * 0.5 * 160_000));
    assertThat(of(ContractJson.defaults(TfidfNearestParameters.class), SIZE, 2).bytes())
        .isLessThan(base);
    assertThat(of(ContractJson.defaults(BonsaiParameters.class), SIZE, 2).features())
        .isEqualTo(of(LINEAR, SIZE, 2).features());
    assertThat(of(ContractJson.defaults(LabelMatchParameters.class), SIZE, 2).features()).isZero();
  }

  @Test
  void takesNoMoreFeaturesThanThereMayBe() {
    var few =
        ContractJson.readPart(
            "{\"features\":{\"maximumFeatures\":1000}}".getBytes(StandardCharsets.UTF_8),
            LinearParameters.class,
            "parameters");
    assertThat(of(few, SIZE, 1).threads()).isEqualTo((32L << 20) + 32 * 1_000 + 6 * 100_000);
  }

  /** By hand: three subjects of 250 bytes for each of 10,000 documents, or 200 for each name. */
  @Test
  void countsNamesAndMatches() {
    var parameters = ContractJson.defaults(LabelMatchParameters.class);
    assertThat(of(parameters, SIZE, 2).weights()).isEqualTo(10_000 * 750);
    assertThat(of(parameters, new MemoryEstimate.Size(1_000, 200, 2, 500), 2).weights())
        .isEqualTo(1_000 * 750);
    assertThat(of(parameters, new MemoryEstimate.Size(1_000, 200, 2, 50_000), 2).weights())
        .isEqualTo(50_000 * 200);
  }

  @Test
  void namesAreThoseOfAllSubjectsOfTheTaxonomy() {
    var taxonomy =
        Taxonomy.of(
            List.of(
                new Subject("r", null, "Root"),
                new Subject(
                    "a",
                    "r",
                    Map.of("en", "One", "hu", "Egy"),
                    Map.of("en", List.of("Single", "Sole")),
                    Map.of("en", "Of one"),
                    false)));
    var labels = new Labels(new TargetLevel(taxonomy, null), new int[] {0, 1});
    assertThat(MemoryEstimate.Size.of(10, labels, 1))
        .isEqualTo(new MemoryEstimate.Size(10, 2, 1, 5));
  }

  @Test
  void refusesWithTheEstimate() {
    var estimate = new MemoryEstimate(3L << 30, 1L << 30, 1L << 20, "do less");
    assertThatCode(() -> estimate.requireFits(estimate.bytes())).doesNotThrowAnyException();
    assertThatThrownBy(() -> estimate.requireFits(estimate.bytes() - 1))
        .isInstanceOfSatisfying(
            BesorolException.class,
            e -> assertThat(e.kind()).isEqualTo(FailureKind.DEVICE_MEMORY_EXHAUSTED))
        .hasMessageContaining("at least 4,097 MiB")
        .hasMessageContaining("features 3,072 MiB, weights 1,024 MiB, threads 1 MiB")
        .hasMessageContaining("-Xmx6g")
        .hasMessageEndingWith(", or do less.");
  }

  @ParameterizedTest
  @MethodSource
  void theRemedyFitsTheFamily(
      AlgorithmParameters parameters, MemoryEstimate.Size size, String remedy) {
    assertThat(of(parameters, size, 2).remedy()).isEqualTo(remedy);
  }

  static Stream<Arguments> theRemedyFitsTheFamily() {
    var linear = ContractJson.defaults(LinearParameters.class);
    var match = ContractJson.defaults(LabelMatchParameters.class);
    var few = new MemoryEstimate.Size(1_000, 2, 1, 10);
    return Stream.of(
        Arguments.of(
            ContractJson.defaults(TfidfNearestParameters.class),
            SIZE,
            "leave out n-grams (features.words, features.characters)"),
        Arguments.of(
            linear,
            new MemoryEstimate.Size(100_000, 10_000, 10, 500),
            "set a lower level of the taxonomy, or raise features.minimumDocuments"),
        Arguments.of(trees(5_000, 100, 1), SIZE, "take fewer trees, or raise minimumDocuments"),
        Arguments.of(
            match,
            new MemoryEstimate.Size(10, 2, 1, 1_000_000),
            "leave alternative names out of the taxonomy"),
        // what every training needs cannot be lowered
        Arguments.of(match, few, null));
  }

  @Test
  void whatRunsOutAllTheSameIsToldTheSameRemedy() {
    var estimate = of(ContractJson.defaults(LabelMatchParameters.class), SIZE, 2);
    var cause = new OutOfMemoryError("Java heap space");
    assertThat(estimate.exhausted(40L << 20, cause))
        .hasCause(cause)
        .hasMessageContainingAll("more than 40 MiB", "-Xmx1g")
        .hasMessageNotContaining("n-gram");
  }

  /** Documents of words by Zipf's law: from 1,000 of them to 8,000. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void foretellsTheNumberOfNgrams(long seed) {
    var random = new java.util.SplittableRandom(seed);
    var documents =
        IntStream.range(0, 8_000)
            .mapToObj(
                d ->
                    document(
                        String.join(
                            " ",
                            IntStream.range(0, 30)
                                .mapToObj(w -> "w" + (int) Math.exp(12 * random.nextDouble()))
                                .toList())))
            .toList();
    var features = ContractJson.defaults(TextFeatures.class);
    var sample = TextSample.of(documents.subList(0, 1_000), features, "en");
    var all = TextSample.of(documents, features, "en");
    assertThat(sample.ngrams()).isCloseTo(all.ngrams(), within(0.05 * all.ngrams()));
    assertThat(sample.differentIn(1_000)).isEqualTo(sample.different());
    assertThat(sample.differentIn(8_000)).isBetween(0.6 * all.different(), 1.4 * all.different());
  }

  @Test
  void aSampleOfOneDocumentOrWithoutTextIsOne() {
    var features = ContractJson.defaults(TextFeatures.class);
    assertThat(TextSample.of(List.of(document("one")), features, "en").differentIn(10))
        .isPositive();
    assertThat(TextSample.of(List.of(document("")), features, "en").differentIn(10)).isZero();
  }

  private static Document document(String title) {
    return new Document(null, title, null, null, null, null, null, null);
  }
}
