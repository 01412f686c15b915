package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.controller.Cluster.NameTakenException;
import hu.mtmt.besorol.operator.controller.RunSteps.Step;
import hu.mtmt.besorol.operator.desired.TrainingJob;
import hu.mtmt.besorol.operator.event.EventPublisher;
import hu.mtmt.besorol.operator.event.RunHappenings;
import hu.mtmt.besorol.operator.metrics.OperatorMetrics;
import hu.mtmt.besorol.operator.observe.FlavorSource;
import hu.mtmt.besorol.operator.observe.Gang;
import hu.mtmt.besorol.operator.observe.JobState;
import hu.mtmt.besorol.operator.observe.Kueue;
import hu.mtmt.besorol.operator.observe.KueueSource;
import hu.mtmt.besorol.operator.observe.PodFailure;
import hu.mtmt.besorol.operator.observe.PodResult;
import hu.mtmt.besorol.operator.observe.ProgressSource;
import hu.mtmt.besorol.operator.observe.Refusal;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.observe.StrayNodes;
import hu.mtmt.besorol.operator.placement.History;
import hu.mtmt.besorol.operator.placement.Outlook;
import hu.mtmt.besorol.operator.queue.Verdict;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurableReconciler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
public class TrainingRunReconciler
    implements Reconciler<TrainingRun>, ConfigurableReconciler<TrainingRun> {
  static final String NAME = "trainingrun";

  /** How soon to look again whether machines are free, should nobody have told. */
  private static final Duration QUEUE_CHECK = Duration.ofSeconds(10);

  /** How soon to go on with the removal of a Job. */
  private static final Duration REMOVAL_CHECK = Duration.ofMillis(200);

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** How soon to look again whether a name has become free: no event tells. */
  private static final Duration NAME_CHECK = Duration.ofSeconds(5);

  private final OperatorConfig config;
  private final EventPublisher events;
  private final OperatorMetrics metrics;
  private final Clock clock;
  private volatile List<EventSource<?, TrainingRun>> sources = List.of();
  private final ProgressSource progress;
  private final RunsOfModels ofModels;
  private volatile FlavorSource flavors;
  private volatile KnownRuns known;
  private volatile Optional<EndedJobs> ended = Optional.empty();
  private volatile CachedSight sight;
  private volatile RunQueue queue;
  private volatile StrayNodes nodes;

  public TrainingRunReconciler(
      OperatorConfig config,
      EventPublisher events,
      OperatorMetrics metrics,
      Clock clock,
      RunsOfModels ofModels) {
    this.ofModels = ofModels;
    this.config = config;
    this.events = events;
    this.metrics = metrics;
    this.clock = clock;
    this.progress = new ProgressSource(config.progressInterval());
  }

  @Override
  public void updateConfigurationFrom(ControllerConfigurationOverrider<TrainingRun> configuration) {
    if (Sources.watchesOnce(configuration.build().getInformerConfig())) {
      var noted = new KnownRuns.Noted();
      configuration.withItemStore(Compact.runs(List.of(noted, ofModels)));
      known = noted;
      ended = Optional.of(new EndedJobs());
    }
    configuration.withInformerListLimit(Sources.PAGE);
    configuration.withOnAddFilter(run -> !known.isSettled(ResourceID.fromResource(run)));
  }

  @Override
  public List<EventSource<?, TrainingRun>> prepareEventSources(
      EventSourceContext<TrainingRun> context) {
    var runs = context.getPrimaryCache();
    if (known == null) {
      known = new KnownRuns.LookedUp(runs);
    }
    metrics.countRuns(known::count);
    var source = new Sources<>(context, known::isSettled);
    CachedSight.index(runs);
    var jobs =
        source.owned(
            Job.class,
            ended.map(e -> Compact.jobs(List.of(e))),
            Optional.of((TrainingRun run) -> Set.of(CachedSight.jobOf(run))),
            Labels.RUN,
            Component.TRAINING);
    var models = Sources.modelOfRuns(context);
    flavors =
        new FlavorSource(
            config.flavors(),
            config.namespace().orElseGet(context.getClient()::getNamespace),
            context.getClient(),
            events,
            () -> sight.active());
    sight = new CachedSight(runs, jobs, models, ended, flavors::known, config);
    queue = new RunQueue(sight, clock);
    nodes = new StrayNodes(context.getClient(), clock);
    sources =
        List.of(
            jobs,
            source.owned(Service.class, Labels.RUN, Component.TRAINING),
            source.owned(Pod.class, Labels.RUN, Component.TRAINING),
            models,
            Sources.refusals(context),
            ofModels.whileKnown(runs),
            progress,
            flavors,
            queue);
    return sources;
  }

  @Override
  public UpdateControl<TrainingRun> reconcile(TrainingRun run, Context<TrainingRun> context) {
    var cluster = new Cluster<>(run, context);
    var before = observe(run, context);
    if (!Sources.allRunning(sources)) {
      return UpdateControl.noUpdate();
    }
    var objection = CachedSight.objection(run, before.model(), config);
    var history = known.history();
    var decided = queue.ask(run, history);
    var step =
        RunSteps.next(
            run, before, outlook(run, before, history).with(decided), objection, clock.instant());
    var nameTaken = take(step, run, cluster);
    if (step instanceof Step.DeleteRun) {
      return UpdateControl.noUpdate();
    }
    var seen = observe(run, context);
    if (!Sources.allRunning(sources)) {
      return UpdateControl.noUpdate();
    }
    var previous = TrainingRunStatuses.previous(run);
    var outlook = outlook(run, seen, history).with(decided);
    var next = TrainingRunStatuses.next(run, seen, outlook, objection, nameTaken, clock.instant());
    if (!next.equals(previous)) {
      RunHappenings.between(previous, next).forEach(h -> events.publish(run, h));
      cluster.writeStatus(withStatus(next));
      if (previous.result() == null && next.result() != null) {
        metrics.tellNeeds(run.getSpec().algorithm().type(), next);
      }
      if (decided.orElse(null) instanceof Verdict.Leave) {
        metrics.tellPreempted(
            next.placement().flavor(),
            next.queue().lostMinutes()
                - Optional.ofNullable(previous.queue()).map(q -> q.lostMinutes()).orElse(0));
      }
    }
    return again(run, next, seen, outlook, nameTaken);
  }

  private Optional<String> take(Step step, TrainingRun run, Cluster<TrainingRun> cluster) {
    switch (step) {
      case Step.None _ -> {}
      case Step.Create(var model, var placement) -> {
        var desired = TrainingJob.of(run, model, placement, config, clock.instant());
        try {
          cluster.createUnseen(desired.plan());
          desired.service().ifPresent(s -> cluster.createOnce(s, Service.class));
          cluster.createOnce(desired.job(), Job.class);
        } catch (NameTakenException e) {
          return Optional.of(e.getMessage());
        }
      }
      case Step.Suspend(var job, var suspend) -> cluster.suspend(job, suspend);
      case Step.DeleteJob(var job) when Kueue.decidesAbout(job) -> cluster.deleteLast(job);
      case Step.DeleteJob(var job) -> cluster.delete(job);
      case Step.DeleteRun _ -> cluster.delete(run);
    }
    return Optional.empty();
  }

  private Outlook outlook(TrainingRun run, RunObservation seen, History history) {
    var needed =
        seen.runningPod().isPresent() || TrainingRunStatuses.hasEnded(run)
            ? History.empty() // nothing is decided
            : history;
    return Outlook.of(run, seen, needed, flavors.known(), clock.instant());
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
            context.getSecondaryResource(ClassifierModel.class),
            job,
            pods,
            follow(run, pods),
            askKueue(run, job, context));
    if (seen.jobState() instanceof JobState.Complete
        && !TrainingRunStatuses.hasEnded(run)
        && seen.result() instanceof PodResult.Missing) {
      return seen.with(livePods(job.get(), context));
    }
    return seen.with(
        seen.lacksPods() && wasRefused(job.get(), context)
            ? Refusal.ask(context.getClient(), job.get())
            : Optional.empty(),
        PodFailure.unschedulableSince(pods).flatMap(_ -> nodes.ask(flavors.known())));
  }

  /** Whether pods of that Job were refused at any time; what has become of it must be asked. */
  private static boolean wasRefused(Job job, Context<TrainingRun> context) {
    return context
        .getSecondaryResourcesAsStream(Event.class)
        .anyMatch(e -> job.getMetadata().getUid().equals(e.getInvolvedObject().getUid()));
  }

  private static Kueue askKueue(TrainingRun run, Optional<Job> job, Context<TrainingRun> context) {
    return run.getSpec().suspend() || TrainingRunStatuses.hasEnded(run)
        ? new Kueue.NotAsked()
        : new KueueSource(context.getClient()).ask(run, job);
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
            .filter(p -> p.getMetadata().getDeletionTimestamp() == null && Gang.rank(p) == 0)
            .filter(p -> p.getStatus() != null && "Running".equals(p.getStatus().getPhase()))
            .findFirst();
    if (running.isEmpty() || TrainingRunStatuses.hasEnded(run)) {
      progress.forget(run);
      return Optional.empty();
    }
    return progress.follow(run, running.get());
  }

  private UpdateControl<TrainingRun> again(
      TrainingRun run,
      TrainingRunStatus next,
      RunObservation seen,
      Outlook outlook,
      Optional<String> nameTaken) {
    var now = clock.instant();
    if (outlook.givenUp().isPresent() || outlook.isTakenBack(now)) {
      return UpdateControl.<TrainingRun>noUpdate().rescheduleAfter(AT_ONCE);
    }
    if (seen.job().filter(j -> Outlook.isGivenUp(run, j)).isPresent()
        && seen.runningPod().isEmpty()) {
      // What is written here is in the cache already, and so is no event.
      return UpdateControl.<TrainingRun>noUpdate().rescheduleAfter(REMOVAL_CHECK);
    }
    var later =
        outlook
            .fallback()
            .map(Outlook.Fallback::time)
            .or(() -> outlook.gang().map(Outlook.Incomplete::time))
            .or(() -> Outlook.heldBack(withStatus(next), now))
            .or(() -> PodFailure.nextLook(seen.pods(), now));
    if (!(seen.kueue() instanceof Kueue.NotAsked)) {
      return UpdateControl.<TrainingRun>noUpdate().rescheduleAfter(QUEUE_CHECK);
    }
    if (outlook.verdict().orElse(null) instanceof Verdict.Wait) {
      var fallback = Duration.ofSeconds(Math.max(1, run.getSpec().placement().fallbackSeconds()));
      return UpdateControl.<TrainingRun>noUpdate()
          .rescheduleAfter(fallback.compareTo(QUEUE_CHECK) < 0 ? fallback : QUEUE_CHECK);
    }
    if (later.isPresent()) {
      return UpdateControl.<TrainingRun>noUpdate().rescheduleAfter(left(later.get()));
    }
    if (nameTaken.isPresent()) {
      return UpdateControl.<TrainingRun>noUpdate().rescheduleAfter(NAME_CHECK);
    }
    var ended = withStatus(next);
    ended.setSpec(run.getSpec());
    return RunSteps.untilDeletion(ended, seen, now)
        .map(left -> UpdateControl.<TrainingRun>noUpdate().rescheduleAfter(soon(left)))
        .orElseGet(UpdateControl::noUpdate);
  }

  private Duration left(Instant time) {
    return soon(Duration.between(clock.instant(), time));
  }

  private static Duration soon(Duration left) {
    return left.isPositive() ? left.plusMillis(1) : AT_ONCE;
  }

  @Override
  public ErrorStatusUpdateControl<TrainingRun> updateErrorStatus(
      TrainingRun run, Context<TrainingRun> context, Exception e) {
    if (Retries.isConflict(e)
        || !Sources.allRunning(sources)
        || TrainingRunStatuses.hasEnded(run)) {
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
