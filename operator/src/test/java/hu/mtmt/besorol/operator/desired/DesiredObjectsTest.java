package hu.mtmt.besorol.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelSpec;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.ServingVersion;
import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.api.PersistentVolumeClaimReference;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.TestConfig;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.placement.Flavor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
          Map.of("node.kubernetes.io/instance-type", "m2.4xlarge"),
          "2");

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
    var planned = TrainingJob.of(run(), model(), FLAVOR, CONFIG);
    assertThatYaml("training.yaml", planned.plan(), planned.job());
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
    var inference = Inference.of(model(), Samples.digest("v1"), CONFIG);
    assertThatYaml(
        "inference.yaml",
        inference.deployment(),
        inference.service(),
        inference.disruptionBudget());
  }

  @Test
  void gpuIsAskedFor() {
    var flavor = new Flavor("g2", "7", "28Gi", new Flavor.Gpu("V100", "16Gi", 1), Map.of(), "1");
    var pod =
        TrainingJob.of(run(), model(), flavor, CONFIG).job().getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers().getFirst().getResources().getLimits().get("nvidia.com/gpu"))
        .hasToString("1");
    assertThat(pod.getNodeSelector()).isNullOrEmpty();
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
    assertThat(store).isEqualTo("/var/lib/besorol/store/models/frascati");
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
