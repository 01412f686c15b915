package hu.mtmt.besorol.api;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.testkit.RealApiServer;
import hu.mtmt.besorol.testkit.RealApiServerTest;
import org.junit.jupiter.api.Test;

@RealApiServerTest
class CrdAdmissionIT {
  @Test
  void serverIsThere(RealApiServer server) {
    var ns = server.namespace("crd");
    assertThat(server.client().resources(ClassifierModel.class).inNamespace(ns).list().getItems())
        .isEmpty();
  }
}
