package hu.mtmt.besorol.local.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator that is killed at any instant goes on where it was; nothing is done twice. */
@RealApiServerTest
class KilledOperatorIT {
  private static final int KILLS = 20;

  /** Time for the operator to start is within this, so that kills hit it starting and working. */
  private static final int LONGEST_LIFE_MILLIS = 8_000;

  private static final String OPERATOR = "operator/target/quarkus-app/quarkus-run.jar";

  @TempDir Path directory;

  @Test
  void endsInTheSameStateHoweverOftenItIsKilled(RealApiServer api) throws Exception {
    var seed = Long.getLong("besorol.test.seed", System.nanoTime());
    System.out.println("Killing by the seed -Dbesorol.test.seed=" + seed);
    var random = new Random(seed);
    try (var besorol = TestBesorol.onReal(api, api.namespace("killed"), directory)) {
      var jobs = new Births<>(besorol, Job.class);
      var pods = new Births<>(besorol, Pod.class);
      var deployments = new Births<>(besorol, Deployment.class);
      var runs = new ArrayList<String>();
      var killed = new ArrayList<Long>();
      // One flow is over before so many kills: the next run begins where the one before has ended.
      while (killed.size() < KILLS) {
        var run = "quickstart-" + (runs.size() + 1);
        runs.add(run);
        besorol.submit(TestBesorol.sample(run, runs.size()));
        killUntilServed(besorol, run, random, killed);
      }

      assertThat(killed).hasSizeGreaterThanOrEqualTo(KILLS).doesNotHaveDuplicates();
      for (var run : runs) {
        assertThat(jobs.ofName(run)).as("Jobs of " + run).hasSize(1);
        assertThat(pods.withLabel("job-name", run)).as("pods of " + run).hasSize(1);
      }
      assertThat(deployments.names())
          .filteredOn(name -> name.startsWith("quickstart-"))
          .hasSize(runs.size())
          .doesNotHaveDuplicates();
      assertSameEndState(besorol, runs);
    }
  }

  /**
   * Kills the operator after a random part of its life, again and again, until there are enough.
   */
  private static void killUntilServed(
      TestBesorol besorol, String run, Random random, List<Long> killed) throws Exception {
    while (killed.size() < KILLS && !isServed(besorol, run)) {
      var operator = operator();
      if (operator.isPresent() && !killed.contains(operator.get().pid())) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
        operator.get().destroyForcibly();
        operator.get().onExit().get(1, TimeUnit.MINUTES);
        killed.add(operator.get().pid());
      }
      TimeUnit.MILLISECONDS.sleep(10); // the kubelet starts it again
    }
    var version = besorol.awaitEnd(run).getStatus().result().version();
    besorol.awaitServing(version);
  }

  private static boolean isServed(TestBesorol besorol, String run) {
    var trained =
        besorol
            .client()
            .resources(TrainingRun.class)
            .inNamespace(besorol.namespace)
            .withName(run)
            .get();
    var model =
        besorol
            .client()
            .resources(ClassifierModel.class)
            .inNamespace(besorol.namespace)
            .withName("quickstart")
            .get();
    return trained.getStatus() != null
        && trained.getStatus().result() != null
        && model.getStatus() != null
        && model.getStatus().serving() != null
        && model.getStatus().serving().version().equals(trained.getStatus().result().version());
  }

  private static Optional<ProcessHandle> operator() {
    return ProcessHandle.current()
        .descendants()
        .filter(p -> p.info().commandLine().orElse("").contains(OPERATOR))
        .findFirst();
  }

  private static void assertSameEndState(TestBesorol besorol, List<String> runs) {
    var versions = new ArrayList<String>();
    for (var run : runs) {
      var status = besorol.awaitEnd(run).getStatus();
      assertThat(status.conditions())
          .filteredOn(c -> c.getStatus().equals("True"))
          .extracting(c -> c.getType())
          .containsExactlyInAnyOrder("Complete", "Ready");
      assertThat(status.lastFailure()).isNull();
      versions.add(status.result().version());
    }
    var model = besorol.awaitServing(versions.getLast());
    assertThat(model.getStatus().versions())
        .extracting(ModelVersion::version)
        .containsExactlyElementsOf(versions.reversed());
    assertThat(model.getStatus().versions())
        .extracting(ModelVersion::verdict)
        .startsWith(Verdict.SERVING)
        .filteredOn(Verdict.SERVING::equals)
        .hasSize(1);
  }

  /** Every object of a kind that was ever there: its unique identifier. */
  private static final class Births<T extends HasMetadata> {
    private final Map<String, T> byUid = new ConcurrentHashMap<>();

    Births(TestBesorol besorol, Class<T> type) {
      besorol
          .client()
          .resources(type)
          .inNamespace(besorol.namespace)
          .inform(
              new ResourceEventHandler<T>() {
                @Override
                public void onAdd(T object) {
                  byUid.put(object.getMetadata().getUid(), object);
                }

                @Override
                public void onUpdate(T before, T after) {
                  onAdd(after);
                }

                @Override
                public void onDelete(T object, boolean lastStateUnknown) {
                  onAdd(object);
                }
              });
    }

    List<T> ofName(String name) {
      return byUid.values().stream().filter(o -> o.getMetadata().getName().equals(name)).toList();
    }

    List<String> names() {
      return byUid.values().stream().map(o -> o.getMetadata().getName()).toList();
    }

    List<T> withLabel(String label, String value) {
      return byUid.values().stream()
          .filter(
              o ->
                  o.getMetadata().getLabels() != null
                      && value.equals(o.getMetadata().getLabels().get(label)))
          .toList();
    }
  }
}
