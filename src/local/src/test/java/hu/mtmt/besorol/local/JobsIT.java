package hu.mtmt.besorol.local;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRuleBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RealApiServerTest
class JobsIT {
  @TempDir Path directory;
  private ShellCluster cluster;

  @BeforeEach
  void start(RealApiServer api) {
    cluster = ShellCluster.start(api, api.namespace("jobs"), directory);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void completesAndPassesOnWhatThePodSays() throws IOException {
    run(
        "good",
        """
        cat etc/besorol/plan.json > data/plan.copy
        cat etc/keys/token > data/token.copy
        echo "port $PORT, node $(hostname)" > data/env
        echo some output
        printf done > dev/termination-log
        """,
        spec -> spec);

    var job = awaitCondition("good", "Complete");

    assertThat(job.getStatus().getSucceeded()).isEqualTo(1);
    assertThat(job.getStatus().getCompletionTime()).isNotNull();
    assertThat(job.getStatus().getUncountedTerminatedPods().getSucceeded()).isEmpty();
    assertThat(job.getStatus().getConditions())
        .extracting(JobCondition::getType)
        .containsExactly("SuccessCriteriaMet", "Complete");
    var pod = podsOf("good").getFirst();
    assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
    assertThat(terminated(pod).getMessage()).isEqualTo("done");
    assertThat(terminated(pod).getReason()).isEqualTo("Completed");
    assertThat(pod.getMetadata().getFinalizers()).isEmpty();
    var port = pod.getSpec().getContainers().getFirst().getPorts().getFirst().getContainerPort();
    assertThat(cluster.data().resolve("plan.copy")).hasContent("{\"answer\": 42}");
    assertThat(cluster.data().resolve("token.copy")).hasContent("of a Secret");
    assertThat(cluster.data().resolve("env")).content().startsWith("port " + port + ",");
  }

  @Test
  void cutsWhatThePodSaysTo4096Bytes() {
    run("wordy", "head -c 5000 /dev/zero | tr '\\0' x > dev/termination-log", spec -> spec);

    awaitCondition("wordy", "Complete");

    assertThat(terminated(podsOf("wordy").getFirst()).getMessage()).isEqualTo("x".repeat(4096));
  }

  @Test
  void givesUpAfterTheBackoffLimit() {
    run("hopeless", "exit 1", spec -> spec.editSpec().withBackoffLimit(2).endSpec());

    var job = awaitCondition("hopeless", "Failed");

    assertThat(condition(job, "Failed").getReason()).isEqualTo("BackoffLimitExceeded");
    assertThat(job.getStatus().getFailed()).isEqualTo(3);
    assertThat(podsOf("hopeless"))
        .hasSize(3)
        .allSatisfy(p -> assertThat(terminated(p).getExitCode()).isEqualTo(1));
  }

  @Test
  void failsAtOnceWhereThePolicySaysSo() {
    run("wrong-data", "exit 3", JobsIT::withPolicy);

    var job = awaitCondition("wrong-data", "Failed");

    assertThat(condition(job, "Failed").getReason()).isEqualTo("PodFailurePolicy");
    assertThat(condition(job, "Failed").getMessage())
        .contains("failed with exit code 3 matching FailJob rule at index 0");
    assertThat(job.getStatus().getFailed()).isEqualTo(1);
    assertThat(podsOf("wrong-data")).hasSize(1);
  }

  @Test
  void doesNotCountWhatThePolicyIgnores() {
    run(
        "interrupted",
        "[ -e data/second ] || { touch data/second; exit 75; }",
        spec -> withPolicy(spec).editSpec().withBackoffLimit(0).endSpec());

    var job = awaitCondition("interrupted", "Complete");

    assertThat(job.getStatus().getFailed()).isIn(null, 0);
    assertThat(podsOf("interrupted")).hasSize(2);
  }

  @Test
  void suspendsWithSigtermAndResumes() throws Exception {
    run(
        "patient",
        """
        [ -e data/checkpoint ] && exit 0
        trap 'touch data/checkpoint; exit 75' TERM
        touch data/started
        while true; do sleep 0.05; done
        """,
        JobsIT::withPolicy);
    cluster.awaitPods("job-name", "patient", JobsIT::isRunning);
    awaitFile("started");

    suspend("patient", true);

    var suspended = awaitCondition("patient", "Suspended");
    cluster.awaitPods("job-name", "patient", List::isEmpty);
    assertThat(suspended.getStatus().getStartTime()).isNotNull();
    assertThat(cluster.data().resolve("checkpoint")).exists();

    suspend("patient", false);

    var job = awaitCondition("patient", "Complete");
    assertThat(condition(job, "Suspended").getStatus()).isEqualTo("False");
    assertThat(podsOf("patient")).hasSize(1);
  }

  @Test
  void endsAtItsDeadline() {
    run("slow", "exec sleep 600", spec -> spec.editSpec().withActiveDeadlineSeconds(1L).endSpec());

    var job = awaitCondition("slow", "Failed");

    assertThat(condition(job, "Failed").getReason()).isEqualTo("DeadlineExceeded");
    cluster.awaitPods("job-name", "slow", List::isEmpty);
  }

  @Test
  void isRemovedAfterItsTimeToLive() {
    run("ephemeral", "true", spec -> spec.editSpec().withTtlSecondsAfterFinished(1).endSpec());

    cluster.awaitGone(Job.class, "ephemeral");

    cluster.awaitPods("job-name", "ephemeral", List::isEmpty);
  }

  @Test
  void endsItsPodsWhenItIsDeleted() throws Exception {
    run("deleted", "echo $$ > data/pid; exec sleep 600", spec -> spec);
    cluster.awaitPods("job-name", "deleted", JobsIT::isRunning);
    awaitFile("pid");
    var process =
        ProcessHandle.of(Long.parseLong(Files.readString(cluster.data().resolve("pid")).strip()))
            .orElseThrow();

    cluster.client.batch().v1().jobs().inNamespace(cluster.namespace).withName("deleted").delete();

    cluster.awaitPods("job-name", "deleted", List::isEmpty);
    process.onExit().get(30, TimeUnit.SECONDS);
  }

  @Test
  void saysWhichImageItDoesNotKnow() {
    var job = job("foreign", "true").build();
    job.getSpec().getTemplate().getSpec().getContainers().getFirst().setImage("ghcr.example/other");
    cluster.apply(job);

    var pods =
        cluster.awaitPods(
            "job-name",
            "foreign",
            all ->
                all.stream()
                    .flatMap(p -> p.getStatus().getContainerStatuses().stream())
                    .anyMatch(
                        c ->
                            c.getState().getWaiting() != null
                                && c.getState().getWaiting().getMessage() != null));

    var waiting =
        pods.getFirst().getStatus().getContainerStatuses().getFirst().getState().getWaiting();
    assertThat(waiting.getReason()).isEqualTo("ErrImagePull");
    assertThat(waiting.getMessage())
        .isEqualTo(
            "no command of this machine stands for the image ghcr.example/other: it knows"
                + " [test.example/sh]");
  }

  private JobBuilder job(String name, String script) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withTemplate(cluster.template("Never", script))
        .endSpec();
  }

