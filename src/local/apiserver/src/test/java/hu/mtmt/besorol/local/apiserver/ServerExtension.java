package hu.mtmt.besorol.local.apiserver;

import hu.mtmt.besorol.testkit.KubernetesBinaries;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A fresh server in memory for each test, with the CRDs of Besorol, and a client. */
final class ServerExtension implements BeforeEachCallback, AfterEachCallback {
  private final LocalApiServer.Options options;
  private LocalApiServer server;
  private KubernetesClient client;

  ServerExtension() {
    this(LocalApiServer.Options.inMemory());
  }

  ServerExtension(LocalApiServer.Options options) {
    this.options = options;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    server = LocalApiServer.start(options);
    client = clientOf(server);
    installCrds(client);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    client.close();
    server.close();
  }

  LocalApiServer server() {
    return server;
  }

  KubernetesClient client() {
    return client;
  }

  static KubernetesClient clientOf(LocalApiServer server) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder()
                .withAutoConfigure(false)
                .withMasterUrl(server.url())
                .withNamespace("default")
                .withWatchReconnectInterval(50)
                .build())
        .build();
  }

  static void installCrds(KubernetesClient client) throws IOException {
    try (var files = Files.list(KubernetesBinaries.repository().resolve("crds"))) {
      for (var file : files.filter(f -> f.toString().endsWith("-v1.yml")).toList()) {
        try (var in = Files.newInputStream(file)) {
          client.apiextensions().v1().customResourceDefinitions().load(in).create();
        }
      }
    }
  }
}
