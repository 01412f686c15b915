package hu.mtmt.besorol.local;

import hu.mtmt.besorol.local.kubelet.ContainerImage;
import hu.mtmt.besorol.testkit.RealApiServer;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A namespace of a real API server whose pods run shell scripts. */
final class ShellCluster implements AutoCloseable {
  static final String IMAGE = "test.example/sh";
  static final String CLAIM = "data";

  final String namespace;
  final KubernetesClient client;
  private final LocalCluster cluster;

  private ShellCluster(String namespace, LocalCluster cluster) {
    this.namespace = namespace;
    this.cluster = cluster;
    this.client = cluster.client();
  }

  /** Starts, with a claim named {@value #CLAIM} a ConfigMap named plan and a Secret named keys. */
  static ShellCluster start(RealApiServer api, String namespace, Path directory) {
    var cluster =
        LocalCluster.on(
            api.kubeconfig(),
            new LocalCluster.Settings(
                directory,
                Map.of(IMAGE, ContainerImage.of("/bin/sh", "-c")),
                Optional.of(namespace),
                Optional.empty(),
                new LocalCluster.Pauses(Duration.ofMillis(50), Duration.ofMillis(500))));
    var shell = new ShellCluster(namespace, cluster);
    shell.apply(
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName(CLAIM)
            .endMetadata()
            .withNewSpec()
            .withAccessModes("ReadWriteMany")
            .withNewResources()
            .addToRequests("storage", new Quantity("1Gi"))
            .endResources()
            .endSpec()
            .build());
    shell.apply(
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("plan")
            .endMetadata()
            .addToData("plan.json", "{\"answer\": 42}")
            .build());
    shell.apply(
        new SecretBuilder()
            .withNewMetadata()
            .withName("keys")
            .endMetadata()
            .addToStringData("token", "of a Secret")
            .build());
    return shell;
  }

  <T extends HasMetadata> T apply(T object) {
    return client.resource(object).inNamespace(namespace).forceConflicts().serverSideApply();
  }

  /**
   * A pod that runs {@code script}: the claim is its /data, its plan in /etc/besorol, its keys in
   * /etc/keys.
   */
  PodTemplateSpec template(String restartPolicy, String script) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .addToLabels("app", "test")
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy(restartPolicy)
        .withTerminationGracePeriodSeconds(20L)
        .addNewVolume()
        .withName("data")
        .withNewPersistentVolumeClaim(CLAIM, false)
        .endVolume()
        .addNewVolume()
        .withName("plan")
        .withNewConfigMap()
        .withName("plan")
        .endConfigMap()
        .endVolume()
        .addNewVolume()
        .withName("keys")
        .withNewSecret()
        .withSecretName("keys")
        .endSecret()
        .endVolume()
        .withContainers(
            new ContainerBuilder()
                .withName("main")
                .withImage(IMAGE)
                .withArgs("cd \"$CONTAINER_SANDBOX_MOUNT_POINT\"; " + script)
                .addNewPort()
                .withName("http")
                .withContainerPort(8080)
                .endPort()
                .addNewVolumeMount()
                .withName("data")
                .withMountPath("/data")
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("plan")
                .withMountPath("/etc/besorol")
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("keys")
                .withMountPath("/etc/keys")
                .endVolumeMount()
                .build())
        .endSpec()
        .build();
  }

  /** The directory of the claim. */
  Path data() {
    return cluster.volumes().of(namespace, CLAIM);
  }

  /** Waits for an object to be as described. */
  <T extends HasMetadata> T await(Class<T> type, String name, Predicate<T> wanted) {
    return explained(
        () ->
            client
                .resources(type)
                .inNamespace(namespace)
                .withName(name)
                .waitUntilCondition(o -> o != null && wanted.test(o), 60, TimeUnit.SECONDS));
  }

  /** Waits until there is no such object. */
  <T extends HasMetadata> void awaitGone(Class<T> type, String name) {
    explained(
        () ->
            client
                .resources(type)
                .inNamespace(namespace)
                .withName(name)
                .waitUntilCondition(Objects::isNull, 60, TimeUnit.SECONDS));
  }

  /** Waits until the pods with that label are as described. */
  List<Pod> awaitPods(String label, String value, Predicate<List<Pod>> wanted) {
    return explained(
        () ->
            client
                .pods()
                .inNamespace(namespace)
                .withLabel(label, value)
                .informOnCondition(wanted::test)
                .orTimeout(60, TimeUnit.SECONDS)
                .join());
  }

  private <T> T explained(Supplier<T> wait) {
    try {
      return wait.get();
    } catch (RuntimeException e) {
      throw new AssertionError("what was waited for did not come:\n" + describe(), e);
    }
  }

  /** Everything that tells why something did not happen. */
  private String describe() {
    var text = new StringBuilder();
    client.pods().inNamespace(namespace).list().getItems().stream()
        .map(p -> p.getMetadata().getName() + ": " + Serialization.asYaml(p.getStatus()))
        .forEach(text::append);
    client.apps().deployments().inNamespace(namespace).list().getItems().stream()
        .map(d -> d.getMetadata().getName() + ": " + Serialization.asYaml(d.getStatus()))
        .forEach(text::append);
    client.v1().events().inNamespace(namespace).list().getItems().stream()
        .map(e -> "%s %s\n".formatted(e.getInvolvedObject().getName(), e.getMessage()))
        .forEach(text::append);
    for (var pod : client.pods().inNamespace(namespace).list().getItems()) {
      text.append(cluster.logs().tail(namespace, pod.getMetadata().getName(), "main", 20));
    }
    return text.toString();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
