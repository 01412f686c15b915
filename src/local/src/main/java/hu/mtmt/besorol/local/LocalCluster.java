package hu.mtmt.besorol.local;

import hu.mtmt.besorol.local.controller.ClusterScope;
import hu.mtmt.besorol.local.controller.Controllers;
import hu.mtmt.besorol.local.controller.Ports;
import hu.mtmt.besorol.local.controller.VolumeDirectories;
import hu.mtmt.besorol.local.kubelet.ContainerImage;
import hu.mtmt.besorol.local.kubelet.Kubelet;
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

  private final KubernetesClient client;
  private final Path kubeconfig;
  private final VolumeDirectories volumes;
  private final Controllers controllers;
  private final Kubelet kubelet;
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

  private LocalCluster(Path kubeconfig, Settings settings, boolean collectGarbage) {
    var clock = Clock.systemUTC();
    this.kubeconfig = kubeconfig;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build();
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
                settings.directory().resolve("pods"),
                settings.images(),
                pauses.first(),
                pauses.longest()),
            volumes,
            clock);
    this.services = ServiceProxy.start(scope, ports, settings.servicePort());
    this.controllers =
        Controllers.start(
            scope,
            new Controllers.Settings(NODE, pauses.first(), pauses.longest(), collectGarbage),
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
    return new LocalCluster(kubeconfig, settings, true);
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

  /** What a container of a pod has written last, or empty if it has not been started. */
  public Optional<String> log(String namespace, String pod, String container) {
    return kubelet
        .log(namespace, pod, container, false)
        .map(
            file -> {
              try {
                return Files.readString(file);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  @Override
  public void close() {
    controllers.close();
    services.close();
    kubelet.close();
    client.close();
  }
}
