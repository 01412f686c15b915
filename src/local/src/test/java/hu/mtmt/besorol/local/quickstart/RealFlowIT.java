package hu.mtmt.besorol.local.quickstart;

import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The whole flow on a real kube-apiserver. */
@RealApiServerTest
class RealFlowIT extends WholeFlow {
  @TempDir static Path directory;

  @BeforeAll
  void start(RealApiServer api) {
    besorol = TestBesorol.onReal(api, api.namespace("flow"), directory);
    serveFirstVersion();
  }

  /** A real API server asks the kubelet's own address for logs, which this kubelet has none of. */
  @Override
  boolean servesLogs() {
    return false;
  }
}
