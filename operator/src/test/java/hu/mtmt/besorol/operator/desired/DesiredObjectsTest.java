package hu.mtmt.besorol.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelSpec;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.ClassifierModelStatus.ServingVersion;
import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.PersistentVolumeClaimReference;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.contract.S3Bucket;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.TestConfig;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.placement.Flavor;
import hu.mtmt.besorol.operator.placement.Forecast;
import hu.mtmt.besorol.operator.placement.Placement;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What is created, word for word: {@code src/test/resources/desired}. A change of it is a change of
 * what runs in clusters; {@code -Dgolden.update=true} writes the files anew.
 */
class DesiredObjectsTest {
  private static final OperatorConfig CONFIG =
      TestConfig.of(Map.of("besorol.allowed-hosts", "data.example.org,other.example.org:8443"));

  private static final Flavor FLAVOR =
      new Flavor(
          "m2.4xlarge",
          "31",
          "56Gi",
          null,
          null,
          Map.of("node.kubernetes.io/instance-type", "m2.4xlarge"),
          List.of(),
          null,
          "2");

  private static Placement placed(Flavor flavor) {
    return new Placement(
        List.of(new Placement.Choice(flavor, 1)),
        Forecast.UNKNOWN,
        "It is the cheapest.",
        List.of());
  }

  private static ClassifierModel model() {
    var model = Samples.model("frascati");
    model.getMetadata().setNamespace("library");
    model.getMetadata().setUid("11111111-1111-1111-1111-111111111111");
    model.setStatus(
        new ClassifierModelStatus(
            1L,
            List.of(),
            null,
            new ServingVersion(Samples.digest("v1").value(), "first", null, null, null),
            null,
            null,
            null,
            List.of()));
    return model;
  }

  private static TrainingRun run() {
    var run = Samples.run("second", "frascati");
    run.getMetadata().setNamespace("library");
    run.getMetadata().setUid("22222222-2222-2222-2222-222222222222");
    return run;
  }

  @Test
  void training() throws IOException {
    var planned = TrainingJob.of(run(), model(), placed(FLAVOR), CONFIG, Instant.EPOCH);
    assertThatYaml("training.yaml", planned.plan(), planned.job());
  }

  @Test
  void trainingOnThreeNodes() throws IOException {
    var placed =
        new Placement(
            List.of(new Placement.Choice(FLAVOR, 3)), Forecast.UNKNOWN, "It is.", List.of());
    var planned = TrainingJob.of(run(), model(), placed, CONFIG, Instant.EPOCH);
    assertThatYaml("training-on-three-nodes.yaml", planned.service().orElseThrow(), planned.job());
  }

  @Test
  void evaluation() throws IOException {
    var planned =
        ModelJobs.evaluation(
            model(),
            Samples.digest("v2"),
            List.of(new ComparisonRequest(Metric.LENIENT_F1, Samples.digest("v1"), "0.95")),
            CONFIG);
    assertThatYaml("evaluation.yaml", planned.plan(), planned.job());
  }

  @Test
  void pruning() throws IOException {
    var planned =
        ModelJobs.pruning(model(), List.of(Samples.digest("v0"), Samples.digest("v00")), CONFIG);
    assertThatYaml("pruning.yaml", planned.plan(), planned.job());
  }

  @Test
  void inference() throws IOException {
    var version = Samples.digest("v1");
    assertThatYaml(
        "inference.yaml",
        Inference.pods(model(), version, Optional.empty(), CONFIG),
        Inference.service(model(), version, Platform.DEPLOYMENT),
        Inference.disruptionBudget(model()));
  }

