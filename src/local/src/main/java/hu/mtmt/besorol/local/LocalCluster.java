package hu.mtmt.besorol.local;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.local.apiserver.LocalApiServer;
import hu.mtmt.besorol.local.controller.ClusterScope;
import hu.mtmt.besorol.local.controller.Controllers;
import hu.mtmt.besorol.local.controller.Ports;
import hu.mtmt.besorol.local.controller.VolumeDirectories;
import hu.mtmt.besorol.local.kubelet.ContainerImage;
import hu.mtmt.besorol.local.kubelet.Kubelet;
import hu.mtmt.besorol.local.kubelet.PodLogs;
import hu.mtmt.besorol.local.service.ServiceProxy;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A cluster of one node, this machine: Jobs and Deployments run as child processes, volumes are
 * directories, Services are ports of 127.0.0.1. The processes end with it.
 */
public final class LocalCluster implements AutoCloseable {
  /** The name of its node. */
  public static final String NODE = "local";

  private final Optional<LocalApiServer> server;
  private final KubernetesClient client;
  private final Path kubeconfig;
  private final VolumeDirectories volumes;
  private final Controllers controllers;
  private final Kubelet kubelet;
  private final PodLogs logs;
  private final ServiceProxy services;

  /**
   * What can be set.
   *
   * @param directory holds volumes, and what pods need while they run
   * @param images what stands for each image, by the image's name as pods write it
   * @param namespace the only namespace that is cared for, or empty for all
   * @param servicePort the port of the first Service that comes, if it is free; empty for any
   * @param pauses how long is waited before something failed is tried again
   */
  public record Settings(
      Path directory,
      Map<String, ContainerImage> images,
      Optional<String> namespace,
      Optional<Integer> servicePort,
      Pauses pauses) {}

  /**
   * Pauses before something failed is tried again; they double with every failure.
   *
   * @param first the first one
   * @param longest the longest one
   */
  public record Pauses(Duration first, Duration longest) {
    /** Shorter than those of Kubernetes (10 s to 6 min): somebody sits in front of it. */
    public static final Pauses SHORT = new Pauses(Duration.ofSeconds(1), Duration.ofSeconds(30));
  }

  private LocalCluster(Path kubeconfig, Settings settings, Optional<LocalApiServer> server) {
    var clock = Clock.systemUTC();
    this.server = server;
    this.kubeconfig = kubeconfig;
    var config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setOnlyHttpWatches(server.isPresent()); // the embedded server knows no WebSockets
    this.client = new KubernetesClientBuilder().withConfig(config).build();
    this.volumes = new VolumeDirectories(settings.directory().resolve("volumes"));
    var scope = new ClusterScope(client, settings.namespace());
    var ports = new Ports(RandomGenerator.getDefault());
    var pauses = settings.pauses();
    this.kubelet =
        Kubelet.start(
            scope,
            new Kubelet.Settings(
                NODE,
                Map.of(),
                sandboxes(settings),
                settings.images(),
                pauses.first(),
                pauses.longest()),
            volumes,
            clock);
    this.logs = new PodLogs(sandboxes(settings));
    this.services = ServiceProxy.start(scope, ports, settings.servicePort());
    this.controllers =
        Controllers.start(
            scope,
            new Controllers.Settings(NODE, pauses.first(), pauses.longest(), server.isEmpty()),
            volumes,
            ports,
            clock);
  }

  /**
   * Runs the pods of an API server that has no controllers and kubelets of its own.
   *
   * @param kubeconfig with all rights
   */
  public static LocalCluster on(Path kubeconfig, Settings settings) {
    return new LocalCluster(kubeconfig, settings, Optional.empty());
  }

  /**
   * Starts an API server of its own, with its state and a kubeconfig in the directory of the
   * settings.
   *
   * @throws BesorolException if the directory is in use or cannot be written to
   */
  public static LocalCluster embedded(Settings settings) {
    var directory = settings.directory();
    try {
      Files.createDirectories(sandboxes(settings));
      var server =
          LocalApiServer.start(
              LocalApiServer.Options.inMemory()
                  .withDirectory(directory.resolve("apiserver"))
                  .withLogSource(new PodLogs(sandboxes(settings))));
      return new LocalCluster(
          server.kubeconfig(kubeconfig(directory)), settings, Optional.of(server));
    } catch (IOException e) {
      throw BesorolException.machine(
          "The local cluster cannot be started in %s: %s".formatted(directory, e.getMessage()), e);
    }
  }

  /** Where a cluster with an API server of its own writes its kubeconfig. */
  public static Path kubeconfig(Path directory) {
    return directory.resolve("kubeconfig");
  }

  private static Path sandboxes(Settings settings) {
    return settings.directory().resolve("pods");
  }

  /** A client with all rights; the cluster closes it. */
  public KubernetesClient client() {
    return client;
  }

  /** A kubeconfig with all rights. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** Where the volumes of claims lie. */
  public VolumeDirectories volumes() {
    return volumes;
  }

  /** What the containers have written. */
  public PodLogs logs() {
    return logs;
  }

  /** Ends the processes, but keeps what the API server knows of them. */
  @Override
  public void close() {
    controllers.close();
    services.close();
    kubelet.close();
    client.close();
    try {
      if (server.isPresent()) {
        server.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
