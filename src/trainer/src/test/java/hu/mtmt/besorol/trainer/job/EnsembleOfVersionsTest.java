package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.testkit.MovingClock;
import hu.mtmt.besorol.trainer.Plans;
import hu.mtmt.besorol.trainer.TinyCorpus;
import hu.mtmt.besorol.trainer.data.LocalSources;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ensemble whose members are versions of earlier runs. */
class EnsembleOfVersionsTest {
  @TempDir Path directory;
  private Path store;
  private TinyCorpus corpus;
  private TrainingResult linear;

  @BeforeEach
  void trainALinearVersion() {
    corpus = TinyCorpus.in(directory.resolve("data"), 10);
    store = directory.resolve("store");
    linear = run(corpus.plan());
  }

  private TrainingResult run(TrainingPlan plan) {
    var clock = new MovingClock();
    var progress = ProgressTracker.ofTraining(clock, p -> {});
    var context = new JobContext(2, clock, progress, () -> false, note -> {});
    return new TrainingJob(new LocalSources(), context)
        .run(plan, new TrainingJob.Places(store, null, null))
        .result();
  }

  private TrainingPlan ensemble(TrainingPlan plan, Digest version, String more) {
    var json =
        """
        {"type": "Ensemble", "ensemble": {"members": [{"version": "%s"} %s]}}\
        """
            .formatted(version, more);
    return Plans.withAlgorithm(
        plan,
        ContractJson.readPart(json.getBytes(StandardCharsets.UTF_8), Algorithm.class, "algorithm"));
  }

  @Test
  void aVersionAnswersTogetherWithAnAlgorithm() throws Exception {
    var result =
        run(
            ensemble(
                corpus.plan(),
                linear.version(),
                ", {\"type\": \"TfidfNearest\", \"tfidfNearest\": {}}"));

    var f1 = result.judgement().figures().get(Metric.STRICT_F1);
    assertThat(f1).isGreaterThan(linear.judgement().figures().get(Metric.STRICT_F1) - 0.05);
    var model = packageOf(result.version());
    ModelPackage.open(model).selfTest();
    try (var files = Files.list(model.resolve("member-0"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("algorithm.json", "weights.bin");
    }
    assertThat(Files.mismatch(weights(model.resolve("member-0")), weights(linearPackage())))
        .isEqualTo(-1);
  }

  private static Path weights(Path model) {
    return model.resolve("weights.bin");
  }

  private Path linearPackage() {
    return packageOf(linear.version());
  }

  private Path packageOf(Digest version) {
    return store.resolve("sha256-" + version.hex());
  }

  @Test
  void refusesAVersionOfAnotherLevel() {
    var plan = Plans.withLevel(corpus.plan(), 1);

    assertThatThrownBy(() -> run(ensemble(plan, linear.version(), "")))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll(linear.version().value(), "level 1", "same level");
  }

  @Test
  void refusesAVersionOfAnotherTaxonomy() {
    corpus.replace("taxonomy.jsonl", 1, "{\"id\":\"A\",\"label\":\"Renamed\",\"parent\":null}");

    assertThatThrownBy(() -> run(ensemble(corpus.plan(), linear.version(), "")))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll(linear.version().value(), "another taxonomy");
  }

  @Test
  void refusesAVersionThatTellsOtherSubjectsApart() {
    var labelMatch = ", {\"type\": \"LabelMatch\", \"labelMatch\": {}}";

    assertThatThrownBy(() -> run(ensemble(corpus.plan(), linear.version(), labelMatch)))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll(linear.version().value(), "other subjects", "A.0");
  }

  @Test
  void refusesAVersionThatIsAnEnsemble() {
    var ensemble = run(ensemble(corpus.plan(), linear.version(), ""));

    assertThatThrownBy(() -> run(ensemble(corpus.plan(), ensemble.version(), "")))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll(ensemble.version().value(), "an ensemble itself");
  }
}
