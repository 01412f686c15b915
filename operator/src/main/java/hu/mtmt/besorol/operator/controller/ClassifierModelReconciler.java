package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.ClassifierModelStatus.Withdrawal;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.operator.config.AllowedHosts;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.controller.Cluster.NameTakenException;
import hu.mtmt.besorol.operator.desired.ModelJobs;
import hu.mtmt.besorol.operator.desired.Names;
import hu.mtmt.besorol.operator.desired.PlannedJob;
import hu.mtmt.besorol.operator.event.EventPublisher;
import hu.mtmt.besorol.operator.event.ModelHappenings;
import hu.mtmt.besorol.operator.metrics.OperatorMetrics;
import hu.mtmt.besorol.operator.observe.Knative;
import hu.mtmt.besorol.operator.observe.ModelObservation;
import hu.mtmt.besorol.operator.observe.Rollout;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.observe.ServiceReportSource;
import hu.mtmt.besorol.operator.promotion.Decision;
import hu.mtmt.besorol.operator.promotion.Platforms;
import hu.mtmt.besorol.operator.promotion.Routes;
import hu.mtmt.besorol.operator.promotion.Traffic;
import hu.mtmt.besorol.operator.promotion.TrafficObjects;
import hu.mtmt.besorol.operator.promotion.Versions;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses.Obstacles;
import hu.mtmt.besorol.operator.status.ConditionSet;
import hu.mtmt.besorol.operator.status.Judgements;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.knative.serving.v1.Configuration;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurableReconciler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Records the versions of a model, has them judged, and keeps the promoted one in service.
 *
 * <p>What is decided follows from the status and from what is in the cluster, so it is decided
 * again after an interruption, and Jobs have names that follow from what they do. A version that
 * serves, is about to, or is judged is never removed.
 */
@ControllerConfiguration(
    name = ClassifierModelReconciler.NAME,
    fieldManager = Cluster.FIELD_MANAGER)
@GradualRetry(
    maxAttempts = Retries.UNLIMITED,
    initialInterval = Retries.FIRST_MILLIS,
    intervalMultiplier = Retries.MULTIPLIER,
    maxInterval = Retries.LONGEST_MILLIS)
