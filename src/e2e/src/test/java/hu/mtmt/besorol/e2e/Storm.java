package hu.mtmt.besorol.e2e;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.testkit.SteadyClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Runs train and two models answer, while one thing after another breaks. In the end everything
 * must be as if nothing had broken.
 */
final class Storm {
  private static final int RUNS_AT_ONE_TIME = 5;
  private static final int PER_SECOND = 50;
  private static final int SECONDS_AWAY = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final List<Integer> SEEDS = List.of(42, 7, 8);

  /** A run may lose so many pods by our hand: far fewer than it may be tried again. */
  private static final int KILLS = 3;

  private static final String RUN = "backoffLimit: 20\n";

  /** Nodes this small have no room for the pods of many versions. */
  private static final String SERVING =
      """
      - {op: replace, path: /spec/serving/replicas/minimum, value: 2}
      - {op: add, path: /spec/serving/rollout, value: {keepPreviousSeconds: 10}}
      """;

  private final Cluster cluster;
  private final KubernetesClient client;
  private final Machinery machinery;
  private final int nodes;
  private final Duration pause;
  private final List<Workspace> workspaces = new ArrayList<>();
  private final Map<String, Integer> kills = new HashMap<>();
  private final Map<String, Set<String>> jobs = new TreeMap<>();
  private final Set<String> violations = new LinkedHashSet<>();
  private volatile boolean blowing = true;
  private int created;

  /**
   * @param nodes how many the cluster has
   * @param pause how long it may take until everything is whole again before the next thing breaks
   */
  Storm(Cluster cluster, int nodes, Duration pause) {
    this.cluster = cluster;
    this.client = cluster.client();
    this.machinery = cluster.machinery();
    this.nodes = nodes;
    this.pause = pause;
  }

  /**
   * What came of it.
   *
   * @param runs that were begun
   * @param answers that carried the version that made them
   * @param repeatedRequests how often a client repeated a request that was not answered, or was
   *     told to ask again
   * @param failedRequests those that repeating did not help, in words
   * @param violations of what must always hold, in words
   */
  record Report(
      int runs,
      long answers,
      long repeatedRequests,
      List<String> failedRequests,
      List<String> violations) {}

  /** Lets all this break, one after the other. */
  Report blow(List<Fault> faults) throws Exception {
    cluster.install(Cluster.overlay("dev"));
    for (var name : List.of("storm-a", "storm-b")) {
      workspaces.add(Workspace.create(cluster, name, cluster.smallDirectory(name)));
    }
    workspaces.forEach(w -> w.applyQuickstart(SERVING));
    var first = new HashMap<Workspace, String>();
    for (var workspace : workspaces) {
      first.put(workspace, workspace.awaitVersion("quickstart-1"));
      workspace.awaitServing(first.get(workspace));
      await("both replicas of " + workspace.namespace(), () -> ready(workspace).size() == 2);
    }
    var clients = new ArrayList<SteadyClient>();
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try {
      for (var workspace : workspaces) {
        var asking = SteadyClient.startPatient(workspace.url(), Workspace.document(), PER_SECOND);
        clients.add(asking);
        asking.awaitAnswersOf(first.get(workspace), PER_SECOND);
      }
      clock.scheduleWithFixedDelay(() -> watch(workspaces), 0, 500, TimeUnit.MILLISECONDS);
      await("runs", () -> created >= RUNS_AT_ONE_TIME);
      for (int i = 0; i < faults.size(); i++) {
        await("the API server", () -> client.nodes().list() != null);
        System.err.printf("%s %3d %s%n", Instant.now(), i + 1, hit(faults.get(i)));
        holds(pause, this::isWhole);
      }
      blowing = false;
      await("every run to end", () -> runs().allMatch(Storm::hasEnded));
      check(clients);
      return new Report(
          created,
          clients.stream().mapToLong(SteadyClient::answers).sum(),
          clients.stream().mapToLong(SteadyClient::repeated).sum(),
          clients.stream().flatMap(c -> c.failures().stream()).toList(),
          List.copyOf(violations));
    } finally {
      blowing = false;
      clock.shutdownNow();
      clients.forEach(SteadyClient::close);
    }
  }

