package hu.mtmt.besorol.local.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Conditions;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.SteadyClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * From two resources to an answer over HTTP, with the operator, the trainer and the inference
 * service as processes: what must hold on every API server. The subclasses bring one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WholeFlow {
  /** The operator in a cluster; a subclass sets it, and calls {@link #serveFirstVersion}. */
  protected TestBesorol besorol;

  private TrainingRun firstRun;

  void serveFirstVersion() {
    besorol.submit(TestBesorol.sample());
    firstRun = besorol.awaitEnd("quickstart-1");
    besorol.awaitServing(firstRun.getStatus().result().version());
  }

  @AfterAll
  void stop() {
    if (besorol != null) {
      besorol.close();
    }
  }

  @Test
  void answersOverHttpWithTheVersionThatItTrained() throws Exception {
    var model =
        besorol
            .client()
            .resources(ClassifierModel.class)
            .inNamespace(besorol.namespace)
            .withName("quickstart")
            .get();
    var sample = TestBesorol.sample();

    var answer = new SampleAnswer(model.getStatus().url()).of(sample.sample());

    assertThat(answer.version().value()).isEqualTo(model.getStatus().serving().version());
    assertThat(answer.suggestions()).isNotEmpty();
    assertThat(answer.suggestions().getFirst().path()).first().isEqualTo("1");
    assertThat(firstRun.getStatus().conditions())
        .filteredOn(c -> c.getStatus().equals("True"))
        .extracting(c -> c.getType())
        .contains("Complete", "Ready");
    assertThat(jobs()).filteredOn(j -> j.getMetadata().getName().equals("quickstart-1")).hasSize(1);
  }

  @Test
  void replacesAVersionWithoutLosingARequest() throws Exception {
    var model =
        besorol.await(
            ClassifierModel.class,
            "quickstart",
            m -> m.getStatus() != null && m.getStatus().url() != null);
    var before = model.getStatus().serving().version();
    var document = new ObjectMapper().writeValueAsBytes(TestBesorol.sample().sample());
    try (var client = SteadyClient.start(model.getStatus().url(), document, 200)) {
      var input = TestBesorol.sample("quickstart-other", 7);
      besorol.submit(input);
      var after = besorol.awaitEnd("quickstart-other").getStatus().result().version();
      assertThat(after).isNotEqualTo(before);
      besorol.awaitServing(after);
      client.awaitAnswersOf(after, 400);

      assertThat(client.failures()).isEmpty();
      assertThat(client.versions()).containsExactlyInAnyOrder(before, after);
      goBack(before, after, client);
      assertThat(client.failures()).isEmpty();
    }
  }

  /** To the version that served before, whose pods are kept. */
  private void goBack(String before, String now, SteadyClient client) throws Exception {
    var start = Instant.now();
    besorol
        .client()
        .resources(ClassifierModel.class)
        .inNamespace(besorol.namespace)
        .withName("quickstart")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"promotion\":{\"mode\":\"Manual\",\"version\":\"%s\"}}}"
                .formatted(before));
    besorol.awaitServing(before);
    client.awaitAnswersOf(before, client.answersOf(before) + 400);
    System.out.printf(
        "Back to the version before: the other one has answered for the last time after %d ms. %d"
            + " requests were answered, %d failed.%n",
        Duration.between(start, client.lastAnswerOf(now)).toMillis(),
        client.answersOf(before) + client.answersOf(now),
        client.failures().size());
  }

  @Test
  void endsARunWhoseModelIsDeleted() throws Exception {
    var input = TestBesorol.sample("orphan-1", 3);
    input.model().getMetadata().setName("orphan");
    @SuppressWarnings("unchecked")
    var reference = (Map<String, Object>) TestBesorol.spec(input.run()).get("modelRef");
    reference.put("name", "orphan");
    besorol.submit(input);
    besorol.await(
        TrainingRun.class,
        "orphan-1",
        r -> r.getStatus() != null && r.getStatus().jobName() != null);

    besorol.client().resource(input.model()).inNamespace(besorol.namespace).delete();

    var ended = besorol.awaitEnd("orphan-1");
    assertThat(ended.getStatus().conditions())
        .filteredOn(c -> c.getType().equals(Conditions.Type.FAILED.written()))
        .extracting(c -> c.getReason())
        .containsExactly("ModelDeleted");
    besorol
        .client()
        .pods()
        .inNamespace(besorol.namespace)
        .withLabel("job-name", "orphan-1")
        .informOnCondition(pods -> pods.stream().noneMatch(p -> phase(p).equals("Running")))
        .get(1, TimeUnit.MINUTES);
  }

  @Test
  void kubectlLinesOfTheQuickstartWork() throws Exception {
    var kubectl = KubernetesBinaries.find().flatMap(KubernetesBinaries::kubectl);
    Assumptions.assumeTrue(kubectl.isPresent(), "no kubectl: set KUBEBUILDER_ASSETS");
    for (var line : QuickstartCommand.kubectlLines("quickstart-1", "quickstart")) {
      if (line.contains(" -w")) {
        assertThat(firstLines(kubectl.get(), line)).contains("MODEL", "Linear");
      } else if (!line.contains(" logs ") || servesLogs()) {
        assertThat(output(kubectl.get(), line)).as(line).isNotBlank();
      }
    }
    assertThat(output(kubectl.get(), "kubectl get trun quickstart-1"))
        .contains("MODEL", "ALGORITHM", "PROGRESS", "READY", "Linear", "100", "Complete");
    assertThat(output(kubectl.get(), "kubectl describe trun quickstart-1"))
        .contains("Events:", "Version:");
    assertThat(output(kubectl.get(), "kubectl get pods")).contains("1/1", "Running", "Completed");
  }

  /** Whether {@code kubectl logs} reaches the pods. */
  abstract boolean servesLogs();

  private String output(Path kubectl, String line) throws Exception {
    var process = start(kubectl, line);
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(line + "\n" + output).isZero();
    return output;
  }

  /** The first two lines of what goes on for ever. */
  private String firstLines(Path kubectl, String line) throws Exception {
    var process = start(kubectl, line);
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      return reader.readLine() + "\n" + reader.readLine();
    } finally {
      process.destroy();
    }
  }

  private Process start(Path kubectl, String line) throws IOException {
    var command = new ArrayList<>(List.of(line.split(" ")));
    command.set(0, kubectl.toString());
    command.add("--namespace=" + besorol.namespace);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", besorol.cluster.kubeconfig().toString());
    builder.environment().put("HOME", Files.createTempDirectory("kubectl").toString());
    return builder.start();
  }

  private List<Job> jobs() {
    return besorol.client().batch().v1().jobs().inNamespace(besorol.namespace).list().getItems();
  }

  private static String phase(Pod pod) {
    return pod.getStatus() == null ? "" : pod.getStatus().getPhase();
  }

  static int status(String url) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
