package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State in a directory: it outlives the process, however that ends. */
class StateTest {
  @TempDir Path directory;

  private LocalApiServer start() throws IOException {
    return LocalApiServer.start(LocalApiServer.Options.inMemory().withDirectory(directory));
  }

  private static void create(KubernetesClient client, String name, String value) {
    client
        .configMaps()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(Map.of("k", value))
                .build())
        .create();
  }

  @Test
  void isThereAgainAfterARestart() throws IOException {
    String uid;
    long revision;
    try (var server = start();
        var client = ServerExtension.clientOf(server)) {
      ServerExtension.installCrds(client);
      create(client, "kept", "Ő");
      create(client, "gone", "1");
      client.configMaps().withName("gone").delete();
      uid = client.configMaps().withName("kept").get().getMetadata().getUid();
      revision = Long.parseLong(client.configMaps().list().getMetadata().getResourceVersion());
    }
    try (var server = start();
        var client = ServerExtension.clientOf(server)) {
      var kept = client.configMaps().withName("kept").get();
      assertThat(kept.getMetadata().getUid()).isEqualTo(uid);
      assertThat(kept.getData()).containsEntry("k", "Ő");
      assertThat(client.configMaps().withName("gone").get()).isNull();
      assertThat(
              client
                  .genericKubernetesResources("besorol.mtmt.hu/v1alpha1", "TrainingRun")
                  .list()
                  .getItems())
          .as("the kinds are served again")
          .isEmpty();
      create(client, "new", "1");
      assertThat(
              Long.parseLong(
                  client.configMaps().withName("new").get().getMetadata().getResourceVersion()))
          .as("revisions go on")
          .isGreaterThan(revision);
    }
  }

  @Test
  void aWatchResumesOverARestart() throws Exception {
    String revision;
    try (var server = start();
        var client = ServerExtension.clientOf(server)) {
      create(client, "a", "1");
      revision = client.configMaps().list().getMetadata().getResourceVersion();
      create(client, "b", "1");
      client.configMaps().withName("a").delete();
    }
    var seen = new LinkedBlockingQueue<String>();
    try (var server = start();
        var client = ServerExtension.clientOf(server);
        var watch =
            client
                .configMaps()
                .withResourceVersion(revision)
                .watch(
                    new Watcher<>() {
                      @Override
                      public void eventReceived(Action action, ConfigMap map) {
                        seen.add(action + " " + map.getMetadata().getName());
                      }

                      @Override
                      public void onClose(WatcherException cause) {
                        seen.add("closed " + cause);
                      }
                    })) {
      assertThat(watch).isNotNull();
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("ADDED b");
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("DELETED a");
    }
  }

  @Test
  void dropsALineThatWasNotFinished() throws IOException {
    try (var server = start();
        var client = ServerExtension.clientOf(server)) {
      create(client, "kept", "1");
    }
    Files.writeString(
        directory.resolve("objects.jsonl"),
        "{\"revision\":200,\"key\":[\"\",\"conf",
        StandardOpenOption.APPEND);
    try (var server = start();
        var client = ServerExtension.clientOf(server)) {
      assertThat(client.configMaps().withName("kept").get()).isNotNull();
      create(client, "new", "1");
    }
    try (var server = start();
        var client = ServerExtension.clientOf(server)) {
      assertThat(client.configMaps().list().getItems()).hasSize(2);
    }
  }

  @Test
  void saysWhichLineIsDamaged() throws IOException {
    try (var server = start();
        var client = ServerExtension.clientOf(server)) {
      create(client, "kept", "1");
    }
    var file = directory.resolve("objects.jsonl");
    var lines = Files.readAllLines(file);
    lines.set(1, lines.get(1).substring(5));
    Files.write(file, lines);
    assertThatThrownBy(this::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("objects.jsonl line 2 is damaged")
        .hasMessageContaining("remove it");
  }

  @Test
  void refusesAForeignFile() throws IOException {
    Files.writeString(directory.resolve("objects.jsonl"), "{\"format\":\"other/1\"}\n");
    assertThatThrownBy(this::start)
        .hasMessageContaining("is not of the format besorol-local-cluster/1");
  }

  @Test
  void oneServerAtATime() throws IOException {
    try (var server = start()) {
      assertThat(server.url()).startsWith("http://127.0.0.1:");
      assertThatThrownBy(this::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is in use by another local cluster");
    }
    start().close();
  }

  @Test
  void secretsAreReadableForTheirOwnerOnly() throws IOException {
    String secret;
    try (var server = start()) {
      var kubeconfig = server.kubeconfig(directory.resolve("kubeconfig"));
      assertThat(Files.readString(kubeconfig)).contains(server.url());
      for (var file : new Path[] {kubeconfig, directory.resolve("secret")}) {
        assertThat(Files.getPosixFilePermissions(file))
            .containsExactlyInAnyOrder(
                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
      }
      secret = server.url().substring(server.url().lastIndexOf('/'));
    }
    try (var again = start()) {
      assertThat(again.url()).endsWith(secret);
    }
  }
}
