package hu.mtmt.besorol.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.TestConfig;
import hu.mtmt.besorol.operator.controller.RunSteps.Step;
import hu.mtmt.besorol.operator.desired.TrainingJob;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Flavors;
import hu.mtmt.besorol.operator.placement.Forecast;
import hu.mtmt.besorol.operator.placement.Outlook;
import hu.mtmt.besorol.operator.placement.Placement;
import hu.mtmt.besorol.operator.queue.Verdict;
import hu.mtmt.besorol.operator.status.ConditionSet;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is done for a run, and what its status says, in situations that are hard to bring about. */
class RunStepsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Placement PLACED =
      new Placement(
          List.of(new Placement.Choice(Flavors.DEFAULT.all().getFirst(), 1)),
          Forecast.UNKNOWN,
          "It fits.",
          List.of());
  private static final Outlook OUTLOOK = outlook(PLACED);

  private static Outlook outlook(Placement placement) {
    return new Outlook(
        placement,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        placement.flavor().map(f -> new Verdict.Admit(f.name(), 1)));
  }

  private static ClassifierModel model(String uid) {
    var model = Samples.model("frascati");
    model.getMetadata().setUid(uid);
    return model;
  }

  private static TrainingRun run() {
    var run = Samples.run("first", "frascati");
    run.getMetadata().setUid("run");
    run.getMetadata().setGeneration(7L);
    return run;
  }

  private static Job job(String modelUid) {
    return TrainingJob.of(run(), model(modelUid), PLACED, TestConfig.defaults(), NOW).job();
  }

  private static Job ended(String type) {
    var job = job("model");
    job.setStatus(
        new JobStatusBuilder()
            .addNewCondition()
            .withType(type)
            .withStatus("True")
            .withReason("BackoffLimitExceeded")
            .withLastTransitionTime("2026-01-01T11:00:00Z")
            .endCondition()
            .build());
    return job;
  }

  private static RunObservation seen(ClassifierModel model, Job job) {
    return new RunObservation(
        Optional.ofNullable(model), Optional.ofNullable(job), List.of(), Optional.empty());
  }

  private static Step next(TrainingRun run, RunObservation seen) {
    return RunSteps.next(run, seen, OUTLOOK, Optional.empty(), NOW);
  }

  private static TrainingRun after(TrainingRun run, RunObservation seen) {
    var next = run();
    next.setSpec(run.getSpec());
    next.setStatus(
        TrainingRunStatuses.next(run, seen, OUTLOOK, Optional.empty(), Optional.empty(), NOW));
    return next;
  }

  @Test
  void jobIsCreatedOnlyWhereNothingStandsAgainstIt() {
    var free = seen(model("model"), null);
    assertThat(next(run(), free)).isInstanceOf(Step.Create.class);
    assertThat(next(run(), seen(null, null))).isEqualTo(new Step.None());
    assertThat(RunSteps.next(run(), free, OUTLOOK, Optional.of("no"), NOW))
        .isEqualTo(new Step.None());
    var nowhere = new Placement(List.of(), Forecast.UNKNOWN, "None fits.", List.of());
    assertThat(RunSteps.next(run(), free, outlook(nowhere), Optional.empty(), NOW))
        .isEqualTo(new Step.None());
  }

  @Test
  void namesakeOfTheDeletedModelIsAnotherModel() {
    var seen = seen(model("another"), job("model"));
    assertThat(next(run(), seen)).isInstanceOf(Step.DeleteJob.class);
    assertThat(TrainingRunStatuses.reason(after(run(), seen))).contains("ModelDeleted");
  }

  @Test
  void jobThatWasDeletedByHandIsCreatedAgain() {
    var started = after(run(), seen(model("model"), job("model")));
    assertThat(started.getStatus().jobName()).isEqualTo("first");
    assertThat(next(started, seen(model("model"), null))).isInstanceOf(Step.Create.class);
  }

  @Test
  void whatEndedBeforeTheModelWasDeletedCounts() {
    var seen = seen(null, ended("Failed"));
    assertThat(TrainingRunStatuses.reason(after(run(), seen))).contains("RetriesExhausted");
  }

  @Test
  void endedRunStaysAsItIs() {
    var failed = after(run(), seen(model("model"), ended("Failed")));
    var later = after(failed, seen(null, null));
    assertThat(later.getStatus().observedGeneration()).isEqualTo(7L);
    assertThat(later.getStatus().conditions()).isEqualTo(failed.getStatus().conditions());
    assertThat(next(failed, seen(model("model"), null))).isEqualTo(new Step.None());
  }

  @Test
  void failedRunIsDeletedWhenItsTimeIsOver() {
    var run =
        Samples.edited(
            run(), "backoffLimit: 3", "backoffLimit: 3\n  ttlSecondsAfterFinished: 3600");
    var failed = after(run, seen(model("model"), ended("Failed")));
    assertThat(failed.getStatus().completionTime()).isEqualTo("2026-01-01T11:00:00Z");
    var seen = seen(model("model"), ended("Failed"));
    assertThat(RunSteps.next(failed, seen, OUTLOOK, Optional.empty(), NOW.plusSeconds(3599)))
        .as("whatever the clock of the Job controller says")
        .isEqualTo(new Step.None());
    assertThat(RunSteps.next(failed, seen, OUTLOOK, Optional.empty(), NOW.plusSeconds(3600)))
        .isEqualTo(new Step.DeleteRun());
  }

  @Test
  void errorIsToldAndFollowsTheGeneration() {
    var status = TrainingRunStatuses.afterError(run(), "The server is away.", NOW);
    assertThat(status.observedGeneration()).isEqualTo(7L);
    assertThat(ConditionSet.find(status.conditions(), Type.READY))
        .get()
        .returns("ReconcileError", c -> c.getReason())
        .returns("The server is away.", c -> c.getMessage());
    assertThat(ConditionSet.isTrue(status.conditions(), Type.RECONCILING)).isTrue();
  }
}
