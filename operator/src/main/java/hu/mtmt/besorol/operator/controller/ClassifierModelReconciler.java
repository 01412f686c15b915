package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.operator.config.AllowedHosts;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.controller.Cluster.NameTakenException;
import hu.mtmt.besorol.operator.desired.Inference;
import hu.mtmt.besorol.operator.desired.ModelJobs;
import hu.mtmt.besorol.operator.desired.PlannedJob;
import hu.mtmt.besorol.operator.event.EventPublisher;
import hu.mtmt.besorol.operator.event.ModelHappenings;
import hu.mtmt.besorol.operator.metrics.OperatorMetrics;
import hu.mtmt.besorol.operator.observe.ModelObservation;
import hu.mtmt.besorol.operator.observe.Rollout;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.promotion.Decision;
import hu.mtmt.besorol.operator.promotion.Versions;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses.Obstacles;
import hu.mtmt.besorol.operator.status.ConditionSet;
import hu.mtmt.besorol.operator.status.Judgements;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
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
public class ClassifierModelReconciler implements Reconciler<ClassifierModel> {
  static final String NAME = "classifiermodel";

  /** How soon to look again whether a name has become free: no event tells. */
  private static final Duration NAME_CHECK = Duration.ofSeconds(5);

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final OperatorConfig config;
  private final EventPublisher events;
  private final OperatorMetrics metrics;
  private final Clock clock;
  private volatile List<EventSource<?, ClassifierModel>> sources = List.of();

  public ClassifierModelReconciler(
      OperatorConfig config, EventPublisher events, OperatorMetrics metrics, Clock clock) {
    this.config = config;
    this.events = events;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, ClassifierModel>> prepareEventSources(
      EventSourceContext<ClassifierModel> context) {
    var source = new Sources<>(context);
    sources =
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
            Sources.runsOfModel(context));
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
    var versions = versions(model, before);
    var decision = decide(model, before, versions, ClassifierModelStatuses.servingVersion(model));
    var objection = objection(model);
    Optional<String> nameTaken = Optional.empty();
    try {
      judge(model, before, decision, objection, cluster);
      serve(model, decision, cluster);
      prune(model, before, versions, decision, cluster);
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
            kept(versions, after),
            new Obstacles(objection, nameTaken, evaluationFailure(model, seen, after)),
            clock.instant());
    var previous = ClassifierModelStatuses.previous(model);
    if (!next.equals(previous)) {
      ModelHappenings.between(previous, next).forEach(h -> events.publish(model, h));
      cluster.writeStatus(withStatus(next));
      // The next decision rests on this status: no event tells of what was written here.
      return UpdateControl.<ClassifierModel>noUpdate().rescheduleAfter(AT_ONCE);
    }
    return nameTaken.isPresent()
        ? UpdateControl.<ClassifierModel>noUpdate().rescheduleAfter(NAME_CHECK)
        : UpdateControl.noUpdate();
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

  private void serve(ClassifierModel model, Decision decision, Cluster<ClassifierModel> cluster) {
    decision
        .wanted()
        .ifPresent(
            wanted -> {
              var inference = Inference.of(model, new Digest(wanted), config);
              cluster.apply(inference.deployment(), Deployment.class);
              cluster.apply(inference.service(), Service.class);
              cluster.apply(inference.disruptionBudget(), PodDisruptionBudget.class);
            });
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

  private static Set<String> inUse(
      ClassifierModel model, ModelObservation seen, Decision decision) {
    var inUse = new HashSet<>(seen.judging());
    decision.wanted().ifPresent(inUse::add);
    decision.evaluations().forEach(e -> inUse.add(e.version().value()));
    seen.rollout().map(Rollout::version).ifPresent(inUse::add);
    Optional.ofNullable(ClassifierModelStatuses.servingVersion(model)).ifPresent(inUse::add);
    Optional.ofNullable(model.getSpec().promotion().version()).ifPresent(inUse::add);
    return inUse;
  }

  private static void create(PlannedJob planned, Cluster<ClassifierModel> cluster) {
    cluster.createOnce(planned.plan(), ConfigMap.class);
    cluster.createOnce(planned.job(), Job.class);
  }

  private Optional<String> objection(ClassifierModel model) {
    return AllowedHosts.of(config)
        .objection(List.of(model.getSpec().taxonomy().source(), model.getSpec().holdout()));
  }

  private static ModelObservation observe(ClassifierModel model, Context<ClassifierModel> context) {
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
        ours(model, context, Deployment.class).findFirst().map(d -> Rollout.of(d, pods)),
        ours(model, context, Service.class)
            .findFirst()
            .map(s -> s.getMetadata().getAnnotations())
            .map(a -> a.get(Labels.URL)));
  }

  private static <R extends HasMetadata> Stream<R> ours(
      ClassifierModel model, Context<ClassifierModel> context, Class<R> type) {
    return context
        .getSecondaryResourcesAsStream(type)
        .filter(r -> RunObservation.controls(model, r));
  }

  @Override
  public ErrorStatusUpdateControl<ClassifierModel> updateErrorStatus(
      ClassifierModel model, Context<ClassifierModel> context, Exception e) {
    if (Retries.isConflict(e)) {
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
