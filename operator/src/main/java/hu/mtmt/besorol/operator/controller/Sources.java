package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.observe.Refusal;
import hu.mtmt.besorol.operator.status.ConditionSet;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.PrimaryToSecondaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the reconcilers are told of. Objects are found by labels, so that caches hold what is ours
 * only.
 *
 * @param <P> the kind that is reconciled
 */
final class Sources<P extends HasMetadata> {
  /**
   * So many objects are listed at one time: what a server sends is many times as large while it is
   * read as what is kept of it.
   */
  static final long PAGE = 50;

  private static final String RUNS_OF_MODEL = "runs-of-model";

  private final EventSourceContext<P> context;
  private final Predicate<ResourceID> settled;

  /**
   * @param settled resources that need not be looked at because of what the caches hold already
   */
  Sources(EventSourceContext<P> context, Predicate<ResourceID> settled) {
    this.context = context;
    this.settled = settled;
  }

  /**
   * Objects of those components that were created for what {@code label} names.
   *
   * @param label names the resource that is reconciled
   */
  <R extends HasMetadata> InformerEventSource<R, P> owned(
      Class<R> type, String label, Component... components) {
    return owned(type, store(type), Optional.empty(), label, components);
  }

  /**
   * The same in a store of the caller's.
   *
   * @param store empty for that of the framework
   * @param find names the objects of a resource; where it is empty, the framework notes which they
   *     are
   */
  <R extends HasMetadata> InformerEventSource<R, P> owned(
      Class<R> type,
      Optional<? extends ItemStore<R>> store,
      Optional<PrimaryToSecondaryMapper<P>> find,
      String label,
      Component... components) {
    var selector =
        "%s=%s,%s in (%s)"
            .formatted(
                Labels.MANAGED_BY,
                Labels.BESOROL,
                Labels.COMPONENT,
                Arrays.stream(components).map(Component::value).collect(Collectors.joining(",")));
    var configuration =
        InformerEventSourceConfiguration.from(type, context.getPrimaryResourceClass())
            .withName(type.getSimpleName().toLowerCase(Locale.ROOT))
            .withLabelSelector(selector)
            .withInformerListLimit(PAGE)
            .withSecondaryToPrimaryMapper(object -> named(object, label))
            .withOnAddFilter(
                object -> named(object, label).stream().anyMatch(id -> !settled.test(id)))
            .withNamespacesInheritedFromController()
            .withFollowControllerNamespacesChanges(true);
    store.ifPresent(configuration::withItemStore);
    find.ifPresent(configuration::withPrimaryToSecondaryMapper);
    return new InformerEventSource<>(configuration.build(), context);
  }

  private <R extends HasMetadata> Optional<ItemStore<R>> store(Class<R> type) {
    return watchesOnce(context.getControllerConfiguration().getInformerConfig())
        ? Compact.store(type)
        : Optional.empty();
  }

  /** Whether one informer suffices: several of one kind cannot share what they hold. */
  static boolean watchesOnce(InformerConfiguration<?> informer) {
    return informer.getNamespaces().size() == 1;
  }

  /**
   * Whether all of them still know what is there. A source that is being stopped forgets
   * everything: what is looked at meanwhile must not be taken for gone, and what fails meanwhile is
   * nobody's error. So this is asked after one has looked.
   */
  static boolean allRunning(List<? extends EventSource<?, ?>> sources) {
    return sources.stream()
        .allMatch(s -> s instanceof AbstractEventSource<?, ?> a && a.isRunning());
  }

  private static Set<ResourceID> named(HasMetadata object, String label) {
    return Optional.ofNullable(object.getMetadata().getLabels())
        .map(labels -> labels.get(label))
        .map(name -> Set.of(new ResourceID(name, object.getMetadata().getNamespace())))
        .orElseGet(Set::of);
  }

