package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationPlan;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.contract.PruneResult;
import hu.mtmt.besorol.contract.S3Bucket;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.testkit.FaultyProxy;
import hu.mtmt.besorol.testkit.FaultyProxy.Fault;
import hu.mtmt.besorol.testkit.FaultyProxy.Request;
import hu.mtmt.besorol.testkit.S3Server;
import hu.mtmt.besorol.trainer.Plans;
import hu.mtmt.besorol.trainer.TinyCorpus;
import hu.mtmt.besorol.trainer.data.LocalSources;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pod, its data and its store being buckets of a real S3 server. */
class S3JobTest {
  @TempDir static Path shared;
  private static S3Server server;
  private static FaultyProxy proxy;

  @TempDir Path root;
  private TinyCorpus corpus;
  private Path models;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start(shared, "data", "models");
    proxy = FaultyProxy.before(server);
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @BeforeEach
  void write() throws IOException {
    proxy.set(_ -> new Fault.None());
    corpus = TinyCorpus.in(server.bucket("data"), 4);
    models = server.bucket("models").resolve(prefix());
    S3Server.writeCredentials(root.resolve("keys"));
    Files.createDirectories(root.resolve("etc/besorol"));
    Files.createDirectories(root.resolve("dev"));
  }

  /** One of its own for every test. */
  private String prefix() {
    return root.getFileName() + "/frascati";
  }

  private static S3Bucket bucket(String name) {
    return new S3Bucket(proxy.endpoint().toString(), "us-east-1", name, "/keys");
  }

  private Source source(String name) {
    return new Source(name, corpus.source(name).digest(), bucket("data"));
  }

  private TrainingPlan plan(int seed, ComparisonRequest... comparisons) {
    return new TrainingPlan(
        source("taxonomy.jsonl"),
        null,
        source("train.jsonl"),
        source("validation.jsonl"),
        "0.1",
        source("test.jsonl"),
        corpus.plan().duplicates(),
        corpus.plan().algorithm(),
        seed,
        corpus.plan().grades(),
        List.of(comparisons),
        prefix(),
        prefix() + "/checkpoints/run",
        bucket("models"));
  }

  private EvaluationPlan evaluation(Digest version, ComparisonRequest... comparisons) {
    return new EvaluationPlan(
        version,
        source("taxonomy.jsonl"),
        null,
        source("test.jsonl"),
        ContractJson.defaults(Grades.class),
        List.of(comparisons),
        prefix(),
        bucket("models"));
  }

  private JobResult run(JobPlan plan) throws IOException {
    return run(plan, 101, Map.of());
  }

  /**
   * @param stopAt percent at which it is asked to stop
   */
  private JobResult run(JobPlan plan, int stopAt, Map<String, String> more) throws IOException {
    var stop = new AtomicBoolean();
    Files.write(root.resolve("etc/besorol/plan.json"), ContractJson.write(plan));
    var environment = new HashMap<>(more);
    environment.put("CONTAINER_SANDBOX_MOUNT_POINT", root.toString());
    environment.put("PORT", "0");
    var result =
        new PodJob(
                environment,
                Clock.systemUTC(),
                stop::get,
                new PrintStream(log, true, StandardCharsets.UTF_8),
                progress -> stop.compareAndSet(false, progress.percent() >= stopAt))
            .run()
            .orElseThrow();
    assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain(S3Server.SECRET_KEY);
    return result;
  }

  private List<Request> writes() {
    return proxy.requests().stream().filter(r -> r.method().equals("PUT")).toList();
  }

  @Test
  void trainsComparesJudgesAndPrunes() throws IOException {
    var first = (TrainingResult) run(plan(1));
    assertThat(first.failure()).isNull();
    assertThat(first.footprint().estimatedDiskMiB()).as("of files and copies").isPositive();
    assertThat(first.footprint().usedDiskMiB()).isPositive();
    assertThat(models.resolve(JobPlan.packageDirectory(first.version())).resolve("model.json"))
        .exists();
    assertThat(writes().stream().filter(r -> r.target().contains("/sha256-")).toList().getLast())
        .extracting(Request::target)
        .asString()
        .endsWith("/model.json");

    var request = new ComparisonRequest(Metric.STRICT_F1, first.version(), "0.95");
    var second = (TrainingResult) run(plan(2, request));
    assertThat(second.judgement().comparisons())
        .singleElement()
        .satisfies(c -> assertThat(c.obstacle()).isNull());

    var evaluation =
        evaluation(
            first.version(), new ComparisonRequest(Metric.STRICT_F1, second.version(), "0.95"));
    var evaluated = (EvaluationResult) run(evaluation);
    assertThat(evaluated.judgement().figures().get(Metric.STRICT_F1))
        .isEqualTo(first.judgement().figures().get(Metric.STRICT_F1));
    assertThat(evaluated.judgement().comparisons())
        .singleElement()
        .satisfies(c -> assertThat(c.obstacle()).isNull());

    assertThat(run(new PrunePlan(prefix(), List.of(first.version()), bucket("models"))))
        .isEqualTo(new PruneResult(1, null));
    assertThat(models.resolve(JobPlan.packageDirectory(first.version())).resolve("model.json"))
        .doesNotExist();
    assertThat(run(new PrunePlan(prefix(), List.of(first.version()), bucket("models"))))
        .isEqualTo(new PruneResult(0, null));
    var gone = run(evaluation);
    assertThat(gone.failure().kind()).isEqualTo(FailureKind.DATA_INVALID);
    assertThat(gone.failure().message()).contains("is gone from", prefix());
  }

