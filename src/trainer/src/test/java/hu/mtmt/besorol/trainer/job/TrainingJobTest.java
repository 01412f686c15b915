package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.ModelManifest.PackageFile;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.testkit.MovingClock;
import hu.mtmt.besorol.trainer.Plans;
import hu.mtmt.besorol.trainer.TinyCorpus;
import hu.mtmt.besorol.trainer.data.LocalSources;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingJobTest {
  /** More subjects than one group of labels has, so that a part of them can be in a checkpoint. */
  private static final int SUBJECTS = 40;

  @TempDir Path directory;
  private Path store;
  private Path checkpoints;
  private TinyCorpus corpus;
  private final MovingClock clock = new MovingClock();
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void write() {
    corpus = TinyCorpus.in(directory.resolve("data"), SUBJECTS);
    store = directory.resolve("store");
    checkpoints = directory.resolve("checkpoints");
  }

  private TrainingJob.Outcome run(TrainingPlan plan) {
    return run(plan, null, 2, progress -> {}, () -> false);
  }

  private TrainingJob.Outcome run(
      TrainingPlan plan,
      Path checkpoints,
      int threads,
      Consumer<Progress> observer,
      BooleanSupplier cancelled) {
    var context =
        new JobContext(
            threads, clock, ProgressTracker.ofTraining(clock, observer), cancelled, notes::add);
    return new TrainingJob(new LocalSources(), context)
        .run(plan, new TrainingJob.Places(store, null, checkpoints));
  }

  private List<String> inStore() throws IOException {
    try (var files = Files.list(store)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void writesAPackageAndMeasuresEverything() throws IOException {
    var stages = new ArrayList<Stage>();
    var told = new ArrayList<Footprint>();
    var outcome =
        run(
            corpus.plan(),
            null,
            2,
            progress -> {
              stages.add(progress.stage());
              told.add(progress.footprint());
            },
            () -> false);
    var result = outcome.result();
    assertThat(inStore()).containsExactly(JobPlan.packageDirectory(result.version()));
    assertThat(result.documents()).isEqualTo(20 * SUBJECTS);
    assertThat(result.footprint().documents()).isEqualTo(20 * SUBJECTS);
    assertThat(result.footprint().labels()).isEqualTo(SUBJECTS);
    assertThat(result.footprint().estimatedMemoryMiB()).isBetween(43, 200);
    assertThat(result.footprint().usedMemoryMiB()).isPositive();
    assertThat(told.getLast())
        .isEqualTo(
            new Footprint(20 * SUBJECTS, SUBJECTS, result.footprint().estimatedMemoryMiB(), null));
    assertThat(result.judgement().figures()).containsOnlyKeys(Metric.values());
    assertThat(result.judgement().figures().get(Metric.STRICT_F1)).isBetween(0.6, 0.99);
    assertThat(result.judgement().holdout()).isEqualTo(corpus.plan().holdout().digest());
    assertThat(stages.stream().distinct()).containsExactly(Stage.values());

    var model = ModelPackage.open(store.resolve(inStore().getFirst()));
    model.selfTest();
    assertThat(model.version()).isEqualTo(result.version());
    assertThat(model.directory().resolve("report.html")).isRegularFile();
    assertThat(model.manifest().files()).extracting(PackageFile::path).contains("report.html");
    assertThat(model.manifest().training().documents()).isEqualTo(20 * SUBJECTS);
    assertThat(model.manifest().holdout().documents()).isEqualTo(8 * SUBJECTS);
    assertThat(model.manifest().figures())
        .doesNotContainKey(Metric.LATENCY_P95_MILLIS)
        .containsEntry(Metric.STRICT_F1, result.judgement().figures().get(Metric.STRICT_F1));
    assertThat(model.evaluation().orElseThrow().subjects())
        .filteredOn(s -> s.subject().equals(TinyCorpus.id(3)))
        .singleElement()
        .satisfies(s -> assertThat(s.trainingDocuments()).isGreaterThanOrEqualTo(20));
  }

  @Test
  void theSamePlanGivesTheSameVersionOnAnyNumberOfThreads() {
    var version = run(corpus.plan()).result().version();
    assertThat(run(corpus.plan(), null, 1, progress -> {}, () -> false).result().version())
        .isEqualTo(version);
    assertThat(run(Plans.withSeed(corpus.plan(), 7)).result().version()).isNotEqualTo(version);
  }

  @Test
  void aStoppedTrainingGoesOnAndGivesTheSameVersion() throws IOException {
    var version = run(corpus.plan()).result().version();
    for (int percent : List.of(40, 60, 85, 95)) {
      var kept = checkpoints.resolve("at-" + percent);
      var stop = new AtomicBoolean();
      assertThatThrownBy(
              () ->
                  run(
                      corpus.plan(),
                      kept,
                      1,
                      progress -> stop.compareAndSet(false, progress.percent() >= percent),
                      stop::get))
          .isInstanceOf(CancelledException.class);
      assertThat(inStore()).containsExactly(JobPlan.packageDirectory(version));
      assertThat(kept.resolve("learning")).isDirectoryContaining("glob:**part-*");
      assertThat(run(corpus.plan(), kept, 2, progress -> {}, () -> false).result().version())
          .isEqualTo(version);
      assertThat(kept.resolve("learning")).doesNotExist();
    }
  }

  @Test
  void countsTheSecondsOfAllAttempts() {
    var stop = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                run(
                    corpus.plan(),
                    checkpoints,
                    1,
                    progress -> {
                      if (progress.percent() >= 50 && stop.compareAndSet(false, true)) {
                        clock.advance(Duration.ofSeconds(100));
                      }
                    },
                    stop::get))
        .isInstanceOf(CancelledException.class);
    assertThat(
            run(corpus.plan(), checkpoints, 1, progress -> {}, () -> false).result().trainSeconds())
        .isEqualTo(100);
  }

  @Test
  void aFinishedPlanIsReportedAgain() {
    var first = run(corpus.plan(), checkpoints, 2, progress -> {}, () -> false);
    var again = run(corpus.plan(), checkpoints, 2, progress -> {}, () -> false);
    assertThat(again).isEqualTo(new TrainingJob.Outcome(first.result(), null));
    assertThat(notes).singleElement().asString().contains("reported again");
  }

  @Test
  void aFinishedPlanWhosePackageIsGoneIsTrainedAgain() throws IOException {
    var first = run(corpus.plan(), checkpoints, 2, progress -> {}, () -> false);
    Directories.delete(store.resolve(JobPlan.packageDirectory(first.result().version())));
    var again = run(corpus.plan(), checkpoints, 2, progress -> {}, () -> false);
    assertThat(again.result().version()).isEqualTo(first.result().version());
    assertThat(again.model()).isNotNull();
  }

  @Test
  void checkpointsOfAnotherPlanAreNotUsed() {
    var other = run(Plans.withSeed(corpus.plan(), 7)).result().version();
    run(corpus.plan(), checkpoints, 2, progress -> {}, () -> false);
    assertThat(
            run(Plans.withSeed(corpus.plan(), 7), checkpoints, 2, progress -> {}, () -> false)
                .result()
                .version())
        .isEqualTo(other);
    assertThat(notes).isEmpty();
  }

  @Test
  void comparesWithOtherVersionsOfTheStore() {
    var weak =
        run(
            Plans.withTraining(
                corpus
                    .write("few.jsonl", corpus.lines("train.jsonl").subList(0, 2 * SUBJECTS))
                    .plan(),
                corpus.source("few.jsonl")));
    var baseline = weak.result().version();
    var roots = run(Plans.withLevel(corpus.plan(), 1)).result().version();
    var gone = Digest.of(new byte[0]);
    var requests =
        List.of(
            new ComparisonRequest(Metric.STRICT_F1, baseline, "0.95"),
            new ComparisonRequest(Metric.LENIENT_F1, baseline, "0.9"),
            new ComparisonRequest(Metric.STRICT_F1, gone, "0.95"),
            new ComparisonRequest(Metric.STRICT_F1, roots, "0.95"),
            new ComparisonRequest(Metric.PACKAGE_MIB, baseline, "0.95"));
    var comparisons =
        run(Plans.withComparisons(corpus.plan(), requests)).result().judgement().comparisons();
    assertThat(comparisons).extracting(Comparison::request).isEqualTo(requests);
    assertThat(comparisons.get(0).lower()).isPositive();
    assertThat(comparisons.get(0).documents()).isEqualTo(8 * SUBJECTS);
    assertThat(comparisons.get(1).obstacle()).isNull();
    assertThat(comparisons.get(2).obstacle()).isEqualTo("Its package is gone.");
    assertThat(comparisons.get(3).obstacle()).contains("another level");
    assertThat(comparisons.get(4).obstacle()).contains("PackageMiB cannot be compared");
  }

  @Test
  void withoutAHoldoutThereIsNoJudgement() {
    var outcome = run(Plans.withHoldout(corpus.plan(), null));
    assertThat(outcome.result().judgement()).isNull();
    assertThat(outcome.model().evaluation()).isEmpty();
    assertThat(outcome.model().manifest().holdout()).isNull();
  }

  @Test
  void leavesNothingBehindWhenTheDataIsWrong() throws IOException {
    corpus.replace("train.jsonl", 3, "{\"title\":");
    assertThatThrownBy(() -> run(corpus.plan()))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATA_INVALID));
    assertThat(store).doesNotExist();
    corpus = TinyCorpus.in(directory.resolve("data"), 4);
    assertThat(run(corpus.plan()).result().version()).isNotNull();
  }

  @Test
  void saysThatTheStoreCannotBeWritten() throws IOException {
    Files.writeString(store, "a file where a directory should be");
    assertThatThrownBy(() -> run(corpus.plan()))
        .satisfies(
            e -> {
              assertThat(Failures.of(e))
                  .extracting(Failure::kind)
                  .isEqualTo(FailureKind.MACHINE_FAILED);
              assertThat(e).hasMessageContaining(store.toString());
            });
  }
}
