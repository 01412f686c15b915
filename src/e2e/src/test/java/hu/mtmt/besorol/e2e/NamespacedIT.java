package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The operator without a cluster role: it acts in the namespaces that are named, and sees no other.
 */
@ClusterTest
class NamespacedIT {
  private static final Path KUBERNETES = KubernetesBinaries.repository().resolve("kubernetes");
  private static final String CRDS = KubernetesBinaries.repository().resolve("crds").toString();

  @Test
  void actsInTheNamespacesThatAreNamed(Cluster cluster) throws Exception {
    cluster.apply(CRDS);
    cluster.afterwards(
        () -> cluster.kubectl("delete", "namespace", "besorol", "--ignore-not-found"));
    cluster.kubectl("create", "namespace", "besorol");
    cluster.kubectl(
        "label", "namespace", "besorol", "pod-security.kubernetes.io/enforce=restricted");
    var named = Workspace.create(cluster, "named");
    var other = Workspace.create(cluster, "other");
    cluster.install(watching(cluster, "named"));
    named.applyQuickstart();
    other.applyQuickstart();

    named.await(Job.class, "quickstart-1", j -> true);
    named.await(TrainingRun.class, "quickstart-1", r -> !r.getStatus().conditions().isEmpty());

    var unseen = other.get(TrainingRun.class, "quickstart-1").getStatus();
    assertThat(unseen.conditions()).isEmpty();
    assertThat(unseen.observedGeneration()).isNegative();
    assertThat(may(cluster, "create", "batch", "jobs", "named")).isTrue();
    assertThat(may(cluster, "create", "batch", "jobs", "other")).isFalse();
    assertThat(may(cluster, "list", "", "pods", "other")).isFalse();
  }

  /** The overlay, changed as its comment says. */
  private static String watching(Cluster cluster, String namespace) throws Exception {
    cluster.kustomization(
        "watched", KUBERNETES.resolve("base/watched"), "namespace: %s\n".formatted(namespace));
    return cluster.kustomization(
        "namespaced",
        KUBERNETES.resolve("overlays/namespaced"),
        """
          - ../watched
        configMapGenerator:
          - name: besorol-settings
            namespace: besorol
            behavior: merge
            literals: ["QUARKUS_OPERATOR_SDK_NAMESPACES=besorol,%s"]
        """
            .formatted(namespace));
  }

  private static boolean may(
      Cluster cluster, String verb, String group, String resource, String namespace) {
    return cluster
        .client()
        .authorization()
        .v1()
        .subjectAccessReview()
        .create(
            new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser("system:serviceaccount:besorol:besorol-operator")
                .withNewResourceAttributes()
                .withVerb(verb)
                .withGroup(group)
                .withResource(resource)
                .withNamespace(namespace)
                .endResourceAttributes()
                .endSpec()
                .build())
        .getStatus()
        .getAllowed();
  }
}
