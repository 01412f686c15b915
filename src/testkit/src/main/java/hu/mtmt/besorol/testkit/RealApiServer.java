package hu.mtmt.besorol.testkit;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * etcd and a real kube-apiserver in processes of their own, without kubelets and controllers, with
 * the CRDs of {@code crds/} installed. Tests share the one of {@link RealApiServerTest}.
 */
public final class RealApiServer implements AutoCloseable {
  private final KubeAPIServer server;
  private final Path directory;
  private final Path kubeconfig;
  private final KubernetesClient client;

  private RealApiServer(KubeAPIServer server, Path directory) throws IOException {
    this.server = server;
    this.directory = directory;
    this.kubeconfig =
        Files.writeString(directory.resolve("kubeconfig"), server.getKubeConfigYaml());
    this.client = newClient();
  }

  /**
   * Starts a server of one's own.
   *
   * @throws UnavailableException if none can be had on this machine
   */
  public static RealApiServer start() {
    var binaries = KubernetesBinaries.find();
    try {
      var directory = Files.createTempDirectory("besorol-apiserver");
      var config = KubeAPIServerConfigBuilder.anAPIServerConfig().withTestDir(directory.toString());
      if (binaries.isPresent()) {
        // The library looks for k8s/VERSION-OS-ARCHITECTURE below its directory.
        var k8s = Files.createDirectories(directory.resolve("k8s"));
        Files.createSymbolicLink(k8s.resolve("1.0.0-" + platform()), binaries.get().directory());
        config.withOfflineMode(true).withApiServerVersion("1.0.0");
      }
      // Pods are created without a controller that would make their service account.
      config.withApiServerFlag("--disable-admission-plugins", "ServiceAccount");
      var server = new KubeAPIServer(config.build());
      server.start();
      return new RealApiServer(server, directory).installCrds();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      if (binaries.isPresent()) {
        throw e;
      }
      throw new UnavailableException(e);
    }
  }

  /** There are no etcd and kube-apiserver here, and they cannot be downloaded. */
  public static final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnavailableException(RuntimeException cause) {
      super(
          "no kube-apiserver: set KUBEBUILDER_ASSETS to a directory with etcd and kube-apiserver"
              + " (downloading them failed: %s)".formatted(cause),
          cause);
    }
  }

  private static String platform() {
    var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var arch = System.getProperty("os.arch");
    return (os.contains("mac") ? "darwin" : "linux")
        + "-"
        + (arch.equals("aarch64") ? "arm64" : "amd64");
  }

  private RealApiServer installCrds() throws IOException {
    try (var files = Files.list(KubernetesBinaries.repository().resolve("crds"))) {
      for (var file : files.filter(f -> f.toString().endsWith("-v1.yml")).toList()) {
        var crd =
            client
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .load(Files.newInputStream(file));
        crd.create();
        crd.waitUntilCondition(
            c ->
                c.getStatus() != null
                    && c.getStatus().getConditions() != null
                    && c.getStatus().getConditions().stream()
                        .anyMatch(
                            x -> x.getType().equals("Established") && x.getStatus().equals("True")),
            30,
            TimeUnit.SECONDS);
      }
    }
    return this;
  }

  /** A client with all rights; the server closes it. */
  public KubernetesClient client() {
    return client;
  }

  /** A client of its own with all rights; the caller closes it. */
  public KubernetesClient newClient() {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
        .build();
  }

  /** A kubeconfig with all rights, for kubectl and for other processes. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** A fresh namespace; its name begins with {@code prefix}. */
  public String namespace(String prefix) {
    return client
        .namespaces()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withGenerateName(prefix + "-")
                .endMetadata()
                .build())
        .create()
        .getMetadata()
        .getName();
  }

  /** The program kubectl of the same version, if it is here. */
  public Optional<Path> kubectl() {
    return KubernetesBinaries.find().flatMap(KubernetesBinaries::kubectl);
  }

  @Override
  public void close() {
    client.close();
    server.stop();
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
