package hu.mtmt.besorol.local.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * Deletes what belongs to an owner that goes, for an API server beside which no
 * kube-controller-manager runs. (The embedded API server does this itself.)
 */
final class GarbageCollector implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(GarbageCollector.class.getName());

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          ClassifierModel.class,
          TrainingRun.class,
          Job.class,
          Deployment.class,
          ReplicaSet.class,
          Pod.class,
          Service.class,
          ConfigMap.class,
          PodDisruptionBudget.class);

  private static final String FOREGROUND = "foregroundDeletion";

  private final ClusterScope cluster;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("garbage-collector").factory());

  /** Starts to watch. */
  GarbageCollector(ClusterScope cluster) {
    this.cluster = cluster;
    KINDS.forEach(this::watch);
  }

  private <T extends HasMetadata> void watch(Class<T> kind) {
    cluster.watch(
        kind,
        new ResourceEventHandler<T>() {
          @Override
          public void onAdd(T object) {
            if (waitsForDependents(object)) {
              collectLater(object);
            }
          }

          @Override
          public void onUpdate(T before, T after) {
            onAdd(after);
          }

          @Override
          public void onDelete(T object, boolean lastStateUnknown) {
            collectLater(object);
          }
        });
  }

  private static boolean waitsForDependents(HasMetadata owner) {
    return owner.getMetadata().getFinalizers().contains(FOREGROUND);
  }

  private void collectLater(HasMetadata owner) {
    try {
      worker.execute(
          () -> {
            try {
              collect(owner);
            } catch (RuntimeException e) {
              LOG.log(System.Logger.Level.WARNING, "garbage not collected", e);
            }
          });
    } catch (RejectedExecutionException closed) {
      LOG.log(System.Logger.Level.DEBUG, "closed", closed);
    }
  }

  private void collect(HasMetadata owner) {
    var key = ObjectKey.of(owner);
    var waits = waitsForDependents(owner);
    if (!waits && stillThere(owner, key)) {
      return;
    }
    var dependents = KINDS.stream().flatMap(kind -> dependents(kind, owner, key)).toList();
    for (var dependent : dependents) {
      if (dependent.getMetadata().getDeletionTimestamp() == null) {
        cluster
            .client()
            .resource(dependent)
            .withPropagationPolicy(
                waits ? DeletionPropagation.FOREGROUND : DeletionPropagation.BACKGROUND)
            .delete();
      }
    }
    if (waits && dependents.isEmpty()) {
      cluster
          .client()
          .resource(owner)
          .edit(
              o -> {
                o.getMetadata().getFinalizers().remove(FOREGROUND);
                return o;
              });
    }
    // A dependent that goes may be the last one that its owner waits for.
    owner.getMetadata().getOwnerReferences().stream()
        .filter(o -> KINDS.stream().anyMatch(k -> HasMetadata.getKind(k).equals(o.getKind())))
        .forEach(o -> waitingOwner(o.getKind(), new ObjectKey(key.namespace(), o.getName())));
  }

  private void waitingOwner(String kind, ObjectKey key) {
    KINDS.stream()
        .filter(k -> HasMetadata.getKind(k).equals(kind))
        .map(k -> (HasMetadata) cluster.get(key, k))
        .filter(o -> o != null && waitsForDependents(o))
        .forEach(this::collectLater);
  }

  private boolean stillThere(HasMetadata owner, ObjectKey key) {
    var now = cluster.get(key, owner.getClass());
    return now != null && now.getMetadata().getUid().equals(owner.getMetadata().getUid());
  }

  private <T extends HasMetadata> Stream<T> dependents(
      Class<T> kind, HasMetadata owner, ObjectKey key) {
    MixedOperation<T, KubernetesResourceList<T>, Resource<T>> all =
        cluster.client().resources(kind);
    return all.inNamespace(key.namespace()).list().getItems().stream()
        .filter(
            o ->
                o.getMetadata().getOwnerReferences().stream()
                    .anyMatch(r -> r.getUid().equals(owner.getMetadata().getUid())));
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
