package hu.mtmt.besorol.local;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The operator in a local cluster: a pod like any other, of a Deployment, that is started again
 * when it ends.
 *
 * @param client with all rights
 * @param namespace the operator's
 */
public record BesorolInstallation(KubernetesClient client, String namespace) {
  /** The operator's namespace if nothing else is said. */
  public static final String NAMESPACE = "besorol-system";

  /** The name of its Deployment. */
  public static final String OPERATOR = "besorol-operator";

  /** Writes as this manager of fields. */
  public static final String MANAGER = "besorol-local";

  private static final Map<String, String> LABELS = Map.of("app.kubernetes.io/name", OPERATOR);

  /**
   * Installs CRDs and operator.
   *
   * @param crds the directory of the CRDs
   * @param watched the only namespace that the operator cares for, or empty for all
   */
  public void install(Path crds, Optional<String> watched) {
    installCrds(crds);
    if (client.namespaces().withName(namespace).get() == null) {
      client
          .namespaces()
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
    }
    client
        .resource(operator(watched))
        .inNamespace(namespace)
        .fieldManager(MANAGER)
        .forceConflicts()
        .serverSideApply();
  }

  private void installCrds(Path directory) {
    try (var files = Files.list(directory)) {
      for (var file : files.filter(f -> f.toString().endsWith("-v1.yml")).sorted().toList()) {
        var crd = Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
        var resource = client.resource(crd);
        resource.fieldManager(MANAGER).forceConflicts().serverSideApply();
        resource.waitUntilCondition(BesorolInstallation::isEstablished, 30, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  private static Deployment operator(Optional<String> watched) {
    var environment = new ArrayList<EnvVar>();
    environment.add(variable("QUARKUS_HTTP_PORT", "$(PORT)"));
    environment.add(variable("QUARKUS_HTTP_HOST", "127.0.0.1"));
    // There is no second one, and a killed one's lease would have to run out first.
    environment.add(variable("BESOROL_LEADER_ELECTION_ENABLED", "false"));
    environment.add(variable("BESOROL_PROGRESS_INTERVAL", "1s"));
    watched.ifPresent(n -> environment.add(variable("QUARKUS_OPERATOR_SDK_NAMESPACES", n)));
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(OPERATOR)
        .withLabels(LABELS)
        .endMetadata()
        .withNewSpec()
        .withReplicas(1)
        .withNewSelector()
        .withMatchLabels(LABELS)
        .endSelector()
        .withNewStrategy()
        .withType("Recreate")
        .endStrategy()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(LABELS)
        .endMetadata()
        .withNewSpec()
        .withTerminationGracePeriodSeconds(10L)
        .addNewContainer()
        .withName("operator")
        .withImage(Programs.OPERATOR)
        .withEnv(environment)
        .addNewPort()
        .withName("http")
        .withContainerPort(8080)
        .withProtocol("TCP")
        .endPort()
        .withNewReadinessProbe()
        .withNewHttpGet()
        .withPath("/q/health/ready")
        .withPort(new IntOrString("http"))
        .endHttpGet()
        .withPeriodSeconds(1)
        .endReadinessProbe()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  /** The operator's pod, if there is one at this moment. */
  public Optional<Pod> operatorPod() {
    List<Pod> pods = client.pods().inNamespace(namespace).withLabels(LABELS).list().getItems();
    return pods.stream().filter(p -> p.getMetadata().getDeletionTimestamp() == null).findFirst();
  }
}
