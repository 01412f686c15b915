package hu.mtmt.besorol.local.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.contract.Digest;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole flow on the API server of the local cluster. */
class EmbeddedFlowIT extends WholeFlow {
  @TempDir static Path directory;

  @BeforeAll
  void start() {
    besorol = TestBesorol.embedded(directory);
    serveFirstVersion();
  }

  @Override
  boolean servesLogs() {
    return true;
  }

  @Test
  void servesAgainAfterARestartOfTheCluster() throws Exception {
    var before = model();
    besorol.close();

    besorol = TestBesorol.embedded(directory);

    var after = besorol.awaitServing(before.getStatus().serving().version());
    assertThat(after.getStatus().url()).isEqualTo(before.getStatus().url());
    assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
    besorol.await(
        io.fabric8.kubernetes.api.model.apps.Deployment.class,
        "quickstart-" + new Digest(after.getStatus().serving().version()).hex().substring(0, 10),
        d -> Integer.valueOf(1).equals(d.getStatus().getAvailableReplicas()));
    assertThat(status(after.getStatus().url() + "/v1/model")).isEqualTo(200);
  }

  private ClassifierModel model() {
    return besorol.await(ClassifierModel.class, "quickstart", m -> m.getStatus().url() != null);
  }
}
