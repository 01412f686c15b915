package hu.mtmt.besorol.trainer.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressServerTest {
  private final Progress progress =
      new Progress(
          Stage.TRAINING, 42, 3, 0.25, 60, null, null, null, Instant.parse("2026-01-01T00:00:00Z"));
  private final ProgressServer server = new ProgressServer(0, () -> progress);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  @Test
  void servesTheProgressDocument() throws Exception {
    var response = get("/progress");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(ContractJson.read(response.body().getBytes(), Progress.class, "progress"))
        .isEqualTo(progress);
  }

  @Test
  void servesMetrics() throws Exception {
    assertThat(get("/metrics").body())
        .contains(
            "# TYPE besorol_job_progress_ratio gauge\nbesorol_job_progress_ratio 0.42\n",
            "besorol_job_stage{stage=\"training\"} 1\n",
            "besorol_job_stage{stage=\"reading\"} 0\n",
            "besorol_training_epoch 3\n",
            "besorol_training_loss 0.25\n",
            "besorol_job_remaining_seconds 60\n");
  }

  @Test
  void isHealthyAndKnowsNothingElse() throws Exception {
    assertThat(get("/healthz").body()).isEqualTo("ok\n");
    assertThat(get("/progress/more").statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
    var post = request("/progress").POST(BodyPublishers.ofString("{}")).build();
    assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void saysThatThePortIsTaken() {
    assertThatThrownBy(() -> new ProgressServer(server.port(), () -> progress))
        .hasMessageContaining("cannot be served on port " + server.port());
  }
}