  /** The model that a run names; of its status only the versions matter to a run. */
  static InformerEventSource<ClassifierModel, TrainingRun> modelOfRuns(
      EventSourceContext<TrainingRun> context) {
    var runs = context.getPrimaryCache();
    runs.addIndexer(RUNS_OF_MODEL, run -> List.of(key(modelOf(run))));
    var configuration =
        InformerEventSourceConfiguration.from(ClassifierModel.class, TrainingRun.class)
            .withName("classifiermodel")
            .withInformerListLimit(PAGE)
            .withPrimaryToSecondaryMapper((TrainingRun run) -> Set.of(modelOf(run)))
            .withSecondaryToPrimaryMapper(
                model ->
                    runs.byIndex(RUNS_OF_MODEL, key(ResourceID.fromResource(model))).stream()
                        .filter(run -> !KnownRuns.isSettled(run) || !isRecorded(run, model))
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet()))
            .withOnUpdateFilter(
                (now, before) ->
                    !Objects.equals(
                            now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                        || now.isMarkedForDeletion()
                        || !versions(now).equals(versions(before)))
            .withNamespacesInheritedFromController()
            .withFollowControllerNamespacesChanges(true);
    new Sources<>(context, id -> false)
        .store(ClassifierModel.class)
        .ifPresent(configuration::withItemStore);
    return new InformerEventSource<>(configuration.build(), context);
  }

  /** Events that pods of a run's Job are refused; what else is told of a Job is not held. */
  static InformerEventSource<Event, TrainingRun> refusals(EventSourceContext<TrainingRun> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(Event.class, TrainingRun.class)
            .withName("refusals")
            .withFieldSelector(
                new FieldSelector(
                    new FieldSelector.Field("involvedObject.kind", "Job"),
                    new FieldSelector.Field("reason", Refusal.FAILED_CREATE)))
            .withInformerListLimit(PAGE)
            .withSecondaryToPrimaryMapper(event -> Set.of(aboutRun(event)))
            .withNamespacesInheritedFromController()
            .withFollowControllerNamespacesChanges(true)
            .build(),
        context);
  }

  /** A run's Job has its name. */
  private static ResourceID aboutRun(Event event) {
    var about = event.getInvolvedObject();
    return new ResourceID(about.getName(), about.getNamespace());
  }

  /** A run that trained nothing is of no model's versions. */
  private static boolean isRecorded(TrainingRun run, ClassifierModel model) {
    var status = TrainingRunStatuses.previous(run);
    return status.result() == null || model.getMetadata().getUid().equals(status.recordedBy());
  }

  /** What {@link RunsOfModels} tells, where several caches hold the runs. */
  static EventSource<TrainingRun, ClassifierModel> runsOfModel(
      EventSourceContext<ClassifierModel> context) {
    var configuration =
        InformerEventSourceConfiguration.from(TrainingRun.class, ClassifierModel.class)
            .withName("trainingrun")
            .withInformerListLimit(PAGE)
            .withSecondaryToPrimaryMapper(run -> Set.of(modelOf(run)))
            .withOnUpdateFilter((now, before) -> !ending(now).equals(ending(before)))
            .withNamespacesInheritedFromController()
            .withFollowControllerNamespacesChanges(true);
    return new InformerEventSource<>(configuration.build(), context);
  }

  /** What matters to a model of how a run has ended. */
  record Ending(boolean complete, boolean failed, String recordedBy) {}

  static Ending ending(TrainingRun run) {
    var status = TrainingRunStatuses.previous(run);
    return new Ending(
        ConditionSet.isTrue(status.conditions(), Type.COMPLETE),
        ConditionSet.isTrue(status.conditions(), Type.FAILED),
        status.recordedBy());
  }

  private static Set<String> versions(ClassifierModel model) {
    return model.getStatus() == null
        ? Set.of()
        : model.getStatus().versions().stream().map(v -> v.version()).collect(Collectors.toSet());
  }

  static ResourceID modelOf(TrainingRun run) {
    return new ResourceID(run.getSpec().modelRef().name(), run.getMetadata().getNamespace());
  }

  private static String key(ResourceID id) {
    return id.getNamespace().orElse("") + "/" + id.getName();
  }
}
