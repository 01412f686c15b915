package hu.mtmt.besorol.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Servers close connections that were idle, sometimes just as the next request is on its way: the
 * operator must not end because of that.
 */
class ClosedConnectionTest {
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
          .getBytes(StandardCharsets.US_ASCII);

  @Test
  @Timeout(20)
  void requestIsMadeAgain() throws IOException {
    var connections = new AtomicInteger();
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerTheSecond(server, connections));
      var config =
          new ConfigBuilder()
              .withMasterUrl("http://127.0.0.1:" + server.getLocalPort())
              .withHttp2Disable(true)
              .build();
      try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
        assertThat(client.raw("/version")).isEqualTo("{}");
      }
    }
    assertThat(connections).hasValue(2);
  }

  private static void answerTheSecond(ServerSocket server, AtomicInteger connections) {
    try {
      while (true) {
        try (var connection = server.accept()) {
          connection.getInputStream().read(new byte[4096]);
          if (connections.incrementAndGet() > 1) {
            connection.getOutputStream().write(ANSWER);
          }
        }
      }
    } catch (IOException _) {
      // the test is over
    }
  }
}