  /** Breaks something; says what. */
  private String hit(Fault fault) throws Exception {
    int node = fault.choose(Stream.iterate(1, n -> n <= nodes, n -> n + 1).toList());
    return switch (fault.kind()) {
      case KILL_OPERATOR -> kill("operator", fault, running("besorol", "besorol-operator"));
      case KILL_TRAINER -> kill("trainer", fault, trainers());
      case KILL_INFERENCE ->
          kill(
              "inference",
              fault,
              workspaces.stream()
                  .map(this::ready)
                  .filter(pods -> pods.size() > 1)
                  .flatMap(List::stream)
                  .toList());
      case KILL_KUBELET -> {
        machinery.replaceKubelet(node, 1);
        yield "kubelet of node " + node;
      }
      case KILL_CONTAINERD -> {
        machinery.replaceContainerd(node, 1);
        yield "containerd of node " + node;
      }
      case KILL_API_SERVER -> {
        machinery.replaceControlPlane("apiserver", SECONDS_AWAY);
        yield "kube-apiserver, away for %d s".formatted(SECONDS_AWAY);
      }
      case KILL_ETCD -> {
        machinery.replaceControlPlane("etcd", 1);
        yield "etcd";
      }
      case CUT_NETWORK -> {
        // Requests from this machine reach services by way of the first node.
        int other = nodes == 1 ? 1 : 2 + fault.draw() % (nodes - 1);
        machinery.cutNetwork(other, SECONDS_AWAY);
        yield "network of node %d, cut for %d s".formatted(other, SECONDS_AWAY);
      }
      case FILL_STORE -> {
        fillStore();
        yield "store, full for %d s".formatted(SECONDS_AWAY);
      }
    };
  }

  private String kill(String what, Fault fault, List<Pod> candidates) {
    if (candidates.isEmpty()) {
      return "no %s runs that could be killed".formatted(what);
    }
    var pod = fault.choose(candidates);
    kills.merge(run(pod), 1, Integer::sum);
    machinery.killPod(pod.getMetadata().getUid());
    return "%s %s/%s"
        .formatted(what, pod.getMetadata().getNamespace(), pod.getMetadata().getName());
  }

  private List<Pod> trainers() {
    return workspaces.stream()
        .flatMap(w -> running(w.namespace(), "training").stream())
        .filter(p -> kills.getOrDefault(run(p), 0) < KILLS)
        .toList();
  }

  private static String run(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getLabels().get(Labels.RUN);
  }

  private List<Pod> running(String namespace, String component) {
    return client.pods().inNamespace(namespace).list().getItems().stream()
        .filter(p -> p.getMetadata().getLabels().containsValue(component))
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .filter(p -> "Running".equals(p.getStatus().getPhase()))
        .toList();
  }

  private List<Pod> ready(Workspace workspace) {
    return running(workspace.namespace(), "inference").stream().filter(Storm::isReady).toList();
  }