  private void run(String name, String script, UnaryOperator<JobBuilder> more) {
    cluster.apply(more.apply(job(name, script)).build());
  }

  /** What the operator asks for. */
  private static JobBuilder withPolicy(JobBuilder job) {
    return job.editSpec()
        .withNewPodFailurePolicy()
        .withRules(
            new PodFailurePolicyRuleBuilder()
                .withAction("FailJob")
                .withOnExitCodes(in(2, 3))
                .build(),
            new PodFailurePolicyRuleBuilder()
                .withAction("Ignore")
                .addNewOnPodCondition("True", "DisruptionTarget")
                .build(),
            new PodFailurePolicyRuleBuilder().withAction("Ignore").withOnExitCodes(in(75)).build())
        .endPodFailurePolicy()
        .endSpec();
  }

  private static PodFailurePolicyOnExitCodesRequirement in(Integer... exitCodes) {
    return new PodFailurePolicyOnExitCodesRequirement("main", "In", List.of(exitCodes));
  }

  private void suspend(String name, boolean value) {
    cluster
        .client
        .batch()
        .v1()
        .jobs()
        .inNamespace(cluster.namespace)
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"suspend\": %s}}".formatted(value));
  }

  private Job awaitCondition(String name, String type) {
    return cluster.await(
        Job.class,
        name,
        j ->
            j.getStatus() != null
                && j.getStatus().getConditions().stream()
                    .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True")));
  }

  private void awaitFile(String name) throws InterruptedException {
    while (!Files.exists(cluster.data().resolve(name))) {
      Thread.sleep(20);
    }
  }

  private List<Pod> podsOf(String job) {
    return cluster
        .client
        .pods()
        .inNamespace(cluster.namespace)
        .withLabel("job-name", job)
        .list()
        .getItems();
  }

  private static boolean isRunning(List<Pod> pods) {
    return pods.stream().anyMatch(p -> "Running".equals(p.getStatus().getPhase()));
  }

  private static JobCondition condition(Job job, String type) {
    return job.getStatus().getConditions().stream()
        .filter(c -> c.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static ContainerStateTerminated terminated(Pod pod) {
    return pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated();
  }
}
