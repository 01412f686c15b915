package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.TrainingRun;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;

/** Runs that two nodes of the cluster train together. */
@ClusterTest
class ManyNodesIT {
  private static final String TWO_NODES =
      "placement: {nodes: {minimum: 2, maximum: 2}, gangSeconds: 120}\n";
  private static final String RANK = "batch.kubernetes.io/job-completion-index";

  @Test
  void versionOfTwoNodesIsThatOfOne(Cluster cluster) throws Exception {
    cluster.install(Cluster.overlay("dev"));
    var workspace = Workspace.create(cluster, "ranks");
    workspace.applyQuickstart();
    workspace.applyRun("together", 42, TWO_NODES);

    var pods =
        workspace.awaitAll(
            Pod.class, Labels.RUN, "together", 2, p -> p.getSpec().getNodeName() != null);
    assertThat(pods).extracting(p -> p.getSpec().getNodeName()).doesNotHaveDuplicates();

    var version = workspace.awaitVersion("together");

    var placement = workspace.get(TrainingRun.class, "together").getStatus().placement();
    assertThat(placement.nodes()).isEqualTo(2);
    assertThat(version).isEqualTo(workspace.awaitVersion("quickstart-1"));
    killARank(cluster, workspace, version);
  }

  /** It alone is started again, and the other one goes on with it. */
  private static void killARank(Cluster cluster, Workspace workspace, String version) {
    workspace.applyRun("hurt", 42, TWO_NODES);
    var running =
        workspace.awaitAll(
            Pod.class, Labels.RUN, "hurt", 2, p -> "Running".equals(p.getStatus().getPhase()));
    var killed = running.stream().filter(p -> rank(p) == 1).findFirst().orElseThrow();
    cluster.machinery().killPod(killed.getMetadata().getUid());

    workspace.awaitAll(
        Pod.class, Labels.RUN, "hurt", 1, p -> "Failed".equals(p.getStatus().getPhase()));
    // Before the run ends: with it the Job controller deletes what still runs.
    var all = workspace.awaitAll(Pod.class, Labels.RUN, "hurt", 3, p -> true);
    assertThat(all).extracting(ManyNodesIT::rank).containsExactlyInAnyOrder(0, 1, 1);
    var ended =
        workspace.await(
            TrainingRun.class,
            "hurt",
            r -> r.getStatus() != null && r.getStatus().result() != null);
    assertThat(ended.getStatus().result().version()).isEqualTo(version);
  }

  private static int rank(Pod pod) {
    return Integer.parseInt(pod.getMetadata().getLabels().get(RANK));
  }
}
