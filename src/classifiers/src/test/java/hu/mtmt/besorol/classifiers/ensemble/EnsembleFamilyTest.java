package hu.mtmt.besorol.classifiers.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.classifiers.DirectoryStore;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.ModelTraining;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EnsembleParameters;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.contract.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleFamilyTest {
  private static final ToyCorpus CORPUS = ToyCorpus.of(12, 600, 150, 11);
  private static final TrainingContext.Listener DEAF = (stage, share, epoch, loss) -> {};
  private static final String MEMBERS =
      """
      [{"type": "Linear", "linear": {"maximumEpochs": 5}},
       {"type": "Linear", "linear": {"loss": "Logistic", "maximumEpochs": 5,
                                     "features": {"words": {"minimum": 1, "maximum": 1}}}}]\
      """;

  /** So little that members are trained one after the other. */
  private static final long NO_HEAP = 0;

  private static final long ENOUGH_HEAP = Long.MAX_VALUE;

  @TempDir Path scratch;
  private int directories;

  @ParameterizedTest
  @EnumSource
  void answersAtLeastAsWellAsItsMembers(EnsembleParameters.Combination combination)
      throws IOException {
    var parameters = parameters(combination);
    var directory = trained(parameters, CORPUS, context(2, null));

    double ensemble = right(load(parameters, directory, CORPUS), CORPUS.tested());
    assertThat(ensemble).isGreaterThan(0.85);
    for (var member : Members.load(membersOf(parameters), files(directory, CORPUS)).scorers()) {
      assertThat(ensemble).isGreaterThanOrEqualTo(right(member, CORPUS.tested()) - 0.02);
    }
  }

  @Test
  void thePackageSaysWhichMembersItHasByDefault() {
    var parameters =
        ContractJson.readPart(
            "{}".getBytes(StandardCharsets.UTF_8), EnsembleParameters.class, "parameters");
    var directory = trained(parameters, CORPUS, context(2, null));

    assertThat(directory.resolve("member-3")).isDirectory();
    assertThat(right(load(parameters, directory, CORPUS), CORPUS.tested())).isGreaterThan(0.85);
  }

  @ParameterizedTest
  @EnumSource
  void theModelIsTheSameWhateverTheThreads(EnsembleParameters.Combination combination) {
    var parameters = parameters(combination);
    var one = digests(trained(parameters, CORPUS, context(1, null)));

    assertThat(digests(trained(parameters, CORPUS, context(2, null)))).isEqualTo(one);
    assertThat(digests(trained(parameters, CORPUS, context(3, null)))).isEqualTo(one);
  }

  @ParameterizedTest
  @EnumSource
  void theModelIsTheSameHoweverManyMembersAreTrainedAtOnce(
      EnsembleParameters.Combination combination) {
    var parameters = parameters(combination);
    var alone = digests(trained(parameters, CORPUS, withHeap(NO_HEAP, DEAF)));

    assertThat(digests(trained(parameters, CORPUS, withHeap(ENOUGH_HEAP, DEAF)))).isEqualTo(alone);
  }

  @Test
  void theFailureOfAMemberStopsTheOthers() {
    var grown = new AtomicInteger();
    TrainingContext.Listener listener =
        (stage, share, epoch, loss) -> grown.accumulateAndGet(epoch == null ? 0 : epoch, Math::max);
    var parameters =
        parameters(
            """
            [{"type": "DecisionTree", "decisionTree": {"trees": 1000}},
             {"type": "Linear", "linear": {"loss": "CrammerSinger"}}]\
            """,
            "Stacked");

    assertThatThrownBy(() -> trained(parameters, CORPUS, withHeap(ENOUGH_HEAP, listener)))
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining("one subject each");
    assertThat(grown).hasValueLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aStoppedTrainingGoesOnToTheSameModel(int threads) {
    var parameters = parameters(EnsembleParameters.Combination.STACKED);
    var uninterrupted = digests(trained(parameters, CORPUS, context(2, null)));
    var random = new SplittableRandom(threads);
    var checkpoints = directory();
    int stops = 0;
    Path finished = null;
    while (finished == null) {
      // ever later, so that it is stopped in every part of the work and ends at last
      var questions = new AtomicInteger(random.nextInt(1, 12) + 12 * stops);
      var context =
          new TrainingContext(
              1, threads, checkpoints, null, () -> questions.decrementAndGet() < 0, DEAF);
      try {
        finished = trained(parameters, CORPUS, context);
      } catch (CancelledException e) {
        stops++;
      }
    }
    assertThat(stops).isGreaterThan(3);
    assertThat(digests(finished)).isEqualTo(uninterrupted);
  }

  @Test
  void whatIsScoredOutOfFoldWasNotLearnt() {
    var random = new SplittableRandom(3);
    var shuffled =
        CORPUS.learnt().stream()
            .map(e -> new Example(e.document(), new int[] {random.nextInt(12)}))
            .toList();
    var set = new TrainingSet(CORPUS.learning(shuffled), context(2, null));
    var truths = shuffled.stream().map(Example::labels).toArray(int[][]::new);
    var member = membersOf(parameters(EnsembleParameters.Combination.STACKED)).get(0);
    var folds = new OutOfFold(set, truths, 3, context(2, null), files(directory(), CORPUS));
    var rankings = folds.rank("member", member, 1, DEAF);

    int right = 0;
    for (int i = 0; i < rankings.documents(); i++) {
      right += rankings.get(i).labels()[0] == truths[folds.documents()[i]][0] ? 1 : 0;
    }
    assertThat(rankings.documents()).isEqualTo(600);
    // of 12 subjects chance finds 50 ± 7; a member that has seen them finds nearly all
    assertThat(right).isBetween(25, 75);
  }

  @Test
  void everyDocumentIsInOneFoldAndLabelsAreDealtOutEvenly() {
    var truths = CORPUS.learnt().stream().map(Example::labels).toArray(int[][]::new);
    var set = new TrainingSet(CORPUS, context(1, null));
    var folds = new OutOfFold(set, truths, 3, context(1, null), files(directory(), CORPUS));

    assertThat(Arrays.stream(folds.documents()).sorted())
        .containsExactly(IntStream.range(0, 600).boxed().toArray(Integer[]::new));
  }

  @Test
  void aMemberIsTakenFromTheStore() throws IOException {
    var parameters = parameters(EnsembleParameters.Combination.STACKED);
    var store = directory();
    var first = digests(trained(parameters, CORPUS, context(2, store)));
    var passes = new AtomicInteger();
    var context =
        new TrainingContext(
            1,
            2,
            null,
            new DirectoryStore(store),
            () -> false,
            (stage, share, epoch, loss) -> {
              // members tell of passes with a share below what members take of the whole
              if (epoch != null && share < 0.9) {
                passes.incrementAndGet();
              }
            });

    assertThat(digests(trained(parameters, CORPUS, context))).isEqualTo(first);
    assertThat(passes).hasValue(0);
    assertThat(digests(trained(parameters, CORPUS, context(2, null)))).isEqualTo(first);
    try (var entries = Files.list(store.resolve(".members"))) {
      for (var entry : entries.toList()) { // what is damaged is trained again
        try (var files = Files.list(entry)) {
          for (var file : files.filter(f -> !f.endsWith("digests")).toList()) {
            Files.write(file, new byte[] {1, 2, 3});
          }
        }
      }
    }
    assertThat(digests(trained(parameters, CORPUS, context(2, store)))).isEqualTo(first);
  }

  @Test
  void aSubjectWithOneDocumentAndOneWithoutAreNoObstacle() {
    var ids = new ArrayList<>(CORPUS.labels().ids());
    ids.add("single");
    ids.add("unseen");
    var learnt = new ArrayList<>(CORPUS.learnt());
    learnt.add(new Example(ToyCorpus.document("one", "lonely words alone"), new int[] {12}));
    var corpus = new ToyCorpus(ToyCorpus.labels(ids), learnt, CORPUS.validated(), CORPUS.tested());
    for (var combination : EnsembleParameters.Combination.values()) {
      var parameters = parameters(combination);
      var scorer = load(parameters, trained(parameters, corpus, context(2, null)), corpus);

      assertThat(right(scorer, CORPUS.tested())).isGreaterThan(0.8);
    }
  }

  @Test
  void aFewDocumentsAreNoObstacle() {
    var few = CORPUS.learning(CORPUS.learnt().subList(0, 12)).validating(List.of());
    for (var combination : EnsembleParameters.Combination.values()) {
      var parameters = parameters(combination);
      var scorer = load(parameters, trained(parameters, few, context(2, null)), few);

      assertThat(scores(scorer, CORPUS.learnt().get(0)).size()).isPositive();
    }
  }

  @Test
  void aDocumentWithoutKnownWordsHasNoScores() {
    var parameters = parameters(EnsembleParameters.Combination.STACKED);
    var scorer = load(parameters, trained(parameters, CORPUS, context(2, null)), CORPUS);

    var nothing = new Example(ToyCorpus.document("1", "zzz qqq"), new int[0]);
    assertThat(scores(scorer, nothing).size()).isZero();
  }

  @Test
  void explainsByMembersAndTheReasonsOfTheWeightiest() {
    var parameters = parameters(EnsembleParameters.Combination.STACKED);
    var scorer = load(parameters, trained(parameters, CORPUS, context(2, null)), CORPUS);
    var example = CORPUS.tested().get(0);

    List<Reason> reasons;
    try (var query = new Query(example.document())) {
      reasons = scorer.explain(query, example.labels()[0], 6);
    }
    assertThat(reasons).hasSize(6);
    assertThat(reasons.subList(0, 2))
        .allMatch(r -> r.kind() == Reason.Kind.MEMBER && r.weight() > 0)
        .extracting(Reason::text)
        .containsExactlyInAnyOrder("Linear 1", "Linear 2");
    assertThat(reasons.subList(2, 6)).allMatch(r -> r.kind() == Reason.Kind.TERM);
  }

  @Test
  void progressNeverFalls() {
    var falls = Collections.synchronizedList(new ArrayList<String>());
    var last = new double[1];
    trained(
        parameters(EnsembleParameters.Combination.STACKED),
        CORPUS,
        new TrainingContext(
            1,
            1,
            null,
            null,
            () -> false,
            (stage, share, epoch, loss) -> {
              if (stage == Stage.TRAINING) {
                if (share < last[0] - 1e-9 || share > 1 + 1e-9) {
                  falls.add(last[0] + " " + share);
                }
                last[0] = share;
              }
            }));

    assertThat(falls).isEmpty();
    assertThat(last[0]).isGreaterThan(0.9);
  }

  @Test
  void refusesAVersionThatIsNotThere() {
    var version = "sha256:" + "0".repeat(64);
    var parameters = parameters("[{\"version\": \"%s\"}]".formatted(version), "Mean");

    assertThatThrownBy(() -> trained(parameters, CORPUS, context(1, directory())))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll(version, "not pruned");
    assertThatThrownBy(() -> trained(parameters, CORPUS, context(1, null)))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll(version, "no store");
  }

  @Test
  void refusesFilesThatDoNotBelongTogether() throws IOException {
    var parameters = parameters(EnsembleParameters.Combination.STACKED);
    var directory = trained(parameters, CORPUS, context(2, null));
    Directories.delete(directory.resolve("member-1"));

    assertThatThrownBy(() -> load(parameters, directory, CORPUS))
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining("2 members instead of 1");
  }

  private static EnsembleParameters parameters(EnsembleParameters.Combination combination) {
    return parameters(
        MEMBERS,
        switch (combination) {
          case MEAN -> "Mean";
          case STACKED -> "Stacked";
          case NEURAL -> "Neural";
        });
  }

  private static EnsembleParameters parameters(String members, String combination) {
    var json = "{\"members\": %s, \"combination\": \"%s\"}".formatted(members, combination);
    return ContractJson.readPart(
        json.getBytes(StandardCharsets.UTF_8), EnsembleParameters.class, "parameters");
  }

  private static List<AlgorithmParameters> membersOf(EnsembleParameters parameters) {
    return parameters.members().stream().map(m -> m.parameters()).toList();
  }

  private Path trained(EnsembleParameters parameters, ToyCorpus corpus, TrainingContext context) {
    var directory = directory();
    ModelTraining.train(
        parameters, new TrainingSet(corpus, context), context, files(directory, corpus));
    return directory;
  }

  private static ModelFiles files(Path directory, ToyCorpus corpus) {
    return new ModelFiles(directory, corpus.labels(), "en");
  }

  private static Scorer load(EnsembleParameters parameters, Path directory, ToyCorpus corpus) {
    return new EnsembleFamily().load(parameters, files(directory, corpus));
  }

  private static Scores scores(Scorer scorer, Example example) {
    var scores = new Scores();
    try (var query = new Query(example.document())) {
      scorer.score(query, scores);
    }
    return scores;
  }

  /** Share of the documents whose best label is right. */
  private static double right(Scorer scorer, List<Example> examples) {
    return examples.stream()
        .mapToInt(
            e ->
                Arrays.binarySearch(e.labels(), scores(scorer, e).best(1).labels()[0]) >= 0 ? 1 : 0)
        .average()
        .orElseThrow();
  }

  private static TrainingContext context(int threads, Path store) {
    return new TrainingContext(
        1, threads, null, store == null ? null : new DirectoryStore(store), () -> false, DEAF);
  }

  private static TrainingContext withHeap(long heap, TrainingContext.Listener listener) {
    return new TrainingContext(1, 2, heap, null, null, () -> false, listener);
  }

  private Path directory() {
    try {
      return Files.createDirectory(scratch.resolve("d" + directories++));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Digest> digests(Path directory) {
    var digests = new TreeMap<String, Digest>();
    try (var files = Files.walk(directory)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        digests.put(directory.relativize(file).toString(), Digest.of(file));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThat(digests).containsKeys("combination.bin", "member-0/weights.bin");
    assertThat(digests.keySet()).noneMatch(name -> name.startsWith("."));
    return digests;
  }
}