  @Test
  void canary() throws IOException {
    var model = Samples.routed(model());
    var v1 = Samples.digest("v1");
    var v2 = Samples.digest("v2");
    assertThatYaml(
        "canary.yaml",
        Inference.canaryService(model, v2),
        Inference.route(model, Optional.of(v2), 10),
        Inference.route(model, Optional.empty(), 0));
    var beside = Inference.canary(model, v2, v1, 3, CONFIG);
    assertThat(beside.getMetadata().getName())
        .isEqualTo(Names.inference(model, v2) + "-for-" + v1.hex().substring(0, 10));
    assertThat(beside.getSpec().getReplicas()).isEqualTo(3);
    assertThat(beside.getSpec().getTemplate().getMetadata().getAnnotations())
        .containsEntry(Labels.BASELINE, v1.value());
    assertThat(beside.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
        .filteredOn(e -> e.getName().equals("BESOROL_BASELINE_PACKAGE"))
        .extracting(EnvVar::getValue)
        .containsExactly("/var/lib/besorol/store/models/frascati/" + JobPlan.packageDirectory(v1));
    assertThat(beside.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(beside.getSpec().getSelector().getMatchLabels())
        .containsAllEntriesOf(
            Inference.service(model, v1, Platform.DEPLOYMENT).getSpec().getSelector());
    assertThat(beside.getSpec().getTemplate().getMetadata().getLabels().entrySet())
        .doesNotContainAnyElementsOf(Map.of(Labels.ANSWERS_FOR, v2.abbreviated()).entrySet());
  }

  @Test
  void knative() throws IOException {
    var model =
        Samples.served(
            model(), "platform: Knative\nreplicas: {minimum: 0, maximum: 8}\nconcurrency: 16");
    var v1 = Samples.digest("v1");
    assertThatYaml(
        "knative.yaml",
        KnativeInference.configuration(model, v1, Optional.empty(), CONFIG),
        KnativeInference.route(
            model, v1, Optional.of(Samples.digest("v2")), 10, Optional.of(Samples.digest("v0"))),
        Inference.service(model, v1, Platform.KNATIVE));
  }

  @Test
  void namesOnKnativeAreShortEnough() {
    var longest = Samples.model("a".repeat(52));
    assertThat("former-" + Names.knative(longest)).hasSizeLessThanOrEqualTo(63);
    assertThat("canary-" + Names.knative(longest)).hasSizeLessThanOrEqualTo(63);
    assertThat(Names.inference(longest, Samples.digest("v1"))).hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void trainingInBuckets() throws IOException {
    var planned =
        TrainingJob.of(
            run(), Samples.inBuckets(model(), ""), placed(FLAVOR), CONFIG, Instant.EPOCH);
    assertThatYaml("training-in-buckets.yaml", planned.plan(), planned.job());
  }

  @Test
  void inferenceFromABucketWithACacheOnAClaim() throws IOException {
    var cache = "    cache: {persistentVolumeClaim: {claimName: node-cache}}\n";
    var pods =
        Inference.pods(
            Samples.inBuckets(model(), cache), Samples.digest("v1"), Optional.empty(), CONFIG);
    assertThatYaml("inference-from-bucket.yaml", pods);
  }

  @Test
  void planOfABucketHasNoKeys() {
    var planned =
        ModelJobs.pruning(Samples.inBuckets(model(), ""), List.of(Samples.digest("v0")), CONFIG);
    var plan =
        ContractJson.read(
            planned.plan().getData().get("plan.json").getBytes(StandardCharsets.UTF_8),
            PrunePlan.class,
            "plan.json");
    assertThat(plan.store()).isEqualTo("models/frascati");
    assertThat(plan.storeBucket())
        .isEqualTo(
            new S3Bucket(
                "http://minio.storage:9000",
                "us-east-1",
                "models",
                "/var/run/secrets/besorol/store-keys"));
  }

  @Test
  void laterAttemptsHaveWhatEarlierOnesLeft() {
    var run =
        Samples.edited(run(), "backoffLimit: 3", "backoffLimit: 3\n  activeDeadlineSeconds: 3600");
    var attempt = new Attempt("a", "small", 1024L, "OOMKilled", 2, "2026-01-01T00:00:00Z");
    run.setStatus(
        new TrainingRunStatus(
            null,
            null,
            null,
            "2026-01-01T00:00:00Z",
            null,
            null,
            null,
            List.of(attempt),
            null,
            null,
            null,
            null,
            null));
    var now = Instant.parse("2026-01-01T00:10:00Z");
    var job = TrainingJob.of(run, model(), placed(FLAVOR), CONFIG, now).job();
    assertThat(job.getSpec().getBackoffLimit()).isEqualTo(1);
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(3000);
  }

  @Test
  void diskIsAskedForWhereTheFlavorLimitsIt() {
    var resources =
        TrainingJob.of(
                run(),
                model(),
                placed(new Flavor("d", "2", "4Gi", "100Gi", null, Map.of(), List.of(), null, "1")),
                CONFIG,
                Instant.EPOCH)
            .job()
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst()
            .getResources();
    assertThat(resources.getRequests().get("ephemeral-storage")).hasToString("100Gi");
    assertThat(resources.getLimits().get("ephemeral-storage")).hasToString("100Gi");
  }

  @Test
  void gpuIsAskedFor() {
    var flavor =
        new Flavor(
            "g2",
            "7",
            "28Gi",
            null,
            new Flavor.Gpu("V100", "16Gi", 1, "7.0", null),
            Map.of(),
            List.of(new TolerationBuilder().withKey("gpu").withOperator("Exists").build()),
            null,
            "1");
    var pod =
        TrainingJob.of(run(), model(), placed(flavor), CONFIG, Instant.EPOCH)
            .job()
            .getSpec()
            .getTemplate()
            .getSpec();
    assertThat(pod.getContainers().getFirst().getResources().getLimits().get("nvidia.com/gpu"))
        .hasToString("1");
    assertThat(pod.getNodeSelector()).isNullOrEmpty();
    assertThat(pod.getTolerations()).singleElement().returns("gpu", t -> t.getKey());
  }

  @Test
  void podsHaveThePriorityClassesOfTheInstallation() {
    var config =
        TestConfig.of(
            Map.of(
                "besorol.pods.priority-classes.serving", "first",
                "besorol.pods.priority-classes.jobs", "last"));
    var answers = Inference.pods(model(), Samples.digest("v1"), Optional.empty(), config).getSpec();
    var trains =
        TrainingJob.of(run(), model(), placed(FLAVOR), config, Instant.EPOCH).job().getSpec();
    assertThat(answers.getTemplate().getSpec().getPriorityClassName()).isEqualTo("first");
    assertThat(trains.getTemplate().getSpec().getPriorityClassName()).isEqualTo("last");
  }

  @Test
  void claimIsOneVolumeHoweverOftenItIsNamed() {
    var volumes = new PodVolumes();
    var claim = new PersistentVolumeClaimReference("shared");
    var digest = Samples.TRAINING;
    var first = volumes.source(new DataSource(claim, "a/./b.jsonl", null, digest));
    var second = volumes.source(new DataSource(claim, "c.jsonl", null, digest));
    var store = volumes.writableStore(new ClassifierModelSpec.Store(claim, "models//"), "frascati");
    var remote = volumes.source(new DataSource(null, null, "https://h/d", digest));
    assertThat(volumes.volumes()).hasSize(1);
    assertThat(volumes.mounts())
        .extracting(m -> m.getMountPath(), m -> m.getReadOnly())
        .containsExactly(
            tuple("/var/lib/besorol/data/shared", true), tuple("/var/lib/besorol/store", null));
    assertThat(first.location()).isEqualTo("/var/lib/besorol/data/shared/a/b.jsonl");
    assertThat(second.location()).isEqualTo("/var/lib/besorol/data/shared/c.jsonl");
    assertThat(store.path()).isEqualTo("/var/lib/besorol/store/models/frascati");
    assertThat(store.bucket()).isNull();
    assertThat(remote.location()).isEqualTo("https://h/d");
  }

  @Test
  void samePlanHasTheSameNameAndAnotherPlanAnother() {
    var a = ModelJobs.pruning(model(), List.of(Samples.digest("a"), Samples.digest("b")), CONFIG);
    var same =
        ModelJobs.pruning(model(), List.of(Samples.digest("b"), Samples.digest("a")), CONFIG);
    var other = ModelJobs.pruning(model(), List.of(Samples.digest("a")), CONFIG);
    assertThat(a.job().getMetadata().getName()).isEqualTo(same.job().getMetadata().getName());
    assertThat(a.job().getMetadata().getName()).isNotEqualTo(other.job().getMetadata().getName());
    assertThat(a.job().getMetadata().getName()).matches("frascati-[0-9a-f]{10}");
  }

  private static void assertThatYaml(String file, HasMetadata... objects) throws IOException {
    var yaml = Arrays.stream(objects).map(Serialization::asYaml).collect(Collectors.joining());
    var golden = Path.of("src/test/resources/desired").resolve(file);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, yaml);
    }
    assertThat(yaml).isEqualTo(Files.readString(golden));
  }
}
