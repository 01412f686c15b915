package hu.mtmt.besorol.classifiers.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.classifiers.Answer;
import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.ModelTraining;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingContext.Listener;
import hu.mtmt.besorol.classifiers.answers.Answering;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AnswerParameters;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.corpus.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearFamilyTest {
  /** 20 labels: three lane groups, the last one not full. */
  private static final ToyCorpus CORPUS = ToyCorpus.of(20, 800, 200, 11);

  private static final Listener DEAF = (stage, share, epoch, loss) -> {};

  @TempDir Path scratch;
  private int directories;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CRAMMER_SINGER")
  void learnsWhatWordsTellOfSubjects(LinearParameters.Loss loss) {
    var parameters = parameters("{\"loss\": \"%s\", \"cost\": \"2\"}".formatted(written(loss)));
    var directory = directory();
    var decision = train(parameters, CORPUS, context(2), directory);
    var classifier = load(parameters, directory, CORPUS);

    assertThat(strictF1(classifier, decision, CORPUS.tested())).isGreaterThan(0.9);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void theModelIsTheSameWhateverTheThreads(int threads) throws IOException {
    assertThat(digests(trained(context(threads)))).isEqualTo(digests(trained(context(1))));
  }

  @Test
  void theSeedMatters() throws IOException {
    var other = new TrainingContext(2, 2, null, null, () -> false, DEAF);

    assertThat(digests(trained(other))).isNotEqualTo(digests(trained(context(2))));
  }

  @Test
  void aStoppedTrainingGoesOnToTheSameModel() throws IOException {
    var uninterrupted = digests(trained(context(2)));
    var random = new SplittableRandom(5);
    for (int round = 0; round < 10; round++) {
      var checkpoints = directory();
      int stops = 0;
      Path directory = null;
      while (directory == null) {
        var questions = new AtomicInteger(random.nextInt(4, 40));
        BooleanSupplier cancelled = () -> questions.decrementAndGet() < 0;
        try {
          directory =
              trained(new TrainingContext(1, 1 + round % 3, checkpoints, null, cancelled, DEAF));
        } catch (CancelledException e) {
          stops++;
          if (stops > 3) { // the next one runs to the end
            directory = trained(new TrainingContext(1, 2, checkpoints, null, () -> false, DEAF));
          }
        }
      }
      assertThat(digests(directory)).isEqualTo(uninterrupted);
    }
  }

  @Test
  void finishedGroupsAreNotTrainedAgain() {
    var checkpoints = directory();
    trained(new TrainingContext(1, 1, checkpoints, null, () -> false, DEAF));
    var passes = new AtomicInteger();
    trained(
        new TrainingContext(
            1,
            1,
            checkpoints,
            null,
            () -> false,
            (stage, share, epoch, loss) -> {
              if (epoch != null) {
                passes.incrementAndGet();
              }
            }));

    assertThat(passes).hasValue(0);
  }

  @Test
  void checkpointsOfAnotherTrainingAreNotUsed() throws IOException {
    var checkpoints = directory();
    trained(new TrainingContext(2, 2, checkpoints, null, () -> false, DEAF));
    var otherData = ToyCorpus.of(20, 800, 200, 12);
    train(
        parameters("{}"),
        otherData,
        new TrainingContext(1, 2, checkpoints, null, () -> false, DEAF),
        directory());

    assertThat(digests(trained(new TrainingContext(1, 2, checkpoints, null, () -> false, DEAF))))
        .isEqualTo(digests(trained(context(2))));
  }

  @Test
  void aDamagedCheckpointIsTrainedAgain() throws IOException {
    var checkpoints = directory();
    trained(new TrainingContext(1, 2, checkpoints, null, () -> false, DEAF));
    var group = checkpoints.resolve("part-1");
    var bytes = Files.readAllBytes(group);
    bytes[bytes.length / 2] ^= 1;
    Files.write(group, bytes);
    Files.write(checkpoints.resolve("part-0"), Arrays.copyOf(bytes, 5));

    assertThat(digests(trained(new TrainingContext(1, 2, checkpoints, null, () -> false, DEAF))))
        .isEqualTo(digests(trained(context(2))));
  }

  @Test
  void progressNeverFallsWithinAStage() {
    var shares = Collections.synchronizedMap(new EnumMap<Stage, Double>(Stage.class));
    var falls = Collections.synchronizedList(new ArrayList<String>());
    train(
        parameters("{}"),
        CORPUS,
        new TrainingContext(
            1,
            1,
            null,
            null,
            () -> false,
            (stage, share, epoch, loss) -> {
              Double before = shares.put(stage, share);
              if (before != null && share < before || share < 0 || share > 1) {
                falls.add(stage + " " + before + " " + share);
              }
            }),
        directory());

    assertThat(falls).isEmpty();
    assertThat(shares)
        .containsOnly(
            Map.entry(Stage.FEATURES, 1.0),
            Map.entry(Stage.TRAINING, 1.0),
            Map.entry(Stage.CALIBRATING, 1.0));
  }

  @Test
  void aSubjectWithoutDocumentsIsNeverSuggested() {
    var ids = new ArrayList<>(CORPUS.labels().ids());
    ids.add(3, "unseen");
    var shifted =
        new ToyCorpus(
            ToyCorpus.labels(ids), shift(CORPUS.learnt()), shift(CORPUS.validated()), List.of());
    var directory = directory();
    train(parameters("{}"), shifted, context(2), directory);
    var classifier = load(parameters("{}"), directory, shifted);

    for (var example : CORPUS.tested()) {
      var ranked = classifier.answer(example.document());
      assertThat(ranked.labels()[0]).isNotEqualTo(3);
      assertThat(ranked.scores()[0]).isPositive();
      assertThat(ranked.scores()[rank(ranked, 3)]).isZero();
    }
  }

  private static List<Example> shift(List<Example> examples) {
    return examples.stream()
        .map(
            e ->
                new Example(
                    e.document(), Arrays.stream(e.labels()).map(l -> l < 3 ? l : l + 1).toArray()))
        .toList();
  }

  @Test
  void documentsWithoutSubjectsAreNotLearntFrom() throws IOException {
    var more = new ArrayList<Example>();
    for (var example : CORPUS.learnt()) {
      more.add(example);
      more.add(new Example(example.document(), new int[0]));
    }
    var directory = directory();
    train(parameters("{}"), CORPUS.learning(more), context(2), directory);

    assertThat(digests(directory)).isEqualTo(digests(trained(context(2))));
  }

  @Test
  void aValidationPartOfAFewDocumentsIsNoObstacle() {
    for (int documents : new int[] {0, 1, 19}) {
      var corpus = CORPUS.validating(CORPUS.validated().subList(0, documents));
      var directory = directory();
      var decision = train(parameters("{}"), corpus, context(2), directory);

      assertThat(decision).isEqualTo(new Decision(0.5, 1, 3));
      assertThat(strictF1(load(parameters("{}"), directory, corpus), decision, CORPUS.tested()))
          .isGreaterThan(0.6);
    }
  }

  @Test
  void aDocumentWithoutKnownWordsHasNoScores() {
    var classifier = load(parameters("{}"), trained(context(2)), CORPUS);

    assertThat(classifier.answer(ToyCorpus.document("1", "zzz qqq")).labels()).isEmpty();
  }

  @Test
  void manyThreadsGetTheSameAnswers() throws Exception {
    var classifier = load(parameters("{}"), trained(context(2)), CORPUS);
    var alone = new ArrayList<float[]>();
    for (var example : CORPUS.tested()) {
      alone.add(classifier.answer(example.document()).scores());
    }
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var together = new ArrayList<Future<float[]>>();
      for (int i = 0; i < 2000; i++) {
        var document = CORPUS.tested().get(i % 100).document();
        together.add(executor.submit(() -> classifier.answer(document).scores()));
      }
      for (int i = 0; i < together.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i % 100));
      }
    }
  }

  @Test
  void refusesDataWithOneSubject() {
    var one =
        CORPUS.learnt().stream().filter(e -> Arrays.equals(e.labels(), new int[] {4})).toList();

    assertRefused(CORPUS.learning(one), "only one subject", "at least two subjects");
  }

  @Test
  void refusesDataWithoutSubjectsOrText() {
    var noSubjects =
        CORPUS.learnt().stream().map(e -> new Example(e.document(), new int[0])).toList();
    var noText =
        CORPUS.learnt().stream()
            .map(e -> new Example(ToyCorpus.document("1", null), e.labels()))
            .toList();

    assertRefused(CORPUS.learning(List.of()), "no training documents with subjects");
    assertRefused(CORPUS.learning(noSubjects), "no training documents with subjects");
    assertRefused(CORPUS.learning(noText), "800 training documents", "need text");
  }

  private void assertRefused(ToyCorpus corpus, String... words) {
    assertThatThrownBy(() -> train(parameters("{}"), corpus, context(2), directory()))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATA_INVALID))
        .hasMessageContainingAll(words);
  }

  @Test
  void refusesFilesThatDoNotBelongTogether() throws IOException {
    var directory = trained(context(2));

    assertThatThrownBy(() -> load(parameters("{}"), directory, ToyCorpus.of(19, 0, 0, 1)))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll("weights.bin", "20", "19");

    var other = directory();
    train(parameters("{}"), ToyCorpus.of(20, 300, 0, 9), context(2), other);
    Files.copy(vocabulary(other), vocabulary(directory), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> load(parameters("{}"), directory, CORPUS))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll("vocabulary", "weights.bin");
  }

  private static Path vocabulary(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory, "vocabulary-*.bin")) {
      return files.iterator().next();
    }
  }

  private Path trained(TrainingContext context) {
    var directory = directory();
    train(parameters("{}"), CORPUS, context, directory);
    return directory;
  }

  private static Decision train(
      LinearParameters parameters, ToyCorpus corpus, TrainingContext context, Path directory) {
    return ModelTraining.train(Algorithm.of(parameters), corpus, context, directory);
  }

  private static Trained load(LinearParameters parameters, Path directory, ToyCorpus corpus) {
    var files = new ModelFiles(directory, corpus.labels(), "en");
    try {
      return new Trained(
          new LinearFamily().load(parameters, files),
          Answering.read(
              ContractJson.defaults(AnswerParameters.class), files, new Decision(0.5, 1, 3)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Scores and what makes answers of them. */
  private record Trained(Scorer scorer, Answering answering) {

    /** All labels, ranked. */
    Answer answer(Document document) {
      var scores = new Scores();
      try (var query = new Query(document)) {
        scorer.score(query, scores);
      }
      return answering.answer(scores, 100);
    }
  }

  private static int rank(Answer answer, int label) {
    return Arrays.stream(answer.labels()).boxed().toList().indexOf(label);
  }

  private static TrainingContext context(int threads) {
    return new TrainingContext(1, threads, null, null, () -> false, DEAF);
  }

  private Path directory() {
    try {
      return Files.createDirectory(scratch.resolve("d" + directories++));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Digest> digests(Path directory) throws IOException {
    var digests = new TreeMap<String, Digest>();
    try (var files = Files.newDirectoryStream(directory)) {
      for (var file : files) {
        digests.put(file.getFileName().toString().replaceFirst("-.*[.]", "."), Digest.of(file));
      }
    }
    assertThat(digests).containsOnlyKeys("calibration.json", "vocabulary.bin", "weights.bin");
    return digests;
  }

  private static double strictF1(Trained classifier, Decision decision, List<Example> examples) {
    int hits = 0;
    int answered = 0;
    int truths = 0;
    for (var example : examples) {
      var answer = classifier.answer(example.document());
      truths += example.labels().length;
      for (int rank = 0; rank < decision.maximumSubjects(); rank++) {
        if (rank < decision.minimumSubjects() || answer.scores()[rank] >= decision.threshold()) {
          answered++;
          hits += Arrays.binarySearch(example.labels(), answer.labels()[rank]) >= 0 ? 1 : 0;
        }
      }
    }
    return 2.0 * hits / (answered + truths);
  }

  private static String written(LinearParameters.Loss loss) {
    return switch (loss) {
      case SQUARED_HINGE -> "SquaredHinge";
      case LOGISTIC -> "Logistic";
      case PASSIVE_AGGRESSIVE -> "PassiveAggressive";
      case CRAMMER_SINGER -> "CrammerSinger";
    };
  }

  private static LinearParameters parameters(String json) {
    return ContractJson.readPart(
        json.getBytes(StandardCharsets.UTF_8), LinearParameters.class, "parameters");
  }
}
