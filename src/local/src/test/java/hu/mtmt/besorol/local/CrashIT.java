package hu.mtmt.besorol.local;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRuleBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose process was killed: its own processes live on, and nobody watches them. */
@RealApiServerTest
class CrashIT {
  @TempDir Path directory;

  @Test
  void endsWhatAKilledClusterLeftBehindAndRunsItAgain(RealApiServer api) throws Exception {
    var namespace = api.namespace("crash");
    var started = directory.resolve("volumes").resolve(namespace).resolve("data/started");
    ProcessHandle orphan;
    Pod lost;
    try (var cluster = ShellCluster.start(api, namespace, directory)) {
      cluster.apply(job(cluster));
      var pods =
          cluster.awaitPods(
              "job-name",
              "interrupted",
              all -> all.stream().anyMatch(p -> "Running".equals(p.getStatus().getPhase())));
      lost = pods.getFirst();
      while (!Files.exists(started)) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      // What a kill leaves behind: a process that is noted in the sandbox and has no parent.
      orphan = leaveBehind(lost);
    }
    assertThat(orphan.isAlive()).isTrue();

    try (var cluster = ShellCluster.start(api, namespace, directory)) {
      orphan.onExit().get(1, TimeUnit.MINUTES);
      var job =
          cluster.await(
              Job.class,
              "interrupted",
              j ->
                  j.getStatus().getConditions().stream()
                      .anyMatch(c -> c.getType().equals("Complete")));
      assertThat(job.getStatus().getFailed()).isIn(null, 0);
      var failed = cluster.await(Pod.class, lost.getMetadata().getName(), p -> true);
      assertThat(failed.getStatus().getPhase()).isEqualTo("Failed");
      assertThat(failed.getStatus().getConditions())
          .extracting(c -> c.getType())
          .contains("DisruptionTarget");
    }
  }

  private ProcessHandle leaveBehind(Pod pod) throws Exception {
    var process = new ProcessBuilder("sleep", "600").start();
    var note =
        directory
            .resolve("pods")
            .resolve(
                pod.getMetadata().getNamespace()
                    + "_"
                    + pod.getMetadata().getName()
                    + "_"
                    + pod.getMetadata().getUid())
            .resolve("containers/main/process");
    Files.writeString(
        note,
        process.pid() + " " + process.info().startInstant().orElseThrow().toEpochMilli() + "\n");
    return process.toHandle();
  }

  /** The first time it waits for ever; it is not counted if it is disrupted. */
  private static Job job(ShellCluster cluster) {
    return new JobBuilder()
        .withNewMetadata()
        .withName("interrupted")
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withNewPodFailurePolicy()
        .withRules(
            new PodFailurePolicyRuleBuilder()
                .withAction("Ignore")
                .addNewOnPodCondition("True", "DisruptionTarget")
                .build())
        .endPodFailurePolicy()
        .withTemplate(
            cluster.template(
                "Never", "[ -e data/started ] && exit 0; touch data/started; exec sleep 600"))
        .endSpec()
        .build();
  }
}
