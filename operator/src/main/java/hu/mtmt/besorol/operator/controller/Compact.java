package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunSpec;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.knative.serving.v1.Configuration;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
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
      return Optional.of((ItemStore<R>) models());
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
          var template = job.getSpec().getTemplate();
          template.setSpec(essence(template.getSpec()));
          job.getSpec().setPodFailurePolicy(null);
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