  @Test
  void anUploadThatFailsIsResumedByTheNextAttempt() throws IOException {
    proxy.set(
        request ->
            request.method().equals("PUT") && request.target().endsWith("/taxonomy.jsonl")
                ? new Fault.Answer(507, "XMinioStorageFull")
                : new Fault.None());
    var failed = run(plan(1));
    assertThat(failed.failure().kind()).isEqualTo(FailureKind.MACHINE_FAILED);
    assertThat(failed.failure().message()).contains("the bucket is full");
    var sent = writes().stream().map(Request::target).filter(t -> t.contains("/sha256-")).toList();
    assertThat(sent).hasSizeGreaterThan(1).noneMatch(t -> t.endsWith("model.json"));

    proxy.set(_ -> new Fault.None());
    var trained = (TrainingResult) run(plan(1));
    assertThat(trained.failure()).isNull();
    assertThat(writes())
        .extracting(Request::target)
        .filteredOn(t -> t.contains("/sha256-"))
        .doesNotContainAnyElementsOf(sent.subList(0, sent.size() - 1))
        .last()
        .asString()
        .endsWith("/model.json");
  }

  @Test
  void aFinishedPlanIsNotTrainedAgain() throws IOException {
    var first = run(plan(1));
    log.reset();
    assertThat(run(plan(1))).isEqualTo(first);
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("its result is reported again");
  }

  @Test
  void whatIsInterruptedGoesOnFromTheBucket() throws IOException {
    var interrupted = run(plan(1), 60, Map.of());
    assertThat(interrupted.failure().kind()).isEqualTo(FailureKind.INTERRUPTED);
    assertThat(models.resolve("checkpoints/run/index")).exists();
    var kept = Files.readString(models.resolve("checkpoints/run/index"));
    assertThat(kept).contains(" inputs.json\n", " learning/part-");

    proxy.set(_ -> new Fault.None());
    var resumed = (TrainingResult) run(plan(1));
    assertThat(resumed.failure()).isNull();
    assertThat(proxy.requests())
        .filteredOn(r -> r.method().equals("GET"))
        .extracting(r -> r.target().replaceFirst("[?].*", ""))
        .containsAll(
            kept.lines()
                .map(l -> l.substring("sha256:".length(), l.indexOf(' ')))
                .map(hex -> "/models/" + prefix() + "/checkpoints/run/" + hex)
                .toList());
    var anew = TinyCorpus.in(root.resolve("again"), 4);
    var store = root.resolve("store");
    var whole =
        new TrainingJob(
                new LocalSources(),
                new JobContext(
                    2,
                    Clock.systemUTC(),
                    ProgressTracker.ofTraining(Clock.systemUTC(), progress -> {}),
                    () -> false,
                    note -> {}))
            .run(Plans.withSeed(anew.plan(), 1), new TrainingJob.Places(store, null, null));
    assertThat(resumed.version()).isEqualTo(whole.result().version());
  }

  @Test
  void aCachedPackageIsNotFetchedAgain() throws IOException {
    var cache = Map.of("BESOROL_CACHE", "/cache");
    var trained = (TrainingResult) run(plan(1), 101, cache);
    var evaluation = evaluation(trained.version());
    proxy.set(_ -> new Fault.None());
    assertThat(run(evaluation, 101, cache).failure()).isNull();
    assertThat(proxy.requests()).noneMatch(r -> r.target().startsWith("/models"));

    var weights =
        root.resolve("cache")
            .resolve(JobPlan.packageDirectory(trained.version()))
            .resolve("labels.txt");
    Files.writeString(weights, "damaged");
    assertThat(run(evaluation, 101, cache).failure()).isNull();
    assertThat(proxy.requests()).anyMatch(r -> r.target().contains("/labels.txt"));
    assertThat(Files.readString(weights)).isNotEqualTo("damaged");
  }

  @Test
  void aDamagedPackageIsNamed() throws IOException {
    var trained = (TrainingResult) run(plan(1));
    Files.writeString(
        models.resolve(JobPlan.packageDirectory(trained.version())).resolve("labels.txt"), "x");
    var failed = run(evaluation(trained.version()));
    assertThat(failed.failure().kind()).isEqualTo(FailureKind.DATA_INVALID);
    assertThat(failed.failure().message()).contains("labels.txt", "changed or damaged");
  }

  @Test
  void otherDataThanThePlanNamesIsRefused() throws IOException {
    var plan = plan(1);
    Files.writeString(server.bucket("data").resolve("train.jsonl"), "{}\n");
    var failed = run(plan);
    assertThat(failed.failure().kind()).isEqualTo(FailureKind.DATA_INVALID);
    assertThat(failed.failure().message()).contains("training: ", "data/train.jsonl");
  }

  @Test
  void missingCredentialsAreTheFailureOfThePlan() throws IOException {
    Files.delete(root.resolve("keys/AWS_ACCESS_KEY_ID"));
    var failed = run(plan(1));
    assertThat(failed.failure().kind()).isEqualTo(FailureKind.PLAN_INVALID);
    assertThat(failed.failure().message()).contains("/keys", "AWS_ACCESS_KEY_ID");
  }
}
