package hu.mtmt.besorol.classifiers.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.corpus.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class VectorsTest {
  private static final TextFeatures EVERYTHING =
      features(
          """
          {"minimumDocuments": 1, "maximumDocumentShare": "1",
           "characters": {"minimum": 3, "maximum": 4},
           "fields": [{"name": "Title", "separateWeight": "0.5"}, {"name": "Abstract", "weight": "0.7"},
                      {"name": "Keywords"}, {"name": "Journal", "weight": "0", "separateWeight": "0.25"}]}\
          """);

  private static final TextFeatures EVERYTHING_HASHED =
      features(
          """
          {"minimumDocuments": 1, "maximumDocumentShare": "1", "hashing": {"bits": 18},
           "characters": {"minimum": 3, "maximum": 4},
           "fields": [{"name": "Title", "separateWeight": "0.5"}, {"name": "Abstract", "weight": "0.7"},
                      {"name": "Keywords"}, {"name": "Journal", "weight": "0", "separateWeight": "0.25"}]}\
          """);

  private static List<TextFeatures> everything() {
    return List.of(EVERYTHING, EVERYTHING_HASHED);
  }

  @ParameterizedTest
  @MethodSource("everything")
  void aVectorIsTheSameWhetherLearntFromOrAnswered(TextFeatures features) {
    var examples = ToyCorpus.of(12, 700, 0, 1).learnt();
    var learnt = learn(examples, features, 2);
    var vectorizer = new Vectorizer(features, "en", learnt.vocabulary());

    for (int d = 0; d < examples.size(); d++) {
      var block = learnt.blockOf(d);
      int start = block.starts()[learnt.rowOf(d)];
      var vector = vectorizer.vector(examples.get(d).document());
      var entries = new TreeMap<Integer, Float>();
      for (int i = 0; i < vector.size(); i++) {
        entries.put(vector.index(i), vector.value(i));
      }
      assertThat(entries).hasSize(block.starts()[learnt.rowOf(d) + 1] - start);
      int i = start;
      for (var entry : entries.entrySet()) {
        assertThat(block.indices()[i]).isEqualTo(entry.getKey());
        assertThat(block.values()[i++]).isEqualTo(entry.getValue());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everything")
  void threadsDoNotMatter(TextFeatures features) {
    var examples = ToyCorpus.of(12, 1500, 0, 1).learnt();
    var one = learn(examples, features, 1);

    for (int threads : new int[] {2, 4}) {
      var many = learn(examples, features, threads);
      assertThat(many.checksum()).isEqualTo(one.checksum());
      assertThat(bytes(many.vocabulary())).isEqualTo(bytes(one.vocabulary()));
    }
  }

  @Test
  void theChecksumTellsLabelsAndTextsApart() {
    var examples = ToyCorpus.of(12, 300, 0, 1).learnt();
    var otherLabels = examples.stream().map(e -> new Example(e.document(), new int[] {3})).toList();
    var checksum = learn(examples, EVERYTHING, 2).checksum();

    assertThat(learn(otherLabels, EVERYTHING, 2).checksum()).isNotEqualTo(checksum);
    assertThat(learn(examples.reversed(), EVERYTHING, 2).checksum()).isNotEqualTo(checksum);
  }

  @Test
  void weightsAreThoseOfTheFormula() {
    // N = 3; "alpha" in 3 documents, "beta" in 2, "gamma" in 1
    var features =
        features(
            "{\"minimumDocuments\": 1, \"maximumDocumentShare\": \"1\", \"words\": {\"minimum\": 1,"
                + " \"maximum\": 1}}");
    var vectors = learn(titles("alpha alpha alpha beta", "alpha beta", "alpha gamma"), features, 1);

    double alpha = 2; // log2(1 + 3) · (ln(4 / 4) + 1)
    double beta = Math.log(4.0 / 3) + 1;
    double length = Math.hypot(alpha, beta);
    var block = vectors.blockOf(0);
    assertThat(block.indices()).startsWith(0, 1);
    assertThat(block.values()[0]).isCloseTo((float) (alpha / length), within(1e-6f));
    assertThat(block.values()[1]).isCloseTo((float) (beta / length), within(1e-6f));
  }

  @Test
  void separateFieldsGetTheirShareOfTheLength() {
    var features =
        features(
            """
            {"minimumDocuments": 1, "maximumDocumentShare": "1", "words": {"minimum": 1, "maximum": 1},
             "fields": [{"name": "Title", "separateWeight": "0.5"}, {"name": "Abstract"}]}\
            """);
    var document = new Document("1", "alpha", "beta gamma", null, null, "en", null, null);
    var vectors = learn(List.of(new Example(document, new int[] {0})), features, 1);

    // shared: alpha, beta, gamma of equal weight and length 1; separate: alpha, length 0.5
    var values = vectors.blockOf(0).values().clone();
    Arrays.sort(values);
    float total = (float) Math.sqrt(1 + 0.25);
    float shared = (float) (1 / Math.sqrt(3)) / total;
    assertThat(values)
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0.5f / total, shared, shared, shared);
  }

  @Test
  void rareAndCommonNgramsAreLeftOut() {
    var documents = titles("alpha beta", "alpha beta", "alpha gamma", "alpha delta");
    var unigrams = "\"words\": {\"minimum\": 1, \"maximum\": 1}";

    assertThat(
            learn(
                    documents,
                    features(
                        "{\"minimumDocuments\": 2, \"maximumDocumentShare\": \"1\", "
                            + unigrams
                            + "}"),
                    1)
                .features())
        .isEqualTo(2);
    assertThat(
            learn(
                    documents,
                    features(
                        "{\"minimumDocuments\": 2, \"maximumDocumentShare\": \"0.5\", "
                            + unigrams
                            + "}"),
                    1)
                .features())
        .isEqualTo(1);
  }

  @Test
  void theMostFrequentNgramsAreKept() {
    var examples = ToyCorpus.of(20, 600, 0, 1).learnt();
    var all = learn(examples, features("{\"minimumDocuments\": 1}"), 2);
    var some = learn(examples, features("{\"minimumDocuments\": 1, \"maximumFeatures\": 150}"), 2);

    assertThat(all.features()).isGreaterThan(150);
    assertThat(some.features()).isEqualTo(150);
    for (int f = 0; f < 150; f++) {
      assertThat(some.vocabulary().idf(f)).isEqualTo(all.vocabulary().idf(f));
    }
  }

  @Test
  void aDocumentOfUnknownWordsHasAnEmptyVector() {
    var features = features("{\"minimumDocuments\": 1}");
    var vectors = learn(titles("alpha beta", "beta gamma", "gamma"), features, 1);
    var vectorizer = new Vectorizer(features, "en", vectors.vocabulary());

    assertThat(vectorizer.vector(ToyCorpus.document("1", "zeta")).size()).isZero();
    assertThat(vectorizer.vector(ToyCorpus.document("1", null)).size()).isZero();
    assertThat(vectorizer.vector(ToyCorpus.document("1", "alpha")).size()).isOne();
  }

  @Test
  void aHugeDocumentDoesNotDisturbTheNext() {
    var features = features("{\"minimumDocuments\": 1, \"maximumDocumentShare\": \"1\"}");
    var vectors = learn(titles("alpha beta", "beta gamma"), features, 1);
    var vectorizer = new Vectorizer(features, "en", vectors.vocabulary());
    var huge = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      huge.append("alpha word").append(i).append(' ');
    }

    assertThat(vectorizer.vector(ToyCorpus.document("1", huge.toString())).size()).isOne();
    assertThat(vectorizer.vector(ToyCorpus.document("2", "alpha beta")).size()).isEqualTo(3);
  }

  /** Packages of earlier versions are read with these hashes: they must never change. */
  @Test
  void hashesAreThoseOfPackagesThatExist() {
    var extractor = new NgramExtractor(EVERYTHING, "en");

    assertThat(hash(extractor, "en", "Sparse models of libraries")).isEqualTo(GOLDEN_EN);
    assertThat(hash(extractor, "hu", "Könyvtárakban őrzött kéziratok")).isEqualTo(GOLDEN_HU);
  }

  private static final long GOLDEN_EN = -2085130152333963456L;
  private static final long GOLDEN_HU = -7404247168042060237L;

  private static long hash(NgramExtractor extractor, String language, String title) {
    int n = extractor.extract(new Document("1", title, null, null, null, language, null, null));
    return IntStream.range(0, n).mapToLong(extractor::hash).reduce(0, Hashes::join);
  }

  @Test
  void bucketsKeepNothingButTheirFrequencies(@TempDir Path directory) throws IOException {
    var features = features("{\"minimumDocuments\": 2, \"hashing\": {\"bits\": 18}}");
    var documents = titles("alpha beta", "alpha gamma", "delta beta", "delta zeta", "epsilon eta");
    var vocabulary = learn(documents, features, 1).vocabulary();
    var file = directory.resolve(Vocabulary.FILE);
    vocabulary.write(file);

    assertThat(vocabulary.size()).isEqualTo(1 << 18);
    assertThat(file).hasSize(16 + 4 * (1 << 18));
    var extractor = new NgramExtractor(features, "en");
    assertThat(extractor.extract(ToyCorpus.document("1", "alpha beta gamma"))).isEqualTo(5);
    for (int i : new int[] {0, 1}) { // alpha and beta: 2 of 5 documents
      int feature = Vocabulary.map(file).feature(extractor.hash(i));
      assertThat(feature).isNotNegative();
      assertThat(vocabulary.idf(feature)).isEqualTo(Weighting.idf(2, 5));
    }
    assertThat(vocabulary.feature(extractor.hash(3))).isNegative(); // gamma: 1
  }

  /** n n-grams leave each of b buckets empty with a probability of about exp(-n / b). */
  @Test
  void ngramsFallEvenlyIntoBuckets() {
    var words = "\"words\": {\"minimum\": 1, \"maximum\": 1}";
    var features =
        features(
            "{%s, \"characters\": {\"minimum\": 1, \"maximum\": 1, \"languages\": \"None\"}, \"hashing\": {\"bits\": 18}, \"fields\": [{\"name\": \"Title\", \"separateWeight\": \"1\"}]}"
                .formatted(words));
    int n = 1 << 16;
    var title =
        IntStream.range(0, n)
            .mapToObj(i -> Integer.toString(n + i))
            .collect(Collectors.joining(" "));

    double half = 1 << 17; // for each of the two spaces
    assertThat(new NgramExtractor(features, "en").extract(ToyCorpus.document("1", title)))
        .isCloseTo((int) (2 * half * (1 - Math.exp(-n / half))), withinPercentage(1));
  }

  @Test
  void charactersAreASpaceOfTheLanguagesAskedFor() {
    var compounding =
        features(
            "{\"characters\": {\"minimum\": 3, \"maximum\": 5, \"languages\": \"Compounding\"}}");
    var none =
        features("{\"characters\": {\"minimum\": 3, \"maximum\": 5, \"languages\": \"None\"}}");

    assertThat(ngrams(features("{}"), "fi")).isEqualTo(ngrams(compounding, "fi"));
    assertThat(ngrams(compounding, "fi")).isEqualTo(1 + 5 + 4 + 3);
    assertThat(ngrams(compounding, "en")).isEqualTo(1);
    assertThat(ngrams(none, "fi")).isEqualTo(1);
  }

  /** A compound is known by its parts. */
  @ParameterizedTest
  @CsvSource({
    "de, Bibliothek Forschung, Bibliotheksforschung",
    "fi, kirjasto ohjelmat, kirjastoohjelmat",
    "hu, könyvtár tudomány, könyvtártudományi",
    "sv, bibliotek forskning, biblioteksforskning",
  })
  void compoundsShareFeaturesWithTheirParts(String language, String parts, String compound) {
    var features = features("{\"minimumDocuments\": 1, \"maximumDocumentShare\": \"1\"}");
    var learnt = inLanguage(language, parts);
    var vectorizer = new Vectorizer(features, "en", learn(learnt, features, 1).vocabulary());

    var shared = vectorizer.vector(inLanguage(language, compound).getFirst().document());
    assertThat(shared.size()).isGreaterThan(20);
  }

  private static List<Example> inLanguage(String language, String title) {
    return List.of(
        new Example(
            new Document("1", title, null, null, null, language, null, null), new int[] {0}));
  }

  private static int ngrams(TextFeatures features, String language) {
    return new NgramExtractor(features, "en")
        .extract(new Document("1", "alpha", null, null, null, language, null, null));
  }

  @Test
  void aLongTextHasBoundedNgrams() {
    var features =
        features("{\"minimumDocuments\": 1, \"characters\": {\"minimum\": 3, \"maximum\": 5}}");
    var random = new SplittableRandom(7);
    var text = new StringBuilder();
    while (text.length() < 1 << 20) {
      random.ints(8, 'a', 'z' + 1).forEach(text::appendCodePoint);
      text.append(' ');
    }
    var extractor = new NgramExtractor(features, "en");

    assertThat(extractor.extract(ToyCorpus.document("1", text.toString())))
        .isEqualTo(NgramExtractor.MOST_NGRAMS);
    assertThat(extractor.extract(ToyCorpus.document("2", "alpha"))).isEqualTo(1 + 5 + 4 + 3);
  }

  /** What a text says of characters is the n-grams of every word, with a mark at its ends. */
  @Test
  void charactersAreCountedWithinWords() {
    var features =
        features(
            """
            {"minimumDocuments": 1, "words": {"minimum": 8, "maximum": 8},
             "characters": {"minimum": 2, "maximum": 3}}\
            """);
    var extractor = new NgramExtractor(features, "en");

    // _b ba an na a_ _ba ban ana nan na_
    assertThat(extractor.extract(ToyCorpus.document("1", "Banana"))).isEqualTo(10);
    var counts = new TreeMap<Float, Integer>();
    IntStream.range(0, 10).forEach(i -> counts.merge(extractor.count(i), 1, Integer::sum));
    assertThat(counts).containsExactly(Map.entry(1f, 7), Map.entry(2f, 3)); // an, na and ana
  }

  @Test
  void aVocabularyReadsAsItWasWritten(@TempDir Path directory) throws IOException {
    var vectors = learn(ToyCorpus.of(12, 300, 0, 1).learnt(), EVERYTHING, 2);
    var file = directory.resolve(Vocabulary.FILE);
    vectors.vocabulary().write(file);
    var mapped = Vocabulary.map(file);

    assertThat(mapped.size()).isEqualTo(vectors.features());
    var extractor = new NgramExtractor(EVERYTHING, "en");
    int ngrams = extractor.extract(ToyCorpus.of(12, 1, 0, 1).learnt().getFirst().document());
    assertThat(ngrams).isPositive();
    for (int i = 0; i < ngrams; i++) {
      int feature = mapped.feature(extractor.hash(i));
      assertThat(feature)
          .isEqualTo(vectors.vocabulary().feature(extractor.hash(i)))
          .isNotNegative();
      assertThat(mapped.idf(feature)).isEqualTo(vectors.vocabulary().idf(feature));
    }
  }

  @Test
  void aFileThatIsNoVocabularyIsRefused(@TempDir Path directory) throws IOException {
    var file = directory.resolve(Vocabulary.FILE);
    learn(titles("alpha beta", "beta gamma"), EVERYTHING, 1).vocabulary().write(file);
    var whole = Files.readAllBytes(file);

    for (var wrong :
        List.of(
            new byte[3],
            new byte[whole.length],
            Arrays.copyOf(whole, whole.length - 8),
            Arrays.copyOf(whole, whole.length + 8))) {
      Files.write(file, wrong);
      assertThatThrownBy(() -> Vocabulary.map(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("vocabulary");
    }
  }

  @Test
  void readingStopsWhenAskedTo() {
    var endless = Stream.generate(() -> new Example(ToyCorpus.document("1", "alpha"), new int[0]));
    var closed = new boolean[1];
    var read = new int[1];

    assertThatThrownBy(
            () ->
                DocumentVectors.learn(
                    endless.onClose(() -> closed[0] = true),
                    EVERYTHING,
                    "en",
                    2,
                    () -> read[0] > 2000,
                    n -> read[0] = n))
        .isInstanceOf(CancelledException.class);
    assertThat(closed[0]).isTrue();
    assertThat(read[0]).isLessThan(2000 + 10 * BatchedWork.DOCUMENTS);
  }

  private static DocumentVectors learn(List<Example> examples, TextFeatures features, int threads) {
    return DocumentVectors.learn(
        examples.stream(), features, "en", threads, () -> false, read -> {});
  }

  private static List<Example> titles(String... titles) {
    return Stream.of(titles)
        .map(t -> new Example(ToyCorpus.document("1", t), new int[] {0}))
        .toList();
  }

  private static TextFeatures features(String json) {
    return ContractJson.readPart(
        json.getBytes(StandardCharsets.UTF_8), TextFeatures.class, "features");
  }

  private static byte[] bytes(Vocabulary vocabulary) {
    try {
      var directory = Files.createTempDirectory("vocabulary");
      var file = directory.resolve(Vocabulary.FILE);
      vocabulary.write(file);
      var bytes = Files.readAllBytes(file);
      Files.delete(file);
      Files.delete(directory);
      return bytes;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
