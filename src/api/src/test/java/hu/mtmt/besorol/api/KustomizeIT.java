package hu.mtmt.besorol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  void operatorMayDoWhatItNeedsAndNothingElse(RealApiServer server) throws Exception {
    overlayIsAcceptedWithoutWarning("dev", server);
    // The server learns of new roles by a watch of its own.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> operatorMay("create", "batch", "jobs", "any", server));
    assertThat(operatorMay("update", "coordination.k8s.io", "leases", OPERATOR, server)).isTrue();
    assertThat(operatorMay("update", "coordination.k8s.io", "leases", "another", server)).isFalse();
    assertThat(operatorMay("patch", ClassifierModel.GROUP, "trainingruns", "any", server))
        .isFalse();
    assertThat(operatorMay("create", "", "pods", "any", server)).isFalse();
    assertThat(operatorMay("get", "", "secrets", "any", server)).isFalse();
    assertThat(operatorMay("list", "", "nodes", "any", server)).isFalse();
  }

  private static boolean operatorMay(
      String verb, String group, String resource, String name, RealApiServer server) {
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser("system:serviceaccount:%s:%s".formatted(NAMESPACE, OPERATOR))
            .withNewResourceAttributes()
            .withNamespace(NAMESPACE)
            .withGroup(group)
            .withResource(resource)
            .withName(name)
            .withVerb(verb)
            .endResourceAttributes()
            .endSpec()
            .build();
    return server
        .client()
        .authorization()
        .v1()
        .subjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }

  private static final List<String> FAMILIES =
      List.of(
          "bonsai.yaml",
          "decision-tree.yaml",
          "ensemble.yaml",
          "label-match.yaml",
          "linear.yaml",
          "tfidf-nearest.yaml");

  @Test
  void samplesAreAcceptedWithoutWarning(RealApiServer server) throws Exception {
    var namespace = server.namespace("samples");
    apply(server, "-n", namespace, "-k", KUBERNETES.resolve("samples/quickstart").toString());
    for (var family : FAMILIES) {
      apply(server, "-n", namespace, "-f", KUBERNETES.resolve("samples/" + family).toString());
    }
    assertThat(
            server.client().resources(TrainingRun.class).inNamespace(namespace).list().getItems())
        .extracting(run -> run.getMetadata().getName())
        .containsExactlyInAnyOrder(
            "bonsai",
            "decision-tree",
            "ensemble",
            "label-match",
            "linear",
            "quickstart-1",
            "tfidf-nearest");
  }

  /** kubectl reads YAML by other rules than Java does: what it makes of crds/ is what counts. */
  @Test
  void crdsAppliedByKubectlAcceptTheConditionsThatTheOperatorWrites(RealApiServer server)
      throws Exception {
    overlayIsAcceptedWithoutWarning("dev", server);
    var namespace = server.namespace("conditions");
    apply(server, "-n", namespace, "-k", KUBERNETES.resolve("samples/quickstart").toString());

    var run = server.client().resources(TrainingRun.class).inNamespace(namespace);
    var written =
        run.withName("quickstart-1")
            .editStatus(
                r -> {
                  r.setStatus(statusWith(condition("Ready", "False"), condition("Failed", "True")));
                  return r;
                });

    assertThat(written.getStatus().conditions())
        .extracting(Condition::getStatus)
        .containsExactly("False", "True");
  }

  private static TrainingRunStatus statusWith(Condition... conditions) {
    return new TrainingRunStatus(
        1L, List.of(conditions), null, null, null, null, null, null, null, null);
  }

  private static Condition condition(String type, String status) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason("Test")
        .withMessage("Written by a test.")
        .withLastTransitionTime("2026-01-01T00:00:00Z")
        .build();
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
