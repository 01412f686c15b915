package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunSpec;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.knative.serving.v1.Configuration;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How the caches hold what there is many of. */
final class Compact {
  /**
   * What is applied, and compared with what is wanted: its managed fields are needed for that, and
   * are most of it.
   */
  private static final Set<Class<?>> APPLIED =
      Set.of(
          Deployment.class,
          Service.class,
          PodDisruptionBudget.class,
          HTTPRoute.class,
          Configuration.class,
          Route.class);

  private Compact() {}

  /** A store for objects of that kind; empty for what there is few of. */
  @SuppressWarnings("unchecked")
  static <R extends HasMetadata> Optional<ItemStore<R>> store(Class<R> type) {
    if (type == Job.class) {
      return Optional.of((ItemStore<R>) jobs(List.of()));
    }
    if (type == Pod.class) {
      return Optional.of((ItemStore<R>) pods());
    }
    if (type == ClassifierModel.class) {
      return Optional.of((ItemStore<R>) modelsOfRuns());
    }
    return APPLIED.contains(type) ? Optional.of(applied(type)) : Optional.empty();
  }

  static CompactStore<TrainingRun> runs(List<CompactStore.Listener<TrainingRun>> listeners) {
    return new CompactStore<>(
        TrainingRun.class,
        Compact::withoutManagers,
        TrainingRunStatuses::hasEnded,
        Compact::outline,
        listeners);
  }

  static CompactStore<ClassifierModel> models() {
    return new CompactStore<>(
        ClassifierModel.class, Compact::withoutManagers, _ -> false, _ -> {}, List.of());
  }

  /** Of what became of a model, its runs ask which versions there are and which one serves. */
  static CompactStore<ClassifierModel> modelsOfRuns() {
    return new CompactStore<>(
        ClassifierModel.class,
        model -> {
          withoutManagers(model);
          if (model.getStatus() != null) {
            model.setStatus(onlyVersions(model.getStatus()));
          }
        },
        _ -> false,
        _ -> {},
        List.of());
  }

  private static ClassifierModelStatus onlyVersions(ClassifierModelStatus status) {
    var versions =
        status.versions().stream()
            .map(v -> new ModelVersion(v.version(), null, null, null, null, null, null, null, null))
            .toList();
    return new ClassifierModelStatus(
        null, null, null, status.serving(), null, null, null, versions);
  }

  private static void outline(TrainingRun run) {
    outlineMetadata(run);
    run.setSpec(onlyModel(run.getSpec()));
    run.setStatus(onlyConditions(TrainingRunStatuses.previous(run)));
  }

  /** An index of the cache asks whether a run has ended. */
  private static TrainingRunStatus onlyConditions(TrainingRunStatus status) {
    return new TrainingRunStatus(
        null,
        status.conditions(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static TrainingRunSpec onlyModel(TrainingRunSpec spec) {
    return new TrainingRunSpec(
        spec.modelRef(), null, null, null, null, null, null, null, null, null, null, null);
  }

  static CompactStore<Job> jobs(List<EndedJobs> listeners) {
    return new CompactStore<>(
        Job.class,
        job -> {
          withoutManagers(job);
          job.getSpec().setSelector(null);
          job.getSpec().setPodFailurePolicy(null);
          job.getSpec().setTemplate(essence(job.getSpec().getTemplate()));
        },
        job -> EndedJobs.isEnded(Optional.of(job)),
        job -> {
          outlineMetadata(job);
          job.setSpec(null);
          job.setStatus(null);
        },
        listeners);
  }

  private static CompactStore<Pod> pods() {
    return new CompactStore<>(
        Pod.class,
        pod -> {
          withoutManagers(pod);
          pod.setSpec(essence(pod.getSpec()));
        },
        _ -> true, // one is looked at when it changes, and never all
        pod -> {
          outlineMetadata(pod);
          pod.setSpec(null);
          pod.setStatus(null);
        },
        List.of());
  }

  private static <R extends HasMetadata> CompactStore<R> applied(Class<R> type) {
    return new CompactStore<>(type, _ -> {}, _ -> true, Compact::outlineMetadata, List.of());
  }

  /** Who wrote which field matters only where something is applied again. */
  private static void withoutManagers(HasMetadata object) {
    object.getMetadata().setManagedFields(List.of());
  }

  /** What the framework looks at before it asks for the whole. */
  private static void outlineMetadata(HasMetadata object) {
    var metadata = object.getMetadata();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(metadata.getName())
            .withNamespace(metadata.getNamespace())
            .withUid(metadata.getUid())
            .withResourceVersion(metadata.getResourceVersion())
            .withGeneration(metadata.getGeneration())
            .withDeletionTimestamp(metadata.getDeletionTimestamp())
            .withFinalizers(metadata.getFinalizers())
            .withLabels(metadata.getLabels())
            .build());
  }

  /** How its pods are found, and what they get. */
  private static PodTemplateSpec essence(PodTemplateSpec template) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels(template))
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withNewResources()
        .withLimits(limits(template))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  private static Map<String, String> labels(PodTemplateSpec template) {
    return Optional.ofNullable(template.getMetadata())
        .map(ObjectMeta::getLabels)
        .orElseGet(Map::of);
  }

  private static Map<String, Quantity> limits(PodTemplateSpec template) {
    return Optional.ofNullable(template.getSpec().getContainers().getFirst().getResources())
        .map(ResourceRequirements::getLimits)
        .orElseGet(Map::of);
  }

  private static PodSpec essence(PodSpec spec) {
    return new PodSpecBuilder()
        .withNodeName(spec.getNodeName())
        .withContainers(spec.getContainers().stream().map(Compact::essence).toList())
        .build();
  }

  private static Container essence(Container container) {
    return new ContainerBuilder()
        .withName(container.getName())
        .withImage(container.getImage())
        .withPorts(container.getPorts())
        .withResources(container.getResources())
        .build();
  }
}
