package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.ProcessGroup;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much faster two and three processes train a version than one, each held to the same share of
 * a core, as pods of one flavor are: from their start, JVM and reading included, until the package
 * is judged and published. Fails if they do not write the same version.
 */
final class NodesBenchmark {
  private static final int MOST_PROCESSES = 3;
  private static final List<AlgorithmType> FAMILIES =
      Arrays.stream(AlgorithmType.values()).filter(AlgorithmType::trainsOnManyNodes).toList();

  private final Path launcher;
  private final Path data;
  private final double cores;
  private final Path scratch;

  private NodesBenchmark(Path launcher, Path data, double cores, Path scratch) {
    this.launcher = launcher;
    this.data = data;
    this.cores = cores;
    this.scratch = scratch;
  }

  /**
   * Arguments: the trainer's launcher, a directory of data, and the cores that each process has.
   */
  public static void main(String... arguments) throws Exception {
    var scratch = Files.createTempDirectory("nodes-benchmark");
    try {
      new NodesBenchmark(
              Path.of(arguments[0]).toAbsolutePath(),
              Path.of(arguments[1]).toRealPath(),
              arguments.length > 2 ? Double.parseDouble(arguments[2]) : 0.6,
              scratch)
          .run();
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } finally {
      Directories.delete(scratch);
    }
  }

  private void run() throws Exception {
    System.out.printf("Each process has %s of a core.%n%n", cores);
    System.out.println("| family | processes | wall s | speed-up | version |");
    System.out.println("|---|---:|---:|---:|---|");
    for (var family : FAMILIES) {
      Measured alone = null;
      for (int n = 1; n <= MOST_PROCESSES; n++) {
        var measured = train(plan(family), n);
        alone = n == 1 ? measured : alone;
        if (!measured.version.equals(alone.version)) {
          throw new IllegalStateException(
              "%d processes wrote %s, one wrote %s".formatted(n, measured.version, alone.version));
        }
        System.out.printf(
            "| %s | %d | %.1f | %.2f | %s |%n",
            family,
            n,
            measured.seconds,
            alone.seconds / measured.seconds,
            measured.version.abbreviated());
        System.out.flush();
      }
    }
  }

  private record Measured(double seconds, Digest version) {}

  private TrainingPlan plan(AlgorithmType family) throws IOException {
    return new TrainingPlan(
        source("taxonomy.jsonl"),
        null,
        source("train.jsonl.zst"),
        source("validation.jsonl.zst"),
        "0.1",
        source("test.jsonl.zst"),
        DuplicatePolicy.REFUSE,
        Algorithm.of(family.defaults()),
        42,
        ContractJson.defaults(Grades.class),
        List.of(),
        "/store",
        "/checkpoints");
  }

  private Source source(String file) throws IOException {
    return new Source("/data/" + file, Digest.of(data.resolve(file)));
  }

  private Measured train(TrainingPlan plan, int processes) throws Exception {
    var roots = Files.createTempDirectory(scratch, "group-");
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var limits = new ArrayList<CpuLimit>();
    var started = new ArrayList<Process>();
    try {
      for (int rank = 0; rank < processes; rank++) {
        prepare(roots.resolve("rank-" + rank), plan);
        limits.add(new CpuLimit(cores));
      }
      long start = System.nanoTime();
      for (int rank = 0; rank < processes; rank++) {
        started.add(
            start(
                roots.resolve("rank-" + rank),
                limits.get(rank),
                new ProcessGroup(rank, processes, "127.0.0.1:" + port)));
      }
      for (int rank = 0; rank < processes; rank++) {
        requireSuccess(started.get(rank), roots.resolve("rank-" + rank));
        if (rank == 0) {
          System.err.printf("%d processes: %.1f s%n", processes, (System.nanoTime() - start) / 1e9);
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      var result =
          ContractJson.read(roots.resolve("rank-0/dev/termination-log"), TrainingResult.class);
      return new Measured(seconds, result.version());
    } finally {
      for (var process : started) {
        process.destroyForcibly().waitFor();
      }
      limits.forEach(CpuLimit::close);
      Directories.delete(roots);
    }
  }

  private void prepare(Path root, TrainingPlan plan) throws IOException {
    Files.createDirectories(root.resolve("dev"));
    Files.createDirectories(root.resolve("etc/besorol"));
    Files.createSymbolicLink(root.resolve("data"), data);
    Files.write(root.resolve("etc/besorol/plan.json"), ContractJson.write(plan));
  }

  private Process start(Path root, CpuLimit limit, ProcessGroup group) throws IOException {
    var builder =
        new ProcessBuilder(limit.of("'%s' job".formatted(launcher)))
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("log").toFile());
    var environment = builder.environment();
    environment.put("CONTAINER_SANDBOX_MOUNT_POINT", root.toString());
    environment.put("PORT", "0");
    environment.put("BESOROL_JAVA_OPTS", "-Xmx3g -XX:ActiveProcessorCount=1");
    environment.put(ProcessGroup.WORLD_SIZE, Integer.toString(group.worldSize()));
    environment.put(ProcessGroup.RANK, Integer.toString(group.rank()));
    environment.put(ProcessGroup.RENDEZVOUS, group.rendezvous());
    return builder.start();
  }

  private static void requireSuccess(Process process, Path root)
      throws IOException, InterruptedException {
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException(
          "A process ended with %d: %s".formatted(status, Files.readString(root.resolve("log"))));
    }
  }
}
