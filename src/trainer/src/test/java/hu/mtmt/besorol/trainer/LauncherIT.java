package hu.mtmt.besorol.trainer;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as the build made it, as processes of its own. */
@Timeout(180)
class LauncherIT {
  private static final Path LAUNCHER = Path.of("target", "besorol").toAbsolutePath();

  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void kill() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(Map<String, String> environment, Path launcher, String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(launcher.toString());
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().putAll(environment);
    var process = builder.start();
    started.add(process);
    return process;
  }

  private int run(String... arguments) throws Exception {
    return start(Map.of(), LAUNCHER, arguments).waitFor();
  }

  private String out() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  private String err() throws IOException {
    return Files.readString(directory.resolve("err"));
  }

  @Test
  void trainsAndSuggestsFromAnyDirectoryAndThroughALink() throws Exception {
    var corpus = TinyCorpus.in(directory.resolve("data"), 4);
    var link = Files.createSymbolicLink(directory.resolve("linked"), LAUNCHER);
    var relative = Files.createSymbolicLink(directory.resolve("again"), Path.of("linked"));
    assertThat(start(Map.of(), relative, "train", "--data", "data", "--output", "model").waitFor())
        .as(err())
        .isZero();
    assertThat(out()).contains("StrictF1", "Version     sha256:");
    assertThat(start(Map.of(), link, "suggest", "model", "data/test.jsonl").waitFor()).isZero();
    assertThat(out().lines()).hasSameSizeAs(corpus.lines("test.jsonl"));
    assertThat(err()).isEmpty();
    assertThat(run("evaluate", "model", "--data", "data/test.jsonl")).isZero();
    assertThat(run("inspect", "model", "--self-test")).isZero();
  }

  @Test
  void exitCodesTellWhoseFailureItIs() throws Exception {
    assertThat(run("--version")).isZero();
    assertThat(out()).startsWith("besorol ");
    assertThat(run("train", "--nonsense")).isEqualTo(2);
    assertThat(run("inspect", "nowhere")).isEqualTo(3);
    assertThat(err())
        .isEqualTo(
            "besorol: There is no model package nowhere: name a directory that training has"
                + " written.\n");
  }

  @Test
  void otherProgramsAreFoundFromAnyDirectoryOrMissedInASentence() throws Exception {
    // A checkout of nothing but the launcher.
    var target = Files.createDirectories(directory.resolve("checkout/src/trainer/target"));
    for (var name : List.of("besorol", "java.options", "jdk.sh")) {
      Files.copy(LAUNCHER.resolveSibling(name), target.resolve(name), COPY_ATTRIBUTES);
    }
    Files.createSymbolicLink(target.resolve("lib"), LAUNCHER.resolveSibling("lib"));
    var launcher = target.resolve("besorol");
    assertThat(start(Map.of(), launcher, "local", "up", "--once").waitFor()).isEqualTo(2);
    assertThat(err())
        .contains("src/local/target/besorol-local has no besorol-local*.jar: build it with");

    // Any program will do to see that arguments and exit code pass: the command line itself.
    var local =
        Files.createDirectories(directory.resolve("checkout/src/local/target/besorol-local"));
    try (var jars = Files.newDirectoryStream(LAUNCHER.resolveSibling("lib"))) {
      for (var jar : jars) {
        var name = jar.getFileName().toString().replace("besorol-trainer", "besorol-local");
        Files.createSymbolicLink(local.resolve(name), jar);
      }
    }
    assertThat(start(Map.of(), launcher, "local", "train", "--data", "nowhere").waitFor())
        .as(err())
        .isEqualTo(3);
    assertThat(err()).startsWith("besorol: nowhere is not a directory");
  }

  @Test
  void tooLittleMemoryIsSaidBeforeTheWork() throws Exception {
    TinyCorpus.in(directory.resolve("data"), 60, 400);
    var process =
        start(
            Map.of("BESOROL_JAVA_OPTS", "-Xmx24m"),
            LAUNCHER,
            "train",
            "--quiet",
            "--data",
            "data",
            "--output",
            "model");
    assertThat(process.waitFor()).as(err()).isEqualTo(4);
    assertThat(err()).contains("This training needs at least", "-Xmx1g").doesNotContain("\tat ");
    assertThat(directory.resolve("model")).doesNotExist();
  }

  @Test
  void aPodThatIsToldToEndGoesOnLaterToTheSameVersion() throws Exception {
    var undisturbed = new Pod("undisturbed");
    assertThat(undisturbed.start().waitFor()).as(err()).isZero();
    var version = undisturbed.result().version();
    assertThat(version).isNotNull();

    var disturbed = new Pod("disturbed");
    var process = disturbed.start();
    disturbed.awaitTraining(process);
    process.destroy(); // SIGTERM
    assertThat(process.waitFor(25, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(err()).isEqualTo(75);
    assertThat(disturbed.result().failure().kind()).isEqualTo(FailureKind.INTERRUPTED);
    assertThat(disturbed.packages()).isEmpty();

    assertThat(disturbed.start().waitFor()).as(err()).isZero();
    assertThat(disturbed.result().version()).isEqualTo(version);
  }

  @Test
  void aPodThatIsKilledLeavesNothingHalfWritten() throws Exception {
    var pod = new Pod("killed");
    var process = pod.start();
    pod.awaitTraining(process);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    assertThat(pod.start().waitFor()).as(err()).isZero();
    assertThat(pod.packages()).containsExactly("sha256-" + pod.result().version().hex());
  }

  /** A training pod whose container's root is a directory. */
  private final class Pod {
    private final Path root;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    Pod(String name) throws IOException {
      root = directory.resolve(name);
      try (var free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      Files.createDirectories(root.resolve("dev"));
      Files.createDirectories(root.resolve("etc/besorol"));
      var corpus = TinyCorpus.in(root.resolve("data"), 60, 30);
      Files.write(root.resolve("etc/besorol/plan.json"), ContractJson.write(plan(corpus)));
    }

    /** So exact that it takes some seconds to learn. */
    private TrainingPlan plan(TinyCorpus corpus) {
      var parameters =
          ContractJson.readPart(
              "{\"tolerance\":\"0.000001\",\"maximumEpochs\":400,\"loss\":\"Logistic\",\"cost\":\"100\"}"
                  .getBytes(StandardCharsets.UTF_8),
              LinearParameters.class,
              "parameters");
      return corpus.planOfPod(Algorithm.of(parameters));
    }

    Process start() throws IOException {
      return LauncherIT.this.start(
          Map.of("CONTAINER_SANDBOX_MOUNT_POINT", root.toString(), "PORT", "" + port),
          LAUNCHER,
          "job");
    }

    /** Waits until the pod says that it learns, and a part of it is done. */
    void awaitTraining(Process process) throws Exception {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/progress".formatted(port)))
              .build();
      while (true) {
        assertThat(process.isAlive()).as(err()).isTrue();
        try {
          var body = client.send(request, BodyHandlers.ofByteArray()).body();
          var progress = ContractJson.read(body, Progress.class, "progress");
          assertThat(progress.stage()).isLessThanOrEqualTo(Stage.TRAINING);
          if (progress.stage() == Stage.TRAINING && progress.percent() >= 40) {
            return;
          }
        } catch (ConnectException e) {
          // It has not come so far yet.
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }

    TrainingResult result() {
      return ContractJson.read(root.resolve("dev/termination-log"), TrainingResult.class);
    }

    List<String> packages() throws IOException {
      try (var files = Files.list(root.resolve("store"))) {
        return files.map(file -> file.getFileName().toString()).toList();
      }
    }
  }
}
