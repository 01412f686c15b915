package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationPlan;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.contract.PruneResult;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.trainer.Plans;
import hu.mtmt.besorol.trainer.TinyCorpus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pod, its container's root being a directory. */
class PodJobTest {
  @TempDir Path root;
  private TinyCorpus corpus;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @BeforeEach
  void write() throws IOException {
    corpus = TinyCorpus.in(root.resolve("data"), 4);
    Files.createDirectories(root.resolve("etc/besorol"));
    Files.createDirectories(root.resolve("dev"));
  }

  private Source source(String name) {
    return new Source("/data/" + name, corpus.source(name).digest());
  }

  private TrainingPlan plan() {
    return new TrainingPlan(
        source("taxonomy.jsonl"),
        null,
        source("train.jsonl"),
        source("validation.jsonl"),
        "0.1",
        source("test.jsonl"),
        corpus.plan().duplicates(),
        corpus.plan().algorithm(),
        42,
        corpus.plan().grades(),
        List.of(),
        "/store/m",
        "/store/m/checkpoints/run");
  }

  private JobResult run(JobPlan plan) throws IOException {
    return run(ContractJson.write(plan), Map.of());
  }

  private JobResult run(byte[] plan, Map<String, String> more) throws IOException {
    Files.write(root.resolve("etc/besorol/plan.json"), plan);
    var environment = new HashMap<>(more);
    environment.put("CONTAINER_SANDBOX_MOUNT_POINT", root.toString());
    environment.putIfAbsent("PORT", "0");
    var result =
        new PodJob(
                environment,
                Clock.systemUTC(),
                () -> false,
                new PrintStream(log, true, StandardCharsets.UTF_8),
                progress -> {})
            .run()
            .orElseThrow();
    var written = Files.readAllBytes(root.resolve("dev/termination-log"));
    assertThat(ContractJson.read(written, JobResult.class, "message")).isEqualTo(result);
    return result;
  }

  private void assertFailed(JobResult result, FailureKind kind, String... parts) {
    assertThat(result.failure()).isNotNull();
    assertThat(result.failure().kind()).isEqualTo(kind);
    assertThat(result.failure().message()).contains(parts);
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains(kind.written() + ": ")
        .doesNotContain("\tat hu.mtmt");
  }

  @Test
  void trainsJudgesAndPrunes() throws IOException {
    var trained = (TrainingResult) run(plan());
    assertThat(trained.failure()).isNull();
    var directory = root.resolve("store/m").resolve(JobPlan.packageDirectory(trained.version()));
    assertThat(directory).isDirectory();

    var evaluated =
        (EvaluationResult)
            run(
                new EvaluationPlan(
                    trained.version(),
                    source("taxonomy.jsonl"),
                    null,
                    source("test.jsonl"),
                    ContractJson.defaults(Grades.class),
                    List.of(),
                    "/store/m"));
    assertThat(evaluated.judgement().holdout()).isEqualTo(source("test.jsonl").digest());

    assertThat(run(new PrunePlan("/store/m", List.of(trained.version()))))
        .isEqualTo(new PruneResult(1, null));
    assertThat(directory).doesNotExist();
  }

  @Test
  void refusesAPlanOfAnotherVersion() throws IOException {
    assertFailed(
        run("{\"schema\":\"besorol/training-plan/2\"}".getBytes(StandardCharsets.UTF_8), Map.of()),
        FailureKind.PLAN_INVALID,
        "besorol/training-plan/2",
        "use the version that wrote it");
  }

  @Test
  void refusesNotANumberInParameters() throws IOException {
    var json = new String(ContractJson.write(plan()), StandardCharsets.UTF_8);
    assertFailed(
        run(
            json.replace("\"cost\" : \"1.0\"", "\"cost\" : \"NaN\"")
                .getBytes(StandardCharsets.UTF_8),
            Map.of()),
        FailureKind.PLAN_INVALID,
        "algorithm.linear.cost",
        "NaN");
    assertFailed(
        run(
            json.replace("\"seed\" : 42", "\"seed\" : NaN").getBytes(StandardCharsets.UTF_8),
            Map.of()),
        FailureKind.PLAN_INVALID,
        "not JSON",
        "NaN");
  }

  @Test
  void needsDigestsHoldoutAndStore() throws IOException {
    assertFailed(
        run(Plans.withTraining(plan(), new Source("/data/train.jsonl", null))),
        FailureKind.PLAN_INVALID,
        "training.digest is missing");
    assertFailed(
        run(Plans.withHoldout(plan(), null)), FailureKind.PLAN_INVALID, "holdout is missing");
    assertFailed(
        run(Plans.withPlaces(plan(), null, null)), FailureKind.PLAN_INVALID, "store is missing");
  }

  @Test
  void noPathLeavesTheContainer() throws IOException {
    var digest = corpus.source("train.jsonl").digest();
    assertFailed(
        run(Plans.withTraining(plan(), new Source("/data/../../secret", digest))),
        FailureKind.PLAN_INVALID,
        "absolute path without");
  }

  @Test
  void readsOnlyFromAllowedHosts() throws IOException {
    var elsewhere = new Source("https://example.org/train.jsonl", Digest.of(new byte[0]));
    assertFailed(
        run(Plans.withTraining(plan(), elsewhere)),
        FailureKind.PLAN_INVALID,
        "example.org",
        "not among the allowed hosts (there are none)");
  }

  @Test
  void wrongDataIsTheFailureOfTheData() throws IOException {
    var plan = plan();
    Files.delete(corpus.file("train.jsonl"));
    assertFailed(run(plan), FailureKind.DATA_INVALID, "/data/train.jsonl does not exist");
    assertThat(root.resolve("store/m")).isDirectoryNotContaining("glob:**sha256-*");
  }

  @Test
  void aWrongPortIsAWrongPlan() throws IOException {
    assertFailed(
        run(ContractJson.write(plan()), Map.of("PORT", "http")),
        FailureKind.PLAN_INVALID,
        "PORT must be a number");
  }

  @Test
  void theResultIsInTheLogIfTheMessageCannotBeWritten() throws IOException {
    Files.write(
        root.resolve("etc/besorol/plan.json"),
        ContractJson.write(new PrunePlan("/store/m", List.of())));
    Files.createDirectory(root.resolve("dev/termination-log"));
    var result =
        new PodJob(
                Map.of("CONTAINER_SANDBOX_MOUNT_POINT", root.toString(), "PORT", "0"),
                Clock.systemUTC(),
                () -> false,
                new PrintStream(log, true, StandardCharsets.UTF_8),
                progress -> {})
            .run()
            .orElseThrow();
    assertThat(result).isEqualTo(new PruneResult(0, null));
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("\"besorol/prune-result/1\"");
  }
}
