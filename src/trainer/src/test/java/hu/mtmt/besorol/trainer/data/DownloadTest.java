package hu.mtmt.besorol.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  private static final byte[] CONTENT = "{\"id\":\"1\"}\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private static Path keys;
  private static SSLContext context;
  private static HttpsServer server;

  @TempDir Path temporary;
  private Download download;

  @BeforeAll
  static void serve() throws Exception {
    context = selfSigned(keys.resolve("keys.p12"));
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    answer("/data/train.jsonl", 200, null);
    answer("/moved", 302, "/data/train.jsonl");
    answer("/elsewhere", 302, "https://example.org/train.jsonl");
    answer("/insecure", 302, "http://localhost/train.jsonl");
    answer("/loop", 302, "/loop");
    answer("/gone", 404, null);
    answer("/broken", 503, null);
    server.start();
  }

  private static void answer(String path, int status, String location) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            if (location != null) {
              exchange.getResponseHeaders().set("Location", location);
            }
            exchange.sendResponseHeaders(status, status == 200 ? 0 : -1);
            if (status == 200) {
              exchange.getResponseBody().write(CONTENT);
            }
          }
        });
  }

  /** A certificate for localhost that nobody but the test trusts. */
  private static SSLContext selfSigned(Path file) throws Exception {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "test",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(process.waitFor())
        .as(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isZero();
    var password = "changeit".toCharArray();
    var store = KeyStore.getInstance(file.toFile(), password);
    var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(store, password);
    var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("test", store.getCertificate("test"));
    var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trustManagers.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    return context;
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @BeforeEach
  void open() {
    download = download(1 << 20);
  }

  private Download download(long maximumBytes) {
    var client = HttpClient.newBuilder().sslContext(context).build();
    return new Download(client, Set.of("localhost"), maximumBytes, temporary);
  }

  @AfterEach
  void leavesNothingBehind() {
    download.close();
    assertThat(temporary).isEmptyDirectory();
  }

  private static String address(String path) {
    return "https://localhost:" + server.getAddress().getPort() + path;
  }

  private void assertRefused(String address, FailureKind kind, String... parts) {
    assertThatThrownBy(() -> download.fetch(address, Digest.of(CONTENT), "training"))
        .isInstanceOfSatisfying(BesorolException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageStartingWith("training: ")
        .hasMessageContainingAll(parts);
  }

  @Test
  void fetchesAFileAndKeepsTheEndOfItsName() throws IOException {
    var file = download.fetch(address("/data/train.jsonl"), Digest.of(CONTENT), "training");
    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
    assertThat(file.getFileName().toString()).endsWith("train.jsonl");
  }

  @Test
  void followsRedirectsOfTheSameHost() throws IOException {
    var file = download.fetch(address("/moved"), Digest.of(CONTENT), "training");
    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
  }

  @Test
  void refusesRedirectsToAnotherHostAndEndlessOnes() {
    assertRefused(address("/elsewhere"), FailureKind.PLAN_INVALID, "example.org", "another host");
    assertRefused(address("/insecure"), FailureKind.PLAN_INVALID, "another host");
    assertRefused(address("/loop"), FailureKind.DATA_INVALID, "redirects more than 5 times");
  }

  @Test
  void refusesOtherBytes() {
    var other = Digest.of(new byte[0]);
    assertThatThrownBy(() -> download.fetch(address("/data/train.jsonl"), other, "training"))
        .hasMessageContainingAll(Digest.of(CONTENT).value(), other.value());
  }

  @Test
  void refusesAFileThatIsTooLarge() {
    download.close();
    download = download(CONTENT.length - 1);
    assertRefused(address("/data/train.jsonl"), FailureKind.DATA_INVALID, "is larger than");
  }

  @Test
  void tellsAMissingFileFromAFailingServer() {
    assertRefused(address("/gone"), FailureKind.DATA_INVALID, "answered 404");
    assertRefused(address("/broken"), FailureKind.MACHINE_FAILED, "answered 503");
    assertRefused(
        "https://localhost:1/train.jsonl", FailureKind.MACHINE_FAILED, "cannot be fetched");
  }

  @Test
  void asksOnlyAllowedHostsAndOnlySecurely() {
    assertRefused("https://example.org/x", FailureKind.PLAN_INVALID, "(localhost)");
    assertRefused("http://localhost/x", FailureKind.PLAN_INVALID, "neither an absolute path");
    assertRefused("file:///etc/passwd", FailureKind.PLAN_INVALID, "neither an absolute path");
    assertRefused("train.jsonl", FailureKind.PLAN_INVALID, "neither an absolute path");
    assertRefused("https://user@localhost/x", FailureKind.PLAN_INVALID, "without user");
    assertRefused("not an address", FailureKind.PLAN_INVALID, "neither an absolute path");
  }

  @Test
  void readsTheListOfAllowedHosts() {
    assertThat(Download.allowedHosts(null)).isEmpty();
    assertThat(Download.allowedHosts(" ")).isEmpty();
    assertThat(Download.allowedHosts("A.example.org, b.example.org,"))
        .containsExactlyInAnyOrder("a.example.org", "b.example.org");
  }
}
