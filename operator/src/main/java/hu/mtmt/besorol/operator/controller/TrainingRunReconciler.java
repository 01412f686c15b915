package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.operator.config.AllowedHosts;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.controller.Cluster.NameTakenException;
import hu.mtmt.besorol.operator.controller.RunSteps.Step;
import hu.mtmt.besorol.operator.desired.TrainingJob;
import hu.mtmt.besorol.operator.event.EventPublisher;
import hu.mtmt.besorol.operator.event.RunHappenings;
import hu.mtmt.besorol.operator.metrics.OperatorMetrics;
import hu.mtmt.besorol.operator.observe.JobState;
import hu.mtmt.besorol.operator.observe.PodResult;
import hu.mtmt.besorol.operator.observe.ProgressSource;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Flavors;
import hu.mtmt.besorol.operator.placement.Placer;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes a Job of a run and follows it to its end.
 *
 * <p>The Job and the ConfigMap with its plan are created once, under names that follow from the
 * run's; so an operator that was interrupted at any instant goes on where it was, and no run has
 * two Jobs.
 */
@ControllerConfiguration(name = TrainingRunReconciler.NAME, fieldManager = Cluster.FIELD_MANAGER)
@GradualRetry(
    maxAttempts = Retries.UNLIMITED,
    initialInterval = Retries.FIRST_MILLIS,
    intervalMultiplier = Retries.MULTIPLIER,
    maxInterval = Retries.LONGEST_MILLIS)
public class TrainingRunReconciler implements Reconciler<TrainingRun> {
  static final String NAME = "trainingrun";

  /** How soon to look again whether a name has become free: no event tells. */
  private static final Duration NAME_CHECK = Duration.ofSeconds(5);

  private final OperatorConfig config;
  private final Flavors flavors;
  private final EventPublisher events;
  private final OperatorMetrics metrics;
  private final Clock clock;
  private volatile List<EventSource<?, TrainingRun>> sources = List.of();
  private final ProgressSource progress;

  public TrainingRunReconciler(
      OperatorConfig config,
      Flavors flavors,
      EventPublisher events,
      OperatorMetrics metrics,
      Clock clock) {
    this.config = config;
    this.flavors = flavors;
    this.events = events;
    this.metrics = metrics;
    this.clock = clock;
    this.progress = new ProgressSource(config.progressInterval());
  }

  @Override
  public List<EventSource<?, TrainingRun>> prepareEventSources(
      EventSourceContext<TrainingRun> context) {
    metrics.countRuns(context.getPrimaryCache());
    var source = new Sources<>(context);
    sources =
        List.of(
            source.owned(Job.class, Labels.RUN, Component.TRAINING),
            source.owned(ConfigMap.class, Labels.RUN, Component.TRAINING),
            source.owned(Pod.class, Labels.RUN, Component.TRAINING),
            Sources.modelOfRuns(context),
            progress);
    return sources;
  }

  @Override
  public UpdateControl<TrainingRun> reconcile(TrainingRun run, Context<TrainingRun> context) {
    var cluster = new Cluster<>(run, context);
    var before = observe(run, context);
    if (!Sources.allRunning(sources)) {
      return UpdateControl.noUpdate();
    }
    var placement =
        Placer.place(
            run.getSpec().algorithm().type(), run.getSpec().placement().flavors(), flavors);
    var objection = objection(run, before);
    var step = RunSteps.next(run, before, placement, objection, clock.instant());
    var nameTaken = take(step, run, cluster);
    if (step instanceof Step.DeleteRun) {
      return UpdateControl.noUpdate();
    }
    var seen = observe(run, context);
    if (!Sources.allRunning(sources)) {
      return UpdateControl.noUpdate();
    }
    var previous = TrainingRunStatuses.previous(run);
    var next =
        TrainingRunStatuses.next(run, seen, placement, objection, nameTaken, clock.instant());
    if (!next.equals(previous)) {
      RunHappenings.between(previous, next).forEach(h -> events.publish(run, h));
      cluster.writeStatus(withStatus(next));
    }
    return again(run, next, seen, nameTaken);
  }

