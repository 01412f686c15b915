package hu.mtmt.besorol.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.TestConfig;
import hu.mtmt.besorol.operator.desired.TrainingJob;
import hu.mtmt.besorol.operator.placement.Flavors;
import hu.mtmt.besorol.operator.placement.History;
import hu.mtmt.besorol.operator.placement.Outlook;
import hu.mtmt.besorol.operator.queue.Verdict;
import hu.mtmt.besorol.testkit.MovingClock;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.javaoperatorsdk.operator.processing.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the queue looks at all runs, and when it does not. */
class RunQueueTest {
  private static final Flavors ONE =
      Flavors.parse("[{name: small, cpu: 4, memory: 16Gi, nodes: 1}]", "flavors.yaml");

  private final ClassifierModel model = Samples.model("frascati");
  private final List<TrainingRun> runs = new ArrayList<>();
  private final Map<String, Job> jobs = new HashMap<>();
  private final List<String> told = new ArrayList<>();
  private final MovingClock clock = new MovingClock();
  private final RunQueue queue = new RunQueue(new Seen(), clock);
  private int decisions;

  private final class Seen implements RunQueue.Sight {
    @Override
    public Stream<TrainingRun> active() {
      decisions++;
      return runs.stream();
    }

    @Override
    public Optional<Job> job(TrainingRun run) {
      return Optional.ofNullable(jobs.get(run.getMetadata().getName()));
    }

    @Override
    public boolean hasEndedJob(TrainingRun run) {
      return EndedJobs.isEnded(job(run));
    }

    @Override
    public Optional<ClassifierModel> readableModel(TrainingRun run) {
      return Optional.of(model);
    }

    @Override
    public Flavors flavors() {
      return ONE;
    }
  }

  @BeforeEach
  void listen() {
    model.getMetadata().setUid("frascati");
    queue.setEventHandler(
        event -> {
          if (event instanceof Event e) {
            told.add(e.getRelatedCustomResourceID().getName());
          }
        });
  }

  private TrainingRun run(String name) {
    var run = Samples.run(name, "frascati");
    run.getMetadata().setNamespace("library");
    run.getMetadata().setUid(name);
    run.getMetadata().setCreationTimestamp(clock.instant().toString());
    runs.add(run);
    return run;
  }

  private void start(TrainingRun run) {
    var placement = Outlook.placement(run, History.empty(), ONE);
    var job = TrainingJob.of(run, model, placement, TestConfig.defaults(), clock.instant()).job();
    job.getMetadata().setCreationTimestamp(clock.instant().toString());
    jobs.put(run.getMetadata().getName(), job);
  }

  private void end(TrainingRun run) {
    jobs.compute(
        run.getMetadata().getName(),
        (_, job) ->
            new JobBuilder(job)
                .withNewStatus()
                .addNewCondition()
                .withType("Complete")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build());
  }

  private Optional<Verdict> ask(TrainingRun run) {
    return queue.ask(run, History.empty());
  }

  @Test
  void whoWasJustToldToWaitIsToldSoAgain() {
    start(run("first"));
    var second = run("second");
    var waits = ask(second);
    assertThat(waits).containsInstanceOf(Verdict.Wait.class);
    int before = decisions;

    assertThat(ask(second)).isEqualTo(waits);
    assertThat(decisions).isEqualTo(before);

    clock.advance(Duration.ofSeconds(2));
    assertThat(ask(second)).containsInstanceOf(Verdict.Wait.class);
    assertThat(decisions).as("it may be otherwise by now").isEqualTo(before + 1);
  }

  @Test
  void whoHasMachinesDoesNotHaveAllRunsLookedAt() {
    var first = run("first");
    start(first);
    ask(run("second"));
    int before = decisions;

    assertThat(ask(first)).isEmpty();
    assertThat(decisions).isEqualTo(before);
  }

  @Test
  void whoEndsAsksForThoseThatWait() {
    var first = run("first");
    start(first);
    var second = run("second");
    ask(second);

    end(first);
    assertThat(ask(first)).isEmpty();

    assertThat(told).containsExactly("second");
    assertThat(ask(second)).containsInstanceOf(Verdict.Admit.class);
    int before = decisions;
    ask(first);
    assertThat(decisions).as("nobody waits for it any more").isEqualTo(before);
  }

  @Test
  void whoEndsAsksForOthersAlsoIfItWasAdmittedInTheLastRound() {
    var first = run("first");
    assertThat(ask(first)).containsInstanceOf(Verdict.Admit.class);
    start(first);
    var second = run("second");
    end(first);

    ask(first);

    assertThat(told).containsExactly("second");
  }

  @Test
  void whoIsMoreImportantIsHeardAtOnceAndTheOtherLeaves() {
    var first = run("first");
    start(first);
    ask(run("second"));
    var third = run("third");
    third.setSpec(Samples.edited(third, "priority: 0", "priority: 5").getSpec());

    assertThat(ask(third)).containsInstanceOf(Verdict.Wait.class);
    assertThat(told).containsExactly("first");
    assertThat(ask(first)).containsInstanceOf(Verdict.Leave.class);

    clock.advance(Duration.ofSeconds(20));
    assertThat(ask(first)).as("that was long ago").isEmpty();
  }
}
