package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.classifiers.DirectoryStore;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationPlan;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.contract.PruneResult;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.trainer.Plans;
import hu.mtmt.besorol.trainer.TinyCorpus;
import hu.mtmt.besorol.trainer.data.LocalSources;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationJobTest {
  @TempDir Path directory;
  private Path store;
  private TinyCorpus corpus;
  private TrainingResult trained;
  private final JobContext context =
      new JobContext(
          2,
          Clock.systemUTC(),
          ProgressTracker.ofEvaluation(Clock.systemUTC(), progress -> {}),
          () -> false,
          note -> {});

  @BeforeEach
  void train() {
    corpus = TinyCorpus.in(directory.resolve("data"), 4);
    store = directory.resolve("store");
    trained = train(42);
  }

  private TrainingResult train(int seed) {
    return new TrainingJob(new LocalSources(), context)
        .run(Plans.withSeed(corpus.plan(), seed), new TrainingJob.Places(store, null, null))
        .result();
  }

  private EvaluationPlan plan(Source taxonomy, Integer level, List<ComparisonRequest> comparisons) {
    return new EvaluationPlan(
        trained.version(),
        taxonomy,
        level,
        corpus.source("test.jsonl"),
        ContractJson.defaults(Grades.class),
        comparisons,
        store.toString());
  }

  private void assertRefused(EvaluationPlan plan, String... parts) {
    assertThatThrownBy(
            () ->
                new EvaluationJob(new LocalSources(), context).run(plan, new DirectoryStore(store)))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATA_INVALID))
        .hasMessageContainingAll(parts);
  }

  @Test
  void measuresTheSameAsTheTrainingDid() {
    var other = train(7);
    var request = new ComparisonRequest(Metric.STRICT_F1, other.version(), "0.95");
    var result =
        new EvaluationJob(new LocalSources(), context)
            .run(
                plan(corpus.source("taxonomy.jsonl"), null, List.of(request)),
                new DirectoryStore(store));
    assertThat(result.version()).isEqualTo(trained.version());
    for (var metric : Metric.values()) {
      if (metric.reproducible()) {
        assertThat(result.judgement().figures().get(metric))
            .as(metric.written())
            .isEqualTo(trained.judgement().figures().get(metric));
      }
    }
    assertThat(result.judgement().comparisons().getFirst().obstacle()).isNull();
  }

  @Test
  void refusesAnotherTaxonomyOrLevel() {
    var taxonomy = corpus.source("taxonomy.jsonl");
    assertRefused(plan(taxonomy, 1, List.of()), "at level of every subject", "at level 1");
    var other = new Source(taxonomy.location(), Digest.of(new byte[0]));
    assertRefused(
        plan(other, null, List.of()), other.digest().abbreviated(), "train a new version");
  }

  @Test
  void saysThatThePackageIsGone() throws IOException {
    Directories.delete(store.resolve(JobPlan.packageDirectory(trained.version())));
    assertRefused(plan(corpus.source("taxonomy.jsonl"), null, List.of()), "is gone");
  }

  @Test
  void saysThatThePackageIsDamaged() throws IOException {
    var weights = store.resolve(JobPlan.packageDirectory(trained.version())).resolve("weights.bin");
    var bytes = Files.readAllBytes(weights);
    bytes[bytes.length / 2] ^= 1;
    Files.write(weights, bytes);
    assertRefused(plan(corpus.source("taxonomy.jsonl"), null, List.of()), "weights.bin", "changed");
  }

  @Test
  void prunesWhatItIsToldAndNothingElse() throws IOException {
    var other = train(7).version();
    var plan = new PrunePlan(store.toString(), List.of(trained.version(), Digest.of(new byte[0])));
    assertThat(PruneJob.run(plan, new DirectoryStore(store))).isEqualTo(new PruneResult(1, null));
    try (var left = Files.list(store)) {
      assertThat(left).containsExactly(store.resolve(JobPlan.packageDirectory(other)));
    }
    assertThat(PruneJob.run(plan, new DirectoryStore(store))).isEqualTo(new PruneResult(0, null));
  }
}