  private Optional<String> take(Step step, TrainingRun run, Cluster<TrainingRun> cluster) {
    switch (step) {
      case Step.None _ -> {}
      case Step.Create(var model, var flavor) -> {
        var desired = TrainingJob.of(run, model, flavor, config);
        try {
          cluster.createOnce(desired.plan(), ConfigMap.class);
          cluster.createOnce(desired.job(), Job.class);
        } catch (NameTakenException e) {
          return Optional.of(e.getMessage());
        }
      }
      case Step.Suspend(var job, var suspend) -> cluster.suspend(job, suspend);
      case Step.DeleteJob(var job) -> cluster.delete(job);
      case Step.DeleteRun _ -> cluster.delete(run);
    }
    return Optional.empty();
  }

  private RunObservation observe(TrainingRun run, Context<TrainingRun> context) {
    var job =
        context
            .getSecondaryResourcesAsStream(Job.class)
            .filter(j -> RunObservation.controls(run, j))
            .findFirst();
    var pods =
        context
            .getSecondaryResourcesAsStream(Pod.class)
            .filter(p -> job.filter(j -> RunObservation.controls(j, p)).isPresent())
            .toList();
    var seen =
        new RunObservation(
            context.getSecondaryResource(ClassifierModel.class), job, pods, follow(run, pods));
    return seen.jobState() instanceof JobState.Complete
            && !TrainingRunStatuses.hasEnded(run)
            && seen.result() instanceof PodResult.Missing
        ? new RunObservation(seen.model(), job, livePods(job.get(), context), seen.progress())
        : seen;
  }

  /** The cache of pods may be behind that of Jobs: before a result counts as lost, ask. */
  private static List<Pod> livePods(Job job, Context<TrainingRun> context) {
    return context
        .getClient()
        .pods()
        .inNamespace(job.getMetadata().getNamespace())
        .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
        .list()
        .getItems()
        .stream()
        .filter(p -> RunObservation.controls(job, p))
        .toList();
  }

  private Optional<Progress> follow(TrainingRun run, List<Pod> pods) {
    var running =
        pods.stream()
            .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
            .filter(p -> p.getStatus() != null && "Running".equals(p.getStatus().getPhase()))
            .findFirst();
    if (running.isEmpty() || TrainingRunStatuses.hasEnded(run)) {
      progress.forget(run);
      return Optional.empty();
    }
    return progress.follow(run, running.get());
  }

  private Optional<String> objection(TrainingRun run, RunObservation seen) {
    var ofModel =
        seen.model().stream()
            .flatMap(m -> Stream.of(m.getSpec().taxonomy().source(), m.getSpec().holdout()));
    var ofRun = Stream.of(run.getSpec().training(), run.getSpec().validation());
    List<DataSource> data = Stream.concat(ofRun, ofModel).filter(s -> s != null).toList();
    return AllowedHosts.of(config).objection(data);
  }

  private UpdateControl<TrainingRun> again(
      TrainingRun run, TrainingRunStatus next, RunObservation seen, Optional<String> nameTaken) {
    if (nameTaken.isPresent()) {
      return UpdateControl.<TrainingRun>noUpdate().rescheduleAfter(NAME_CHECK);
    }
    var ended = withStatus(next);
    ended.setSpec(run.getSpec());
    return RunSteps.untilDeletion(ended, seen, clock.instant())
        .map(
            left ->
                UpdateControl.<TrainingRun>noUpdate()
                    .rescheduleAfter(left.isPositive() ? left.plusMillis(1) : Duration.ofMillis(1)))
        .orElseGet(UpdateControl::noUpdate);
  }

  @Override
  public ErrorStatusUpdateControl<TrainingRun> updateErrorStatus(
      TrainingRun run, Context<TrainingRun> context, Exception e) {
    if (Retries.isConflict(e) || TrainingRunStatuses.hasEnded(run)) {
      return ErrorStatusUpdateControl.noStatusUpdate();
    }
    var next = TrainingRunStatuses.afterError(run, Retries.message(e), clock.instant());
    if (next.equals(run.getStatus())) {
      return ErrorStatusUpdateControl.noStatusUpdate();
    }
    var fresh = withStatus(next);
    fresh.getMetadata().setName(run.getMetadata().getName());
    fresh.getMetadata().setNamespace(run.getMetadata().getNamespace());
    return ErrorStatusUpdateControl.patchStatus(fresh);
  }

  private static TrainingRun withStatus(TrainingRunStatus status) {
    var fresh = new TrainingRun();
    fresh.setStatus(status);
    return fresh;
  }
}
