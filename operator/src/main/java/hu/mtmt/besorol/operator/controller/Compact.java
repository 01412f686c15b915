package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunSpec;
import hu.mtmt.besorol.operator.observe.PodFailure;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How the caches hold what there is many of. */
final class Compact {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private Compact() {}

  /** A store for objects of that kind; empty for what there is few of, and what is compared. */
  @SuppressWarnings("unchecked")
  static <R extends HasMetadata> Optional<ItemStore<R>> store(Class<R> type) {
    if (type == Job.class) {
      return Optional.of((ItemStore<R>) jobs(CompactStore.Listener.none()));
    }
    if (type == Pod.class) {
      return Optional.of((ItemStore<R>) pods());
    }
    if (type == TrainingRun.class) {
      return Optional.of((ItemStore<R>) runsOfModels());
    }
    if (type == ClassifierModel.class) {
      return Optional.of((ItemStore<R>) models());
    }
    return Optional.empty();
  }

  static CompactStore<TrainingRun> runs(CompactStore.Listener<TrainingRun> listener) {
    return new CompactStore<>(
        TrainingRun.class,
        Compact::withoutManagers,
        TrainingRunStatuses::hasEnded,
        Compact::outline,
        listener);
  }

  static CompactStore<ClassifierModel> models() {
    return new CompactStore<>(
        ClassifierModel.class,
        Compact::withoutManagers,
        _ -> false,
        _ -> {},
        CompactStore.Listener.none());
  }

  /** How a run is trained is no model's business, nor what it does before it has ended. */
  private static CompactStore<TrainingRun> runsOfModels() {
    return new CompactStore<>(
        TrainingRun.class,
        run -> {
          withoutManagers(run);
          run.setSpec(onlyModel(run.getSpec()));
          if (!TrainingRunStatuses.hasEnded(run)) {
            run.setStatus(null);
          }
        },
        TrainingRunStatuses::hasEnded,
        Compact::outline,
        CompactStore.Listener.none());
  }

  private static void outline(TrainingRun run) {
    run.setSpec(onlyModel(run.getSpec()));
    run.setStatus(null);
  }

  private static TrainingRunSpec onlyModel(TrainingRunSpec spec) {
    return new TrainingRunSpec(
        spec.modelRef(), null, null, null, null, null, null, null, null, null, null, null);
  }

  static CompactStore<Job> jobs(CompactStore.Listener<Job> listener) {
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
          job.setSpec(null);
          job.setStatus(null);
        },
        listener);
  }

  private static CompactStore<Pod> pods() {
    return new CompactStore<>(
        Pod.class,
        pod -> {
          withoutManagers(pod);
          pod.setSpec(essence(pod.getSpec()));
        },
        pod -> ENDED.contains(Optional.ofNullable(PodFailure.phase(pod)).orElse("")),
        pod -> {
          pod.setSpec(null);
          pod.setStatus(null);
        },
        CompactStore.Listener.none());
  }

  /** Who wrote which field matters only where something is applied again. */
  private static void withoutManagers(HasMetadata object) {
    object.getMetadata().setManagedFields(List.of());
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
