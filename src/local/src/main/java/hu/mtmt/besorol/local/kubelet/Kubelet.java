package hu.mtmt.besorol.local.kubelet;

import hu.mtmt.besorol.local.controller.ClusterScope;
import hu.mtmt.besorol.local.controller.Pods;
import hu.mtmt.besorol.local.controller.VolumeDirectories;
import io.fabric8.kubernetes.api.model.NodeAddressBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Runs the pods that are bound to this machine's node, as processes. What a process needs is below
 * a directory; processes that an earlier kubelet left behind because it was killed are ended first.
 */
public final class Kubelet implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Kubelet.class.getName());
  private static final Duration LONGEST_GRACE_AT_CLOSE = Duration.ofSeconds(10);

  private final ClusterScope cluster;
  private final Settings settings;
  private final VolumeDirectories claims;
  private final Launcher launcher;
  private final HttpProbes probes = new HttpProbes();
  private final Clock clock;
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
  private SharedIndexInformer<Pod> informer;

  /**
   * What can be set.
   *
   * @param node the name of the node
   * @param nodeLabels labels of the node
   * @param directory of the pods' sandboxes
   * @param images what stands for each image, by the image's name as pods write it
   * @param firstRestart pause before a container is started again; it doubles with every restart
   * @param longestRestart the longest such pause
   */
  public record Settings(
      String node,
      Map<String, String> nodeLabels,
      Path directory,
      Map<String, ContainerImage> images,
      Duration firstRestart,
      Duration longestRestart) {}

  private Kubelet(ClusterScope cluster, Settings settings, VolumeDirectories claims, Clock clock) {
    this.cluster = cluster;
    this.settings = settings;
    this.claims = claims;
    this.clock = clock;
    this.launcher = new Launcher(cluster.client(), settings.images(), claims);
  }

  /** Makes the node known and begins to run its pods. */
  public static Kubelet start(
      ClusterScope cluster, Settings settings, VolumeDirectories claims, Clock clock) {
    var kubelet = new Kubelet(cluster, settings, claims, clock);
    kubelet.endLeftovers();
    kubelet.register();
    kubelet.informer = cluster.watch(Pod.class, kubelet.new Handler());
    kubelet.removeSandboxesOfNobody();
    return kubelet;
  }

  private void endLeftovers() {
    try {
      Files.createDirectories(settings.directory());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Sandbox.inDirectory(settings.directory()).stream()
        .flatMap(s -> s.livingProcesses().stream())
        .forEach(ProcessNote::kill);
  }

  private void register() {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    var resources =
        Map.of(
            "cpu", new Quantity(String.valueOf(Runtime.getRuntime().availableProcessors())),
            "pods", new Quantity("110"));
    var node =
        new NodeBuilder()
            .withNewMetadata()
            .withName(settings.node())
            .withLabels(settings.nodeLabels())
            .addToLabels("kubernetes.io/hostname", settings.node())
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    var status =
        new NodeBuilder(node)
            .withNewStatus()
            .withAddresses(
                new NodeAddressBuilder()
                    .withType("InternalIP")
                    .withAddress(PodStatuses.ADDRESS)
                    .build())
            .withCapacity(resources)
            .withAllocatable(resources)
            .withConditions(
                new NodeConditionBuilder()
                    .withType("Ready")
                    .withStatus("True")
                    .withReason("KubeletReady")
                    .withMessage("pods run as processes of this machine")
                    .withLastHeartbeatTime(now)
                    .withLastTransitionTime(now)
                    .build())
            .endStatus()
            .build();
    var nodes = cluster.client().nodes();
    if (nodes.withName(settings.node()).get() == null) {
      nodes.resource(node).create();
    }
    nodes
        .withName(settings.node())
        .editStatus(n -> new NodeBuilder(n).withStatus(status.getStatus()).build());
  }

  /** Must not wait for anything: all events of all pods come in one thread. */
  private final class Handler implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      if (!settings.node().equals(pod.getSpec().getNodeName())) {
        return;
      }
      var worker = workers.get(pod.getMetadata().getUid());
      if (worker == null && Pods.ended(pod)) {
        return;
      }
      var isNew = worker == null;
      if (isNew) {
        worker = newWorker(pod);
        workers.put(pod.getMetadata().getUid(), worker);
      }
      if (Pods.terminating(pod)) {
        worker.delete(grace(pod));
      }
      if (isNew) {
        worker.start();
      }
    }

    @Override
    public void onUpdate(Pod before, Pod after) {
      onAdd(after);
    }

    @Override
    public void onDelete(Pod pod, boolean lastStateUnknown) {
      if (settings.node().equals(pod.getSpec().getNodeName())) {
        var worker = workers.remove(pod.getMetadata().getUid());
        Thread.ofVirtual().start(() -> forget(Optional.ofNullable(worker), pod));
      }
    }
  }

  private PodWorker newWorker(Pod pod) {
    var sandbox = Sandbox.of(settings.directory(), pod);
    var delays =
        new ContainerRunner.RestartDelays(settings.firstRestart(), settings.longestRestart());
    return new PodWorker(
        pod,
        cluster.client(),
        (container, restarts, changed) ->
            new ContainerRunner(
                pod, container, restarts, sandbox, launcher, probes, delays, clock, changed),
        clock);
  }

  private static Duration grace(Pod pod) {
    return Duration.ofSeconds(
        Objects.requireNonNullElse(pod.getMetadata().getDeletionGracePeriodSeconds(), 30L));
  }

  private void forget(Optional<PodWorker> worker, Pod pod) {
    try {
      if (worker.isPresent()) {
        worker.get().abandon(Duration.ZERO);
        worker.get().join();
      }
      Sandbox.of(settings.directory(), pod).delete();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "sandbox not removed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Of pods that were removed while nobody watched. */
  private void removeSandboxesOfNobody() {
    var living =
        informer.getStore().list().stream()
            .map(p -> p.getMetadata().getUid())
            .collect(Collectors.toSet());
    for (var sandbox : Sandbox.inDirectory(settings.directory())) {
      if (!living.contains(sandbox.uid())) {
        try {
          sandbox.delete();
        } catch (IOException e) {
          LOG.log(System.Logger.Level.WARNING, "sandbox not removed", e);
        }
      }
    }
  }

  /** Ends all processes; what they were stays written in the API server. */
  @Override
  public void close() {
    informer.close();
    workers.values().forEach(w -> w.abandon(LONGEST_GRACE_AT_CLOSE));
    try {
      for (var worker : workers.values()) {
        worker.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
