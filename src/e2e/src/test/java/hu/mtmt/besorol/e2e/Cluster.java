package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.testkit.KubernetesBinaries;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real cluster, of three nodes on this machine, with the images of this build in each.
 *
 * <p>It is started by a directory of scripts, which the environment variable {@value #VARIABLE}
 * names. {@code up.sh STATE_DIRECTORY} starts a cluster of {@code NODES} nodes, whose files are
 * those of this machine, prints the path of a kubeconfig as its last line, and, as {@code HOLD} is
 * set, takes everything down when its standard input ends: also when this process is killed. {@code
 * load-image.sh STATE_DIRECTORY ARCHIVE...} puts images into every node. {@code knative.sh
 * STATE_DIRECTORY}, if it is there, installs Knative Serving.
 */
final class Cluster implements AutoCloseable {
  /** Names the directory of the scripts. */
  static final String VARIABLE = "BESOROL_CLUSTER";

  private static final Path REPOSITORY = KubernetesBinaries.repository();
  private static final Path IMAGES = REPOSITORY.resolve("kubernetes/images/target");
  private static final String TAG = "latest";
  private static final String SMALL = "small";
  private static final String SMALL_SIZE = "64m";

  /** How many nodes it has. */
  static final int NODES = 3;

  private static final int MINUTES_TO_END = 1;
  private static final int LINES_OF_LOGS = 60;

  private final Path scripts;
  private final Path directory;
  private final Process process;
  private final Path kubeconfig;
  private final KubernetesClient client;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  private Cluster(Path scripts, Path directory, Process process) throws IOException {
    this.scripts = scripts;
    this.directory = directory;
    this.process = process;
    this.kubeconfig = awaitKubeconfig();
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build();
  }

  /** The directory of the scripts, or empty if none was named. */
  static Optional<Path> scripts() {
    return Optional.ofNullable(System.getenv(VARIABLE)).filter(s -> !s.isBlank()).map(Path::of);
  }

  /** Starts one and loads the images. */
  static Cluster start() {
    try {
      var scripts = scripts().orElseThrow().toAbsolutePath();
      var directory = Files.createTempDirectory("besorol-cluster");
      // What is mounted later the nodes do not see.
      var small = Files.createDirectories(directory.resolve(SMALL)).toString();
      run(List.of("mount", "-t", "tmpfs", "-o", "size=" + SMALL_SIZE, "tmpfs", small));
      var up =
          new ProcessBuilder(
                  scripts.resolve("up.sh").toString(), directory.resolve("state").toString())
              .redirectErrorStream(true);
      up.environment().put("NODES", String.valueOf(NODES));
      up.environment().put("HOLD", "yes");
      var cluster = new Cluster(scripts, directory, up.start());
      cluster.load(images());
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path awaitKubeconfig() throws IOException {
    var output = new StringBuilder();
    var reader = process.inputReader(StandardCharsets.UTF_8);
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      output.append(line).append('\n');
      if (line.endsWith(".kubeconfig")) {
        return Path.of(line);
      }
    }
    throw new IllegalStateException("up.sh has started no cluster:\n" + output);
  }

  private static List<Path> images() {
    return Stream.of("operator", "trainer", "inference")
        .map(n -> IMAGES.resolve("besorol-" + n + ".tar"))
        .toList();
  }

  /**
   * Puts the images into every node under another tag as well.
   *
   * @param tag as long as {@value #TAG}, for which it stands in the archives
   */
  void loadAs(String tag) throws IOException {
    var renamed = new ArrayList<Path>();
    for (var image : images()) {
      var bytes = new String(Files.readAllBytes(image), StandardCharsets.ISO_8859_1);
      var name = ":" + TAG + "\"";
      assertThat(bytes).as("index.json of %s", image).contains(name);
      var copy = directory.resolve(image.getFileName());
      Files.writeString(copy, bytes.replace(name, ":" + tag + "\""), StandardCharsets.ISO_8859_1);
      renamed.add(copy);
    }
    load(renamed);
  }

  private void load(List<Path> archives) {
    var command = new ArrayList<>(List.of(scripts.resolve("load-image.sh").toString()));
    command.add(directory.resolve("state").toString());
    archives.forEach(a -> command.add(a.toString()));
    run(command);
  }

  /** Whether there is a script of that name beside those that every cluster needs. */
  boolean hasScript(String name) {
    return Files.exists(scripts.resolve(name));
  }

  /** Runs such a script for this cluster. */
  void script(String name) {
    run(List.of(scripts.resolve(name).toString(), directory.resolve("state").toString()));
  }

  /** A client with all rights. */
  KubernetesClient client() {
    return client;
  }

  /** Runs kubectl; gives what it printed, and fails with it if it fails. */
  String kubectl(String... arguments) {
    var kubectl = KubernetesBinaries.find().flatMap(KubernetesBinaries::kubectl);
    var command = new ArrayList<String>();
    command.add(kubectl.map(Path::toString).orElse("kubectl"));
    command.add("--kubeconfig=" + kubeconfig);
    command.add("--cache-dir=" + directory.resolve("cache"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** The path of an overlay of this checkout. */
  static String overlay(String name) {
    return REPOSITORY.resolve("kubernetes/overlays").resolve(name).toString();
  }

  /** Applies a kustomization, which must warn of nothing. */
  void apply(String kustomization) {
    afterwards(() -> delete(kustomization));
    assertThat(kubectl("apply", "-k", kustomization)).doesNotContain("Warning");
  }

  /** Applies an overlay and waits until the operator is ready. */
  void install(String overlay) {
    apply(overlay);
    kubectl("rollout", "status", "-n", "besorol", "deployment/besorol-operator", "--timeout=4m");
  }

  /** Deletes a kustomization and waits until it is gone. */
  void delete(String kustomization) {
    kubectl("delete", "-k", kustomization, "--ignore-not-found", "--timeout=2m");
  }

  /** What is to be done when the test has ended, the last first. */
  void afterwards(Runnable action) {
    undo.push(action);
  }

  /** Leaves it as empty as it was before the test; what fails does not keep the rest from it. */
  void clean() {
    var failures = new ArrayList<Throwable>();
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (RuntimeException | AssertionError e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      var all =
          new AssertionError("The cluster cannot be cleaned: " + failures, failures.removeFirst());
      failures.forEach(all::addSuppressed);
      throw all;
    }
  }

  /** Runs a program of this machine; gives what it printed, and fails with it if it fails. */
  static String program(String... command) {
    return run(List.of(command));
  }

  /** A kustomization around a directory of this machine, written to a new directory. */
  String kustomization(String name, Path resource, String rest) throws IOException {
    var target = directory("manifests/" + name).toRealPath();
    Files.writeString(
        target.resolve("kustomization.yaml"),
        "resources:\n  - %s\n%s".formatted(target.relativize(resource.toRealPath()), rest));
    return target.toString();
  }

  /** A directory on the nodes, for a test's files. */
  Path directory(String name) throws IOException {
    return Files.createDirectories(directory.resolve("volumes").resolve(name));
  }

  /** A directory on the nodes where there is room for {@value #SMALL_SIZE} in all. */
  Path smallDirectory(String name) throws IOException {
    return Files.createDirectories(directory.resolve(SMALL).resolve(name));
  }

  /** The processes and the network of it. */
  Machinery machinery() {
    return new Machinery(directory.resolve("state"));
  }

  private static String run(List<String> command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError("%s failed:%n%s".formatted(String.join(" ", command), output));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Everything that a person would look at when a test has failed. */
  String describe() {
    var text =
        new StringBuilder(
            kubectl(
                "get",
                "nodes,trun,cmodel,jobs,deployments,pods,pvc",
                "-A",
                "-o",
                "wide",
                "--ignore-not-found"));
    text.append(kubectl("get", "events", "-A", "--sort-by=.lastTimestamp"));
    for (var pod : client.pods().inAnyNamespace().list().getItems()) {
      text.append(logs(pod));
    }
    return text.toString();
  }

  private String logs(Pod pod) {
    var metadata = pod.getMetadata();
    try {
      return "%n== %s/%s%n%s"
          .formatted(
              metadata.getNamespace(),
              metadata.getName(),
              client
                  .pods()
                  .inNamespace(metadata.getNamespace())
                  .withName(metadata.getName())
                  .tailingLines(LINES_OF_LOGS)
                  .getLog());
    } catch (KubernetesClientException e) {
      return "%n== %s: %s".formatted(metadata.getName(), e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(MINUTES_TO_END, TimeUnit.MINUTES)) {
        process.destroy();
        throw new IllegalStateException(
            "up.sh does not take the cluster of %s down".formatted(directory));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
    run(List.of("umount", directory.resolve(SMALL).toString()));
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    }
  }
}