public class ClassifierModelReconciler
    implements Reconciler<ClassifierModel>, ConfigurableReconciler<ClassifierModel> {
  static final String NAME = "classifiermodel";

  /** How soon to look again whether a name or a hostname has become free: no event tells. */
  private static final Duration NAME_CHECK = Duration.ofSeconds(5);

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final OperatorConfig config;
  private final EventPublisher events;
  private final OperatorMetrics metrics;
  private final Clock clock;
  private final ServiceReportSource reports;
  private final RunsOfModels runs;

  /** Whether the cluster has the Gateway API. */
  private volatile boolean routes;

  /** Whether the cluster has Knative Serving. */
  private volatile boolean knative;

  private volatile List<EventSource<?, ClassifierModel>> sources = List.of();

  public ClassifierModelReconciler(
      OperatorConfig config,
      EventPublisher events,
      OperatorMetrics metrics,
      Clock clock,
      RunsOfModels runs) {
    this.runs = runs;
    this.config = config;
    this.events = events;
    this.metrics = metrics;
    this.clock = clock;
    this.reports = new ServiceReportSource(config.progressInterval(), clock);
  }

  @Override
  public void updateConfigurationFrom(
      ControllerConfigurationOverrider<ClassifierModel> configuration) {
    configuration.withInformerListLimit(Sources.PAGE);
    if (Sources.watchesOnce(configuration.build().getInformerConfig())) {
      configuration.withItemStore(Compact.models());
    }
  }

  @Override
  public List<EventSource<?, ClassifierModel>> prepareEventSources(
      EventSourceContext<ClassifierModel> context) {
    var source = new Sources<>(context, id -> false);
    routes = context.getClient().supports(HTTPRoute.class);
    knative = context.getClient().supports(Configuration.class);
    var all = new ArrayList<EventSource<?, ClassifierModel>>();
    all.addAll(
        List.of(
            source.owned(Job.class, Labels.MODEL, Component.EVALUATION, Component.PRUNING),
            source.owned(ConfigMap.class, Labels.MODEL, Component.EVALUATION, Component.PRUNING),
            source.owned(
                Pod.class,
                Labels.MODEL,
                Component.EVALUATION,
                Component.PRUNING,
                Component.INFERENCE),
            source.owned(Deployment.class, Labels.MODEL, Component.INFERENCE),
            source.owned(Service.class, Labels.MODEL, Component.INFERENCE),
            source.owned(PodDisruptionBudget.class, Labels.MODEL, Component.INFERENCE),
            Sources.watchesOnce(context.getControllerConfiguration().getInformerConfig())
                ? runs.tells(context.getPrimaryCache())
                : Sources.runsOfModel(context),
            reports));
    if (routes) {
      all.add(source.owned(HTTPRoute.class, Labels.MODEL, Component.INFERENCE));
    }
    if (knative) {
      all.add(source.owned(Configuration.class, Labels.MODEL, Component.INFERENCE));
      all.add(source.owned(Route.class, Labels.MODEL, Component.INFERENCE));
    }
    sources = List.copyOf(all);
    return sources;
  }

  @Override
  public UpdateControl<ClassifierModel> reconcile(
      ClassifierModel model, Context<ClassifierModel> context) {
    var cluster = new Cluster<>(model, context);
    var before = observe(model, context);
    if (!Sources.allRunning(sources)) {
      return UpdateControl.noUpdate();
    }
    var noRoute = Routes.objection(model, routes, context.getPrimaryCache().list());
    var weighed = model.getSpec().serving().route() != null && noRoute.isEmpty();
    var plan = plan(model, weighed, before);
    var versions = plan.versions();
    var decision = plan.decision();
    var objection = objection(model);
    var noPlatform = Platforms.objection(model.getSpec().serving(), knative);
    Optional<String> nameTaken = Optional.empty();
    try {
      judge(model, before, decision, objection, cluster);
      if (AllowedHosts.of(config).objection(model.getSpec().store()).isEmpty()) {
        if (noPlatform.isEmpty()) {
          noPlatform =
              plan.traffic()
                  .map(t -> TrafficObjects.of(t, model, weighed, before, config, clock.instant()))
                  .flatMap(objects -> serveOrRefusal(model, objects, context, cluster));
        }
        prune(model, before, versions, decision, cluster);
      }
    } catch (NameTakenException e) {
      nameTaken = Optional.of(e.getMessage());
    }

    var seen = observe(model, context);
    if (!Sources.allRunning(sources)) {
      return UpdateControl.noUpdate();
    }
    seen.forgottenPlans(clock.instant()).forEach(cluster::delete);
    var serving = ClassifierModelStatuses.servingVersion(model, seen, decision);
    if (serving != null) {
      metrics.tellServing(model, serving, context.getPrimaryCache());
    }
    var after = decide(model, seen, versions, serving);
    var next =
        ClassifierModelStatuses.next(
            model,
            seen,
            serving,
            after,
            plan.traffic().flatMap(Traffic::progress),
            kept(versions, after),
            new Obstacles(
                objection,
                noPlatform.or(() -> unrouted(seen)),
                noRoute.or(() -> refusal(model, context)),
                nameTaken,
                evaluationFailure(model, seen, after)),
            clock.instant());
    var previous = ClassifierModelStatuses.previous(model);
    if (!next.equals(previous)) {
      ModelHappenings.between(previous, next).forEach(h -> events.publish(model, h));
      cluster.writeStatus(withStatus(next));
      // The next decision rests on this status: no event tells of what was written here.
      return UpdateControl.<ClassifierModel>noUpdate().rescheduleAfter(AT_ONCE);
    }
    var hindered = nameTaken.isPresent() || noRoute.isPresent() || noPlatform.isPresent();
    return nextLook(model, next, hindered)
        .map(in -> UpdateControl.<ClassifierModel>noUpdate().rescheduleAfter(in))
        .orElseGet(UpdateControl::noUpdate);
  }

  /** When to look again though no event tells. */
  private Optional<Duration> nextLook(
      ClassifierModel model, ClassifierModelStatus status, boolean hindered) {
    if (hindered) {
      return Optional.of(NAME_CHECK);
    }
    var now = clock.instant();
    return Stream.concat(
            Stream.ofNullable(status.previous()).map(p -> Instant.parse(p.warmUntilTime())),
            Platforms.otherKeptUntil(model, platform(model)).filter(now::isBefore).stream())
        .min(Comparator.naturalOrder())
        .map(time -> Duration.between(now, time).plus(AT_ONCE))
        .map(in -> in.isPositive() ? in : AT_ONCE);
  }

  private Platform platform(ClassifierModel model) {
    return Platforms.of(model.getSpec().serving(), knative);
  }

  /** All versions that are kept, with everything that is known of them by now. */
  private static Versions versions(ClassifierModel model, ModelObservation seen) {
    return new Versions(ClassifierModelStatuses.previous(model).versions())
        .with(seen.completeRuns(), model.getMetadata().getUid())
        .with(seen.evaluationResults(), new Versions.Basis(Judgements.basis(model.getSpec())))
        .without(seen.removed());
  }

  private Decision decide(
      ClassifierModel model, ModelObservation seen, Versions versions, String serving) {
    return Decision.of(
        model.getSpec(), versions.without(seen.removing()), serving, clock.instant());
  }

  /** Versions that are being removed are listed until they are gone. */
  private static List<ModelVersion> kept(Versions versions, Decision decision) {
    return versions.map(v -> decision.versions().find(v.version()).orElse(v)).newestFirst();
  }

  /** One evaluation at a time, the most urgent whose Job has not failed. */
  private void judge(
      ClassifierModel model,
      ModelObservation seen,
      Decision decision,
      Optional<String> objection,
      Cluster<ClassifierModel> cluster) {
    if (objection.isPresent()) {
      return;
    }
    decision.evaluations().stream()
        .map(e -> evaluationJob(model, e))
        .filter(j -> seen.failure(j.job().getMetadata().getName()).isEmpty())
        .findFirst()
        .ifPresent(j -> create(j, cluster));
  }

  private PlannedJob evaluationJob(ClassifierModel model, Decision.EvaluationRequest request) {
    return ModelJobs.evaluation(model, request.version(), request.comparisons(), config);
  }

  private Optional<String> evaluationFailure(
      ClassifierModel model, ModelObservation seen, Decision decision) {
    var jobs = decision.evaluations().stream().map(e -> evaluationJob(model, e)).toList();
    var failures =
        jobs.stream().flatMap(j -> seen.failure(j.job().getMetadata().getName()).stream()).toList();
    return failures.size() == jobs.size() ? failures.stream().findFirst() : Optional.empty();
  }

  /**
   * What is to be done.
   *
   * @param traffic empty if no version is to serve
   */
  private record Plan(Versions versions, Decision decision, Optional<Traffic> traffic) {}

  /** A version that is taken back is judged anew without it, in the same breath. */
  private Plan plan(ClassifierModel model, boolean weighed, ModelObservation seen) {
    var versions = versions(model, seen);
    while (true) {
      var decision = decide(model, seen, versions, ClassifierModelStatuses.servingVersion(model));
      var traffic =
          decision.wanted().map(w -> Traffic.of(decision, model, weighed, seen, clock.instant()));
      var broken = traffic.flatMap(Traffic::broken);
      if (broken.isEmpty()) {
        return new Plan(versions, decision, traffic);
      }
      var time = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
      versions = versions.with(decision.wanted().orElseThrow(), new Withdrawal(broken.get(), time));
    }
  }

  private static Optional<String> unrouted(ModelObservation seen) {
    return seen.platform() == Platform.KNATIVE
        ? seen.route().flatMap(Knative::refusal)
        : Optional.empty();
  }

  /** Why Knative refuses what is to serve, if it does: then everything stays as it is. */
  private Optional<String> serveOrRefusal(
      ClassifierModel model,
      TrafficObjects objects,
      Context<ClassifierModel> context,
      Cluster<ClassifierModel> cluster) {
    try {
      serve(model, objects, context, cluster);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(Knative.refusal(e).orElseThrow(() -> e));
    }
  }

  private void serve(
      ClassifierModel model,
      TrafficObjects objects,
      Context<ClassifierModel> context,
      Cluster<ClassifierModel> cluster) {
    objects.wanted().forEach(cluster::apply);
    var alone = new ArrayList<>(objects.alone());
    if (ours(model, context, Route.class).allMatch(Knative::isReady)) {
      alone.addAll(objects.aloneWhenRouted());
    }
    alone.stream()
        .flatMap(type -> ours(model, context, type))
        .filter(o -> !objects.wants(o) && !o.isMarkedForDeletion())
        .forEach(cluster::delete);
  }

  private Optional<String> refusal(ClassifierModel model, Context<ClassifierModel> context) {
    return ours(model, context, HTTPRoute.class)
        .flatMap(r -> Routes.refusal(r).stream())
        .findFirst();
  }

  /** One removal at a time; what was removed is forgotten when the status says so. */
  private void prune(
      ClassifierModel model,
      ModelObservation seen,
      Versions versions,
      Decision decision,
      Cluster<ClassifierModel> cluster) {
    var listed = new Versions(ClassifierModelStatuses.previous(model).versions());
    var removed = seen.removed();
    seen.pruneJobs().stream()
        .filter(
            j ->
                seen.versionsOf(j).stream()
                    .map(Digest::value)
                    .allMatch(v -> removed.contains(v) && listed.find(v).isEmpty()))
        .forEach(cluster::delete);
    if (!seen.pruneJobs().isEmpty()) {
      return;
    }
    var surplus =
        versions.surplus(model.getSpec().retainedVersions(), inUse(model, seen, decision));
    if (!surplus.isEmpty()) {
      create(ModelJobs.pruning(model, surplus.stream().map(Digest::new).toList(), config), cluster);
    }
  }

  private Set<String> inUse(ClassifierModel model, ModelObservation seen, Decision decision) {
    var inUse = new HashSet<>(seen.judging());
    decision.wanted().ifPresent(inUse::add);
    decision.evaluations().forEach(e -> inUse.add(e.version().value()));
    seen.rollouts().forEach(r -> inUse.add(r.version()));
    Optional.ofNullable(ClassifierModelStatuses.servingVersion(model)).ifPresent(inUse::add);
    Optional.ofNullable(model.getSpec().promotion().version()).ifPresent(inUse::add);
    Traffic.warm(ClassifierModelStatuses.previous(model), clock.instant()).ifPresent(inUse::add);
    return inUse;
  }

  private static void create(PlannedJob planned, Cluster<ClassifierModel> cluster) {
    cluster.createOnce(planned.plan(), ConfigMap.class);
    cluster.createOnce(planned.job(), Job.class);
  }

  private Optional<String> objection(ClassifierModel model) {
    var allowed = AllowedHosts.of(config);
    return allowed
        .objection(List.of(model.getSpec().taxonomy().source(), model.getSpec().holdout()))
        .or(() -> allowed.objection(model.getSpec().store()));
  }

  private ModelObservation observe(ClassifierModel model, Context<ClassifierModel> context) {
    var runs = context.getSecondaryResources(TrainingRun.class);
    var pods = List.copyOf(context.getSecondaryResources(Pod.class));
    return new ModelObservation(
        runs.stream()
            .filter(
                r ->
                    ConditionSet.isTrue(
                        TrainingRunStatuses.previous(r).conditions(), Type.COMPLETE))
            .toList(),
        (int) runs.stream().filter(r -> !TrainingRunStatuses.hasEnded(r)).count(),
        ours(model, context, Job.class).toList(),
        ours(model, context, ConfigMap.class).toList(),
        pods,
        platform(model),
        Stream.concat(
                ours(model, context, Deployment.class)
                    .filter(d -> !d.isMarkedForDeletion())
                    .map(d -> Rollout.of(d, pods)),
                ours(model, context, Configuration.class)
                    .filter(c -> !c.isMarkedForDeletion())
                    .map(c -> Rollout.of(c, pods)))
            .toList(),
        ours(model, context, Service.class)
            .filter(s -> s.getMetadata().getName().equals(Names.inference(model)))
            .findFirst(),
        ours(model, context, Route.class).findFirst(),
        reports.follow(model, compared(model, pods)));
  }

  /** The pods whose answers are held against each other. */
  private static List<Pod> compared(ClassifierModel model, List<Pod> pods) {
    var canary = ClassifierModelStatuses.previous(model).canary();
    var serving = ClassifierModelStatuses.servingVersion(model);
    return canary == null || serving == null
        ? List.of()
        : Stream.of(canary.version(), serving)
            .flatMap(
                v ->
                    Stream.of(v, serving)
                        .distinct()
                        .flatMap(a -> ModelObservation.answering(pods, v, a).stream()))
            .toList();
  }

  /** Objects of the model; none of a kind that the cluster does not have. */
  private <R extends HasMetadata> Stream<R> ours(
      ClassifierModel model, Context<ClassifierModel> context, Class<R> type) {
    return isThere(type)
        ? context.getSecondaryResourcesAsStream(type).filter(r -> RunObservation.controls(model, r))
        : Stream.empty();
  }

  private boolean isThere(Class<?> type) {
    if (type == HTTPRoute.class) {
      return routes;
    }
    return knative || (type != Configuration.class && type != Route.class);
  }

  @Override
  public ErrorStatusUpdateControl<ClassifierModel> updateErrorStatus(
      ClassifierModel model, Context<ClassifierModel> context, Exception e) {
    if (Retries.isConflict(e) || !Sources.allRunning(sources)) {
      return ErrorStatusUpdateControl.noStatusUpdate();
    }
    var next = ClassifierModelStatuses.afterError(model, Retries.message(e), clock.instant());
    if (next.equals(model.getStatus())) {
      return ErrorStatusUpdateControl.noStatusUpdate();
    }
    var fresh = withStatus(next);
    fresh.getMetadata().setName(model.getMetadata().getName());
    fresh.getMetadata().setNamespace(model.getMetadata().getNamespace());
    return ErrorStatusUpdateControl.patchStatus(fresh);
  }

  private static ClassifierModel withStatus(ClassifierModelStatus status) {
    var fresh = new ClassifierModel();
    fresh.setStatus(status);
    return fresh;
  }
}
