package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.SteadyClient;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The manifests of this checkout are applied over those that were there before their last change,
 * or of the commit that the environment variable {@value #FROM} names. The programs are the same,
 * so they must understand both; their images have another tag, so that everything is replaced.
 */
@ClusterTest
class UpgradeIT {
  private static final String FROM = "BESOROL_UPGRADE_FROM";
  private static final Path REPOSITORY = KubernetesBinaries.repository();
  private static final String NOT_IMAGES = ":!kubernetes/images";
  private static final String BEFORE = "before";
  private static final String TRAINER = "localhost/besorol-trainer:";
  private static final String INFERENCE = "localhost/besorol-inference:";
  private static final String ANSWERING = "app.kubernetes.io/component=inference";
  private static final int PER_SECOND = 20;

  @Test
  void runGoesOnAndNoRequestFails(Cluster cluster) throws Exception {
    assumeTrue(Files.exists(REPOSITORY.resolve(".git")), "not a checkout of git");
    cluster.loadAs(BEFORE);
    cluster.install(earlier(cluster));
    var workspace = Workspace.create(cluster, "upgraded");
    workspace.applyQuickstart();
    var first = workspace.awaitVersion("quickstart-1");
    workspace.awaitServing(first);
    try (var asking = SteadyClient.start(workspace.url(), Workspace.document(), PER_SECOND)) {
      asking.awaitAnswersOf(first, PER_SECOND);
      workspace.applyRun("quickstart-2", 7);
      workspace.await(Job.class, "quickstart-2", j -> true);

      cluster.install(Cluster.overlay("dev"));

      var second = workspace.awaitVersion("quickstart-2");
      workspace.awaitServing(second);
      await()
          .atMost(Duration.ofMinutes(4))
          .until(() -> imagesOf(cluster, ANSWERING).equals(List.of(INFERENCE + "latest")));
      asking.awaitAnswersOf(second, PER_SECOND);
      assertThat(asking.failures()).isEmpty();
      assertThat(asking.versions()).containsExactlyInAnyOrder(first, second);
    }
    assertThat(imagesOf(cluster, "job-name=quickstart-2")).containsExactly(TRAINER + BEFORE);
  }

  private static String earlier(Cluster cluster) throws Exception {
    var directory = cluster.directory("earlier");
    var archive = directory.resolve("manifests.tar").toString();
    git("archive", "--output=" + archive, commit(), "kubernetes", "crds");
    Cluster.program("tar", "-xf", archive, "-C", directory.toString());
    return cluster.kustomization(
        "earlier",
        directory.resolve("kubernetes/overlays/dev"),
        """
        namespace: besorol
        images: [{name: localhost/besorol-operator, newTag: %1$s}]
        configMapGenerator:
          - name: besorol-settings
            behavior: merge
            literals:
              - BESOROL_IMAGES_TRAINER=localhost/besorol-trainer:%1$s
              - BESOROL_IMAGES_INFERENCE=localhost/besorol-inference:%1$s
        """
            .formatted(BEFORE));
  }

  private static String commit() {
    var named = System.getenv(FROM);
    if (named != null) {
      return named;
    }
    var changes = git("log", "-2", "--format=%H", "--", "crds", "kubernetes", NOT_IMAGES);
    var commits = changes.lines().toList();
    return git("status", "--porcelain", "--", "crds", "kubernetes", NOT_IMAGES).isBlank()
        ? commits.getLast()
        : commits.getFirst();
  }

  private static String git(String... arguments) {
    var command = new ArrayList<>(List.of("git", "-C", REPOSITORY.toString()));
    command.addAll(List.of(arguments));
    return Cluster.program(command.toArray(String[]::new));
  }

  /** The images of the pods with that label, each once. */
  private static List<String> imagesOf(Cluster cluster, String label) {
    return cluster
        .client()
        .pods()
        .inNamespace("upgraded")
        .withLabelSelector(label)
        .list()
        .getItems()
        .stream()
        .map(p -> p.getSpec().getContainers().getFirst().getImage())
        .distinct()
        .toList();
  }
}