  private static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private void fillStore() throws IOException, InterruptedException {
    var file = cluster.smallDirectory("").resolve("filler");
    var block = new byte[1 << 20];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      Thread.sleep(1000L * SECONDS_AWAY); // it is full
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Everything that must be there before the next thing breaks. */
  private boolean isWhole() {
    return client.nodes().list().getItems().stream()
            .allMatch(
                n ->
                    n.getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True")))
        && workspaces.stream().allMatch(w -> ready(w).size() >= 2)
        && running("besorol", "besorol-operator").stream().anyMatch(Storm::isReady);
  }

  /**
   * Looks whether something is done twice, and begins runs. What cannot be asked is asked later.
   */
  private void watch(List<Workspace> workspaces) {
    try {
      for (var workspace : workspaces) {
        lookForTwins(workspace);
      }
      long active = runs().filter(r -> !hasEnded(r)).count();
      if (blowing && active < RUNS_AT_ONE_TIME) {
        int n = created;
        workspaces
            .get(n % workspaces.size())
            .applyRun("storm-%03d".formatted(n), SEEDS.get(n % SEEDS.size()), RUN);
        created = n + 1;
      }
    } catch (RuntimeException | AssertionError e) {
      System.err.println("Looked in vain, most likely as the API server is away: " + e);
    }
  }

  private void lookForTwins(Workspace workspace) {
    for (var job :
        client.batch().v1().jobs().inNamespace(workspace.namespace()).list().getItems()) {
      var run = job.getMetadata().getLabels().get(Labels.RUN);
      if (run != null) {
        jobs.computeIfAbsent(workspace.namespace() + "/" + run, r -> new HashSet<>())
            .add(job.getMetadata().getUid());
      }
    }
    var training = new HashMap<String, Integer>();
    running(workspace.namespace(), "training")
        .forEach(p -> training.merge(run(p), 1, Integer::sum));
    training.forEach(
        (run, pods) -> {
          if (pods > 1) {
            violations.add("%d pods train for %s at one time".formatted(pods, run));
          }
        });
  }

  private Stream<TrainingRun> runs() {
    return workspaces.stream()
        .flatMap(
            w ->
                client
                    .resources(TrainingRun.class)
                    .inNamespace(w.namespace())
                    .list()
                    .getItems()
                    .stream());
  }

  private static boolean hasEnded(TrainingRun run) {
    return is(run, Type.COMPLETE) || is(run, Type.FAILED);
  }

  private static boolean is(TrainingRun run, Type type) {
    return run.getStatus() != null
        && run.getStatus().conditions().stream()
            .anyMatch(c -> c.getType().equals(type.written()) && c.getStatus().equals("True"));
  }

  private void check(List<SteadyClient> clients) {
    var bySeed = new HashMap<Integer, Set<String>>();
    runs()
        .forEach(
            run -> {
              var name = run.getMetadata().getNamespace() + "/" + run.getMetadata().getName();
              if (!is(run, Type.COMPLETE)) {
                violations.add("%s failed: %s".formatted(name, run.getStatus().conditions()));
                return;
              }
              bySeed
                  .computeIfAbsent(run.getSpec().seed().intValue(), s -> new HashSet<>())
                  .add(run.getStatus().result().version());
              int uids = jobs.getOrDefault(name, Set.of()).size();
              if (uids > 1 + run.getStatus().attempts().size()) {
                violations.add("%s had %d Jobs".formatted(name, uids));
              }
            });
    bySeed.forEach(
        (seed, versions) -> {
          if (versions.size() > 1) {
            violations.add("seed %d gave %s".formatted(seed, versions));
          }
        });
    for (int i = 0; i < workspaces.size(); i++) {
      check(workspaces.get(i), clients.get(i));
    }
  }

  private void check(Workspace workspace, SteadyClient asking) {
    var trained =
        runs()
            .filter(r -> r.getMetadata().getNamespace().equals(workspace.namespace()))
            .filter(r -> is(r, Type.COMPLETE))
            .map(r -> r.getStatus().result().version())
            .toList();
    await(
        "the versions of %s to be recorded".formatted(workspace.namespace()),
        () -> versions(workspace).keySet().containsAll(trained));
    var known = versions(workspace);
    asking.versions().stream()
        .filter(v -> !known.containsKey(v) || known.get(v) == Verdict.REJECTED)
        .forEach(v -> violations.add("%s answered %s".formatted(workspace.namespace(), v)));
    known.keySet().stream()
        .filter(v -> !isInStore(workspace, v))
        .forEach(v -> violations.add("%s is not in the store".formatted(v)));
  }

  private Map<String, Verdict> versions(Workspace workspace) {
    var versions = new HashMap<String, Verdict>();
    workspace
        .get(ClassifierModel.class, "quickstart")
        .getStatus()
        .versions()
        .forEach(v -> versions.put(v.version(), v.verdict()));
    return versions;
  }

  private boolean isInStore(Workspace workspace, String version) {
    try (var files = Files.walk(cluster.smallDirectory(workspace.namespace()))) {
      var hex = version.substring(version.indexOf(':') + 1);
      return files
          .filter(f -> f.endsWith("model.json"))
          .map(Path::getParent)
          .anyMatch(d -> d.toString().contains(hex));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    if (!holds(PATIENCE, condition)) {
      throw new AssertionError("waited %s for %s".formatted(PATIENCE, what));
    }
  }

  /** Whether it holds within that time. */
  private static boolean holds(Duration patience, BooleanSupplier condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        if (condition.getAsBoolean()) {
          return true;
        }
      } catch (KubernetesClientException e) {
        // the API server is away
      }
      if (System.nanoTime() > end) {
        return false;
      }
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
