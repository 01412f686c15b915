package hu.mtmt.besorol.classifiers.bonsai;

import static hu.mtmt.besorol.classifiers.FamilyTrial.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.FamilyTrial;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BonsaiFamilyTest {
  private static final ToyCorpus CORPUS = ToyCorpus.of(20, 800, 200, 11);

  /** Several levels even with 20 labels. */
  private static final BonsaiParameters DEEP =
      parameters("{\"leafSize\": 3, \"branching\": 3, \"trees\": 2}");

  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"leafSize\": 3, \"branching\": 3, \"balanced\": true}",
        "{\"leafSize\": 3, \"branching\": 3, \"balanced\": false}",
        "{\"leafSize\": 2, \"branching\": 2, \"trees\": 1, \"beam\": 3}",
        "{\"leafSize\": 2, \"branching\": 4, \"maximumDepth\": 2}",
        "{\"leafSize\": 3, \"loss\": \"Logistic\", \"cost\": \"10\"}",
        "{\"leafSize\": 3, \"loss\": \"PassiveAggressive\"}",
        "{\"partition\": \"Taxonomy\"}"
      })
  void learnsWhatWordsTellOfSubjects(String parameters) {
    var trial = FamilyTrial.train(parameters(parameters), CORPUS, context(2), scratch);

    assertThat(trial.strictF1(CORPUS.tested())).isGreaterThan(0.9);
  }

  /**
   * The classifiers of a root that is never divided are those of Linear, but for weights below
   * 0.05, which only Linear keeps.
   */
  @Test
  void aTreeOfOneNodeScoresAsLinear() {
    var one = parameters("{\"trees\": 1, \"tolerance\": \"0.0001\", \"maximumEpochs\": 1000}");
    var exact = "{\"tolerance\": \"0.0001\", \"maximumEpochs\": 1000}";
    var linear = FamilyTrial.parameters(LinearParameters.class, exact);
    var bonsai = FamilyTrial.train(one, CORPUS, context(2), scratch);
    var reference = FamilyTrial.train(linear, CORPUS, context(2), scratch);

    for (var example : CORPUS.tested()) {
      var expected = reference.scores(example.document());
      bonsai
          .scores(example.document())
          .forEach(
              (label, score) ->
                  assertThat((double) score).isCloseTo(expected.get(label), within(0.08)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void theModelIsTheSameWhateverTheThreads(int threads) {
    assertThat(trained(context(threads)).digests())
        .isEqualTo(trained(context(1)).digests())
        .containsKey("trees.bin");
  }

  @Test
  void theSeedAndTheTreeMatter() throws IOException {
    var trial = trained(context(1, 2, null));

    assertThat(trained(context(2, 2, null)).digests().get("trees.bin"))
        .isNotEqualTo(trial.digests().get("trees.bin"));
    var trees = TreesFile.map(trial.directory().resolve("trees.bin"));
    assertThat(partsOfRoot(trees, 0)).isNotEqualTo(partsOfRoot(trees, 1));
  }

  /** The root's output that leads to each label. */
  private static int[] partsOfRoot(TreesFile trees, int tree) {
    return IntStream.range(0, trees.labels())
        .map(label -> trees.wayTo(label, tree)[trees.wayTo(label, tree).length - 1])
        .toArray();
  }

  @Test
  void aStoppedTrainingGoesOnToTheSameModel() throws IOException {
    var uninterrupted = trained(context(2)).digests();
    var random = new SplittableRandom(5);
    for (int round = 0; round < 5; round++) {
      var checkpoints = Files.createTempDirectory(scratch, "checkpoints");
      FamilyTrial trial = null;
      for (int stops = 0; trial == null; stops++) {
        var questions = new AtomicInteger(stops < 4 ? random.nextInt(20, 200) : 1 << 30);
        BooleanSupplier cancelled = () -> questions.decrementAndGet() < 0;
        try {
          trial =
              trained(
                  new TrainingContext(
                      1, 1 + round % 3, checkpoints, null, cancelled, (s, share, e, l) -> {}));
        } catch (CancelledException e) {
          assertThat(stops).isLessThan(4);
        }
      }
      assertThat(trial.digests()).isEqualTo(uninterrupted);
    }
  }

  @Test
  void finishedPortionsAreNotLearntAgainButDamagedOnesAre() throws IOException {
    var checkpoints = Files.createTempDirectory(scratch, "checkpoints");
    var uninterrupted = trained(context(1, 2, checkpoints)).digests();
    var longAgo = FileTime.fromMillis(0);
    var parts = parts(checkpoints);
    assertThat(parts.size()).isGreaterThan(4);
    for (var part : parts) {
      Files.setLastModifiedTime(part, longAgo);
    }
    var damaged = parts.get(1);
    var bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);

    assertThat(trained(context(1, 2, checkpoints)).digests()).isEqualTo(uninterrupted);
    for (var part : parts) {
      assertThat(Files.getLastModifiedTime(part).equals(longAgo)).isEqualTo(!part.equals(damaged));
    }
  }

  @Test
  void checkpointsOfAnotherSeedOrPlanAreNotUsed() throws IOException {
    var expected = trained(context(1, 2, null)).digests();
    var checkpoints = Files.createTempDirectory(scratch, "checkpoints");
    trained(context(2, 2, checkpoints));
    assertThat(trained(context(1, 2, checkpoints)).digests()).isEqualTo(expected);

    FamilyTrial.train(
        parameters("{\"leafSize\": 4, \"branching\": 3, \"trees\": 2}"),
        CORPUS,
        context(1, 2, checkpoints),
        scratch);
    assertThat(trained(context(1, 2, checkpoints)).digests()).isEqualTo(expected);
  }

  private static List<Path> parts(Path checkpoints) throws IOException {
    try (var files = Files.list(checkpoints)) {
      return files.filter(f -> f.getFileName().toString().startsWith("part-")).sorted().toList();
    }
  }

  @Test
  void progressNeverFallsWithinAStage() {
    var falls = Collections.synchronizedList(new ArrayList<String>());
    var last = Collections.synchronizedMap(new EnumMap<Stage, Double>(Stage.class));
    trained(
        new TrainingContext(
            1,
            1,
            null,
            null,
            () -> false,
            (stage, share, epoch, loss) -> {
              Double before = last.put(stage, share);
              if (before != null && share < before || share > 1) {
                falls.add(stage + " " + before + " " + share);
              }
            }));

    assertThat(falls).isEmpty();
    assertThat(last).containsEntry(Stage.TRAINING, 1.0);
  }

  @Test
  void aSubjectWithoutDocumentsIsNeverSuggested() {
    var learnt =
        CORPUS.learnt().stream().filter(e -> Arrays.binarySearch(e.labels(), 3) < 0).toList();
    var trial = FamilyTrial.train(DEEP, CORPUS.learning(learnt), context(2), scratch);

    for (var example : CORPUS.tested()) {
      assertThat(trial.scores(example.document())).isNotEmpty().doesNotContainKey(3);
    }
  }

  @Test
  void documentsThatAllHaveTheSameSubjectsAreNoObstacle() {
    var all = IntStream.range(0, 20).toArray();
    var same = CORPUS.learnt().stream().map(e -> new Example(e.document(), all)).toList();
    var scores =
        FamilyTrial.train(DEEP, CORPUS.learning(same), context(2), scratch)
            .scores(CORPUS.tested().getFirst().document());

    assertThat(scores).hasSize(20).allSatisfy((label, s) -> assertThat(s).isPositive());
  }

  /**
   * 2,000 subjects of two documents each, with two words of their own. Of each of the 2 trees 5
   * nodes with at most 10 labels are looked at on each level, and labels are on 2 levels.
   */
  @Test
  void manySubjectsOfFewDocumentsAreLearntAndFewAreLookedAt() {
    int subjects = 2000;
    var random = new SplittableRandom(3);
    var learnt = new ArrayList<Example>();
    for (int d = 0; d < 2 * subjects; d++) {
      var text = "x%d y%d any%d".formatted(d / 2, d / 2, random.nextInt(50));
      learnt.add(new Example(ToyCorpus.document("d" + d, text), new int[] {d / 2}));
    }
    var corpus =
        new ToyCorpus(
            ToyCorpus.labels(IntStream.range(0, subjects).mapToObj(s -> "s" + s).toList()),
            learnt,
            learnt.subList(0, 100),
            List.of());
    var parameters = parameters("{\"leafSize\": 10, \"branching\": 8, \"trees\": 2, \"beam\": 5}");
    var trial = FamilyTrial.train(parameters, corpus, context(2), scratch);

    int right = 0;
    for (var example : learnt.subList(1000, 1500)) {
      var scores = trial.scores(example.document());
      int best = Collections.max(scores.entrySet(), Map.Entry.comparingByValue()).getKey();
      right += best == example.labels()[0] ? 1 : 0;
      assertThat(scores.size()).isLessThanOrEqualTo(2 * 5 * 10 * 2);
    }
    assertThat(right).isEqualTo(500);
  }

  /** Six levels of 2,730 subjects, of which 20 at the bottom have documents. */
  @ParameterizedTest
  @ValueSource(strings = {"Taxonomy", "Clusters"})
  void aDeepTaxonomyMostlyWithoutDocumentsIsNoObstacle(String partition) {
    var subjects = new ArrayList<Subject>();
    var level = List.of("");
    for (int children : new int[] {2, 4, 4, 4, 4, 4}) {
      var below = new ArrayList<String>();
      for (var parent : level) {
        for (int i = 0; i < children; i++) {
          var id = parent + i;
          subjects.add(new Subject(id, parent.isEmpty() ? null : parent, id));
          below.add(id);
        }
      }
      level = below;
    }
    assertThat(subjects).hasSize(2730);
    var taxonomy = Taxonomy.of(subjects);
    var ids = level;
    var twenty = IntStream.range(0, 20).map(i -> taxonomy.indexOf(ids.get(97 * i))).toArray();
    var corpus =
        new ToyCorpus(
            new Labels(new TargetLevel(taxonomy, null), twenty),
            CORPUS.learnt(),
            CORPUS.validated(),
            CORPUS.tested());
    var parameters = parameters("{\"leafSize\": 3, \"partition\": \"%s\"}".formatted(partition));
    var trial = FamilyTrial.train(parameters, corpus, context(2), scratch);

    assertThat(trial.strictF1(CORPUS.tested())).isGreaterThan(0.9);
  }

  @Test
  void subjectsOfOneDocumentAreLearnt() {
    var learnt = new ArrayList<Example>();
    for (int s = 0; s < 20; s++) {
      var text = "subx%d subx%d suby%d suby%d".formatted(s, s, s, s);
      learnt.add(new Example(ToyCorpus.document("d" + s, text), new int[] {s}));
      learnt.add(new Example(ToyCorpus.document("e" + s, text), new int[] {(s + 1) % 20, s}));
    }
    for (var example : learnt) {
      Arrays.sort(example.labels());
    }
    var trial = FamilyTrial.train(DEEP, CORPUS.learning(learnt), context(2), scratch);
    var scores = trial.scores(ToyCorpus.document("1", "subx7 suby7"));

    assertThat(Collections.max(scores.entrySet(), Map.Entry.comparingByValue()).getKey())
        .isEqualTo(7);
  }

  @Test
  void aDocumentWithoutKnownWordsHasNoScores() {
    assertThat(trained(context(2)).scores(ToyCorpus.document("1", "zzz qqq"))).isEmpty();
  }

  @Test
  void manyThreadsGetTheSameAnswers() throws Exception {
    var trial = trained(context(2));
    var alone = CORPUS.tested().stream().map(e -> trial.scores(e.document())).toList();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var together = new ArrayList<Future<Map<Integer, Float>>>();
      for (int i = 0; i < 2000; i++) {
        var document = CORPUS.tested().get(i % 100).document();
        together.add(executor.submit(() -> trial.scores(document)));
      }
      for (int i = 0; i < together.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i % 100));
      }
    }
  }

  @Test
  void explainsByTermsOnTheWayToTheSubject() {
    var document = ToyCorpus.document("1", "subcx1 subcx2 subdx1 any1");
    var reasons = trained(context(2)).explain(document, 2, 2);

    assertThat(reasons).extracting("text").containsExactlyInAnyOrder("subcx1", "subcx2");
    assertThat(reasons).allSatisfy(r -> assertThat(r.weight()).isPositive());
  }

  @Test
  void refusesALossThatLearnsAllSubjectsTogether() {
    assertThatThrownBy(
            () ->
                FamilyTrial.train(
                    parameters("{\"loss\": \"CrammerSinger\"}"), CORPUS, context(2), scratch))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.PLAN_INVALID))
        .hasMessageContainingAll("CrammerSinger", "SquaredHinge");
  }

  @Test
  void refusesFilesThatDoNotBelongTogether() throws IOException {
    var trial = trained(context(2));
    assertThatThrownBy(
            () ->
                FamilyTrial.load(
                    DEEP, ToyCorpus.of(19, 0, 0, 1), trial.directory(), trial.decision()))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll("trees.bin", "20", "19");

    var other = FamilyTrial.train(DEEP, ToyCorpus.of(20, 300, 0, 9), context(2), scratch);
    Files.copy(
        other.directory().resolve("trees.bin"),
        trial.directory().resolve("trees.bin"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> FamilyTrial.load(DEEP, CORPUS, trial.directory(), trial.decision()))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll("vocabulary", "trees.bin");
  }

  private FamilyTrial trained(TrainingContext context) {
    return FamilyTrial.train(DEEP, CORPUS, context, scratch);
  }

  private static BonsaiParameters parameters(String json) {
    return FamilyTrial.parameters(BonsaiParameters.class, json);
  }
}
