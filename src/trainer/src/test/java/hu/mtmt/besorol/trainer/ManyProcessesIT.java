package hu.mtmt.besorol.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.ProcessGroup;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several processes that train one version, each with a file system of its own but the data. */
@Timeout(180)
class ManyProcessesIT {
  private static final Path LAUNCHER = Path.of("target", "besorol").toAbsolutePath();

  private static final String LINEAR = "{}";
  private static final String BONSAI = "{\"leafSize\":10,\"trees\":2}";

  /** So exact that it takes some seconds to learn. */
  private static final String SLOW =
      "{\"tolerance\":\"0.000001\",\"maximumEpochs\":200,\"loss\":\"Logistic\",\"cost\":\"100\"}";

  @TempDir Path directory;
  private TinyCorpus corpus;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void write() {
    // several blocks of documents, and several groups of subjects
    corpus = TinyCorpus.in(directory.resolve("data"), 60, 30);
  }

  @AfterEach
  void kill() throws Exception {
    for (var process : started) {
      if (process.isAlive()) {
        System.err.println(threads(process));
        process.destroyForcibly();
      }
    }
  }

  /** What a process does that should have ended, virtual threads included. */
  private String threads(Process process) throws Exception {
    var dump = directory.resolve("threads-" + process.pid());
    new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            Long.toString(process.pid()),
            "Thread.dump_to_file",
            dump.toString())
        .start()
        .waitFor(10, TimeUnit.SECONDS);
    return Files.exists(dump) ? Files.readString(dump) : "";
  }

  private TrainingPlan plan(String family, String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    AlgorithmParameters parameters =
        family.equals("Linear")
            ? ContractJson.readPart(bytes, LinearParameters.class, "linear")
            : ContractJson.readPart(bytes, BonsaiParameters.class, "bonsai");
    return corpus.planOfPod(Algorithm.of(parameters));
  }

  /** Processes with one plan. */
  private final class Group {
    private final TrainingPlan plan;
    private final int size;
    private final int port;

    Group(TrainingPlan plan, int size) throws IOException {
      this.plan = plan;
      this.size = size;
      try (var free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      for (int rank = 0; rank < size; rank++) {
        Files.createDirectories(root(rank).resolve("dev"));
        Files.createDirectories(root(rank).resolve("etc/besorol"));
        Files.createSymbolicLink(root(rank).resolve("data"), directory.resolve("data"));
        Files.write(root(rank).resolve("etc/besorol/plan.json"), ContractJson.write(plan));
      }
    }

    Path root(int rank) {
      return directory.resolve("group-of-%d/rank-%d".formatted(size, rank));
    }

    Process start(int rank) throws IOException {
      var environment = new HashMap<String, String>();
      environment.put("CONTAINER_SANDBOX_MOUNT_POINT", root(rank).toString());
      environment.put("PORT", "0");
      environment.put("BESOROL_JAVA_OPTS", "-Xmx256m -XX:TieredStopAtLevel=1");
      environment.put(ProcessGroup.WORLD_SIZE, Integer.toString(size));
      environment.put(ProcessGroup.RANK, Integer.toString(rank));
      environment.put(ProcessGroup.RENDEZVOUS, "127.0.0.1:" + port);
      var builder =
          new ProcessBuilder(LAUNCHER.toString(), "job")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(root(rank).resolve("log").toFile()));
      builder.environment().putAll(environment);
      var process = builder.start();
      started.add(process);
      return process;
    }

    List<Process> start() throws IOException {
      var processes = new ArrayList<Process>();
      for (int rank = size - 1; rank >= 0; rank--) { // the leader last
        processes.addFirst(start(rank));
      }
      return processes;
    }

    String log(int rank) throws IOException {
      return Files.readString(root(rank).resolve("log"));
    }

    void requireSuccess(List<Process> processes) throws Exception {
      for (int rank = 0; rank < size; rank++) {
        assertThat(processes.get(rank).waitFor()).as(log(rank)).isZero();
      }
      for (int rank = 1; rank < size; rank++) {
        assertThat(root(rank).resolve("dev/termination-log")).doesNotExist();
        assertThat(root(rank).resolve("store")).doesNotExist();
        assertThat(root(rank).resolve("checkpoints-rank-%d/learning".formatted(rank)))
            .doesNotExist();
      }
    }

    TrainingResult result(int rank) {
      return ContractJson.read(root(rank).resolve("dev/termination-log"), TrainingResult.class);
    }

    /** How many parts a rank has learnt and kept. */
    int parts(int rank) throws IOException {
      var learning = root(rank).resolve(rank == 0 ? "checkpoints" : "checkpoints-rank-" + rank);
      if (!Files.exists(learning.resolve("learning"))) {
        return 0;
      }
      try (var files = Files.list(learning.resolve("learning"))) {
        return (int) files.filter(f -> f.getFileName().toString().startsWith("part-")).count();
      }
    }

    /** Waits until a rank has learnt something; not all, since all learn at one time. */
    void awaitLearning(int rank, Process process) throws Exception {
      while (parts(rank) < 1) {
        assertThat(process.isAlive()).as(log(rank)).isTrue();
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  private Digest alone(TrainingPlan plan) throws Exception {
    var group = new Group(plan, 1);
    group.requireSuccess(group.start());
    return group.result(0).version();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"Linear | " + LINEAR, "Bonsai | " + BONSAI})
  void oneTwoAndThreeWriteTheSameVersion(String family, String json) throws Exception {
    var plan = plan(family, json);
    var two = new Group(plan, 2);
    var three = new Group(plan, 3);
    var processes = two.start();
    processes.addAll(three.start());
    var version = alone(plan);
    two.requireSuccess(processes.subList(0, 2));
    three.requireSuccess(processes.subList(2, 5));

    assertThat(two.result(0).version()).isEqualTo(version);
    assertThat(three.result(0).version()).isEqualTo(version);
  }

  @Test
  void whoeverIsKilledComesBackAlone() throws Exception {
    var plan = plan("Linear", SLOW);
    var group = new Group(plan, 3);
    var processes = group.start();
    group.awaitLearning(1, processes.get(1));
    processes.get(1).destroyForcibly().waitFor();
    processes.set(1, group.start(1));
    group.awaitLearning(0, processes.get(0));
    processes.get(0).destroyForcibly().waitFor();
    int kept = group.parts(0);
    processes.set(0, group.start(0));
    group.awaitLearning(2, processes.get(2));
    processes.get(2).destroy(); // SIGTERM
    assertThat(processes.get(2).waitFor()).as(group.log(2)).isEqualTo(75);
    assertThat(group.result(2).failure().kind()).isEqualTo(FailureKind.INTERRUPTED);
    Files.delete(group.root(2).resolve("dev/termination-log"));
    processes.set(2, group.start(2));
    group.requireSuccess(processes);

    assertThat(kept).isPositive();
    assertThat(group.result(0).version()).isEqualTo(alone(plan));
  }

  @Test
  void aFamilyThatNeedsOneNodeIsRefused() throws Exception {
    var plan =
        Plans.withAlgorithm(
            plan("Linear", LINEAR), Algorithm.of(AlgorithmType.LABEL_MATCH.defaults()));
    var group = new Group(plan, 2);
    assertThat(group.start(0).waitFor()).isEqualTo(2);
    assertThat(group.result(0).failure().message())
        .startsWith("LabelMatch cannot be trained by 2 processes: Linear and Bonsai can.");
  }
}
