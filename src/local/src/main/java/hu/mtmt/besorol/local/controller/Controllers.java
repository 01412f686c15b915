package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The controllers of Jobs, Deployments, ReplicaSets, claims and disruption budgets: what
 * kube-controller-manager is in a cluster of several machines.
 */
public final class Controllers implements AutoCloseable {
  private final ClusterScope cluster;
  private final List<Runnable> closers = new ArrayList<>();

  /**
   * What can be set.
   *
   * @param node the name of the node that pods are bound to
   * @param firstRetry pause before a Job's failed pod is replaced; it doubles with every failure
   * @param longestRetry the longest such pause
   * @param collectGarbage whether dependents of deleted objects are deleted here; not if the API
   *     server does it
   */
  public record Settings(
      String node, Duration firstRetry, Duration longestRetry, boolean collectGarbage) {}

  private Controllers(ClusterScope cluster) {
    this.cluster = cluster;
  }

  /** Starts them. */
  public static Controllers start(
      ClusterScope cluster,
      Settings settings,
      VolumeDirectories directories,
      Ports ports,
      Clock clock) {
    var all = new Controllers(cluster);
    var factory = new PodFactory(ports, settings.node());
    var jobs =
        all.loop(
            "job-controller",
            new JobController(
                cluster,
                factory,
                new JobStep.RetryDelays(settings.firstRetry(), settings.longestRetry()),
                new Events(cluster.client(), "job-controller", clock),
                clock));
    var sets =
        all.loop(
            "replicaset-controller",
            new ReplicaSetController(
                cluster,
                factory,
                new Events(cluster.client(), "replicaset-controller", clock),
                clock));
    var deployments =
        all.loop(
            "deployment-controller",
            new DeploymentController(
                cluster, new Events(cluster.client(), "deployment-controller", clock), clock));
    var volumes = all.loop("volume-controller", new VolumeController(cluster, directories));
    var budgets = all.loop("disruption-controller", new DisruptionBudgetController(cluster));
    all.watch(Job.class, jobs);
    all.watch(ReplicaSet.class, sets);
    all.watch(Deployment.class, deployments);
    all.watch(PersistentVolumeClaim.class, volumes);
    var known = all.watch(PodDisruptionBudget.class, budgets);
    all.watch(
        Pod.class,
        pod -> {
          owner(pod, Job.class).ifPresent(jobs::enqueue);
          owner(pod, ReplicaSet.class).ifPresent(sets::enqueue);
          known.getStore().list().stream()
              .map(ObjectKey::of)
              .filter(b -> b.namespace().equals(pod.getMetadata().getNamespace()))
              .forEach(budgets::enqueue);
        });
    all.watch(
        ReplicaSet.class, set -> owner(set, Deployment.class).ifPresent(deployments::enqueue));
    if (settings.collectGarbage()) {
      all.closers.add(new GarbageCollector(cluster)::close);
    }
    return all;
  }

  private ControlLoop loop(String name, Reconciler reconciler) {
    var loop = new ControlLoop(name, reconciler);
    closers.add(loop::close);
    return loop;
  }

  private <T extends HasMetadata> SharedIndexInformer<T> watch(Class<T> type, ControlLoop loop) {
    return watch(type, object -> loop.enqueue(ObjectKey.of(object)));
  }

  private <T extends HasMetadata> SharedIndexInformer<T> watch(Class<T> type, Consumer<T> changed) {
    var informer = cluster.watch(type, changed);
    closers.add(informer::close);
    return informer;
  }

  private static Optional<ObjectKey> owner(HasMetadata object, Class<? extends HasMetadata> kind) {
    return Owners.keyOfController(object, HasMetadata.getKind(kind));
  }

  @Override
  public void close() {
    closers.reversed().forEach(Runnable::run);
  }
}
