package hu.mtmt.besorol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    forgetNodes(server);
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

  @Test
  void componentNodesOfProdLetsItListNodesAndNothingElse(RealApiServer server) throws Exception {
    overlayIsAcceptedWithoutWarning("prod", server);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> operatorMay("list", "", "nodes", "any", server));
    assertThat(operatorMay("watch", "", "nodes", "any", server)).isFalse();
    assertThat(operatorMay("patch", "", "nodes", "any", server)).isFalse();
    forgetNodes(server);
  }

  /** What the overlay prod grants beyond the others holds for their operator, too. */
  private static void forgetNodes(RealApiServer server) {
    server.client().rbac().clusterRoleBindings().withName("besorol-operator-nodes").delete();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !operatorMay("list", "", "nodes", "any", server));
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
    apply(server, "-n", namespace, "-f", KUBERNETES.resolve("samples/s3.yaml").toString());
    apply(server, "-f", KUBERNETES.resolve("samples/node-cache.yaml").toString());
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
            "s3-1",
            "tfidf-nearest");
  }

  @Test
  void policiesOfANamespaceAreAcceptedWithoutWarning(RealApiServer server) throws Exception {
    var namespace = server.namespace("models");
    apply(server, "-n", namespace, "-k", KUBERNETES.resolve("workspace").toString());
    apply(server, "-n", namespace, "-k", KUBERNETES.resolve("workspace/remote").toString());
    assertThat(
            server
                .client()
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(namespace)
                .list()
                .getItems())
        .extracting(p -> p.getMetadata().getName())
        .containsExactlyInAnyOrder(
            "besorol-inference", "besorol-jobs", "besorol-ranks", "besorol-remote");
  }

  /** Its API is not here, so what is added to an overlay is looked at. */
  @Test
  void metricsOfTheOperatorsServiceAreCollected(RealApiServer server) throws Exception {
    var here = directory.toRealPath().relativize(KUBERNETES.toRealPath());
    Files.writeString(
        directory.resolve("kustomization.yaml"),
        "namespace: besorol\nresources: [%1$s/overlays/prod]\ncomponents: [%1$s/monitoring]\n"
            .formatted(here));
    var written = directory.resolve("written.yaml");
    kubectl(server, written, "kustomize", directory.toString());

    var objects = server.client().load(Files.newInputStream(written)).items();
    var service =
        objects.stream()
            .filter(Service.class::isInstance)
            .map(Service.class::cast)
            .findFirst()
            .orElseThrow();
    var monitor =
        objects.stream()
            .filter(o -> o.getKind().equals("ServiceMonitor"))
            .filter(o -> o.getMetadata().getName().equals(OPERATOR))
            .map(GenericKubernetesResource.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(service.getMetadata().getLabels())
        .containsAllEntriesOf(monitor.<Map<String, String>>get("spec", "selector", "matchLabels"));
    assertThat(service.getSpec().getPorts())
        .extracting(p -> p.getName())
        .contains(monitor.<String>get("spec", "endpoints", 0, "port"));
    assertThat(service.getMetadata().getNamespace())
        .isEqualTo(monitor.getMetadata().getNamespace());
  }

  @Test
  void healthOfOurKindsComesIntoTheConfigMapOfArgoCd(RealApiServer server) throws Exception {
    Files.writeString(
        directory.resolve("argocd-cm.yaml"),
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: argocd-cm, labels: {app.kubernetes.io/part-of: argocd}}
        data: {timeout.reconciliation: 60s}
        """);
    Files.writeString(
        directory.resolve("kustomization.yaml"),
        "namespace: argocd\nresources: [argocd-cm.yaml]\ncomponents: [%s/argocd]\n"
            .formatted(directory.toRealPath().relativize(KUBERNETES.toRealPath())));
    var written = directory.resolve("written.yaml");
    kubectl(server, written, "kustomize", directory.toString());

    var script = Files.readString(KUBERNETES.resolve("argocd/health.lua"));
    var key = "resource.customizations.health.%s_%s";
    assertThat(server.client().load(Files.newInputStream(written)).items())
        .singleElement()
        .returns("argocd-cm", o -> o.getMetadata().getName())
        .returns(
            Map.of(
                "timeout.reconciliation",
                "60s",
                key.formatted(ClassifierModel.GROUP, "ClassifierModel"),
                script,
                key.formatted(ClassifierModel.GROUP, "TrainingRun"),
                script),
            o -> ((ConfigMap) o).getData());
  }

  @Test
  void healthOfOurKindsIsAddedToAnArgoCdThatIsThere(RealApiServer server) throws Exception {
    var namespace = server.namespace("argocd");
    var theirs =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("argocd-cm")
            .endMetadata()
            .addToData("timeout.reconciliation", "60s")
            .build();
    server.client().configMaps().inNamespace(namespace).resource(theirs).create();
    var script = KUBERNETES.resolve("argocd/health.lua");
    var keys =
        Stream.of("ClassifierModel", "TrainingRun")
            .map(
                kind ->
                    "resource.customizations.health.%s_%s".formatted(ClassifierModel.GROUP, kind))
            .toList();
    var ours = directory.resolve("ours.yaml");
    kubectl(
        server,
        ours,
        "create",
        "configmap",
        "argocd-cm",
        "--dry-run=client",
        "-oyaml",
        "--from-file=%s=%s".formatted(keys.getFirst(), script),
        "--from-file=%s=%s".formatted(keys.getLast(), script));
    apply(
        server, "--server-side", "--field-manager=besorol", "-n", namespace, "-f", ours.toString());
    assertThat(
            server
                .client()
                .configMaps()
                .inNamespace(namespace)
                .withName("argocd-cm")
                .get()
                .getData())
        .containsEntry("timeout.reconciliation", "60s")
        .containsEntry(keys.getFirst(), Files.readString(script))
        .containsEntry(keys.getLast(), Files.readString(script));
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
        1L, List.of(conditions), null, null, null, null, null, null, null, null, null, null, null);
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
    var command = new ArrayList<>(List.of("apply"));
    command.addAll(List.of(arguments));
    kubectl(server, directory.resolve("output"), command.toArray(String[]::new));
  }

  private void kubectl(RealApiServer server, Path output, String... arguments) throws Exception {
    var kubectl = server.kubectl();
    assumeTrue(kubectl.isPresent(), "no kubectl beside kube-apiserver");
    var command =
        new ArrayList<>(
            List.of(kubectl.get().toString(), "--kubeconfig", server.kubeconfig().toString()));
    command.addAll(List.of(arguments));
    var errors = directory.resolve("errors");
    var process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("kubectl has ended").isTrue();
    assertThat(Files.readString(errors).strip()).as("warnings and errors of kubectl").isEmpty();
    assertThat(process.exitValue()).isZero();
  }
}
