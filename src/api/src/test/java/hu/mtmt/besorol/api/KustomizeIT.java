package hu.mtmt.besorol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users type: {@code kubectl apply -k} of what lies in {@code kubernetes/}. */
@RealApiServerTest
class KustomizeIT {
  private static final Path KUBERNETES = KubernetesBinaries.repository().resolve("kubernetes");
  private static final String NAMESPACE = "besorol";
  private static final String OPERATOR = "besorol-operator";

  /** Pods that are not restricted cannot be created here, and their Deployments are warned of. */
  private static final Map<String, String> RESTRICTED =
      Map.of(
          "pod-security.kubernetes.io/enforce", "restricted",
          "pod-security.kubernetes.io/warn", "restricted");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"dev", "namespaced", "prod"})
  void overlayIsAcceptedWithoutWarning(String overlay, RealApiServer server) throws Exception {
    server
        .client()
        .namespaces()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .withLabels(RESTRICTED)
                .endMetadata()
                .build())
        .serverSideApply();

    // The fixture has created the CRDs already: without that, a plain apply does.
    apply(
        server,
        "--server-side",
        "--force-conflicts",
        "-k",
        KUBERNETES.resolve("overlays/" + overlay).toString());

    assertThat(createPod(operator(server), server)).as("a pod of the Deployment").isNotNull();
  }

  @Test
  void samplesAreAcceptedWithoutWarning(RealApiServer server) throws Exception {
    var namespace = server.namespace("samples");
    apply(server, "-n", namespace, "-k", KUBERNETES.resolve("samples/quickstart").toString());
    apply(server, "-n", namespace, "-f", KUBERNETES.resolve("samples/linear.yaml").toString());
    assertThat(
            server.client().resources(TrainingRun.class).inNamespace(namespace).list().getItems())
        .extracting(run -> run.getMetadata().getName())
        .containsExactlyInAnyOrder("linear", "quickstart-1");
  }

  private static PodTemplateSpec operator(RealApiServer server) {
    return server
        .client()
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName(OPERATOR)
        .get()
        .getSpec()
        .getTemplate();
  }

  private static Pod createPod(PodTemplateSpec template, RealApiServer server) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(OPERATOR)
            .endMetadata()
            .withSpec(template.getSpec())
            .build();
    return server.client().pods().inNamespace(NAMESPACE).resource(pod).dryRun().create();
  }

  private void apply(RealApiServer server, String... arguments) throws Exception {
    var kubectl = server.kubectl();
    assumeTrue(kubectl.isPresent(), "no kubectl beside kube-apiserver");
    var command =
        new ArrayList<>(
            List.of(
                kubectl.get().toString(), "--kubeconfig", server.kubeconfig().toString(), "apply"));
    command.addAll(List.of(arguments));
    var errors = directory.resolve("errors");
    var process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("kubectl has ended").isTrue();
    assertThat(Files.readString(errors).strip()).as("warnings and errors of kubectl").isEmpty();
    assertThat(process.exitValue()).isZero();
  }
}
