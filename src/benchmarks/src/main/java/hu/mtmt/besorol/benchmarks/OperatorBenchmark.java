package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Measures the packaged operator beside a real kube-apiserver on this machine: many runs are
 * created at once, and it makes a Job of each; then nothing happens; then it is started again.
 * There are no other controllers, so no Job gets a pod.
 *
 * <p>Arguments: {@code --runs N} (1000), {@code --clients N} that create them (16), {@code --quiet
 * SECONDS} (20), {@code --java OPTION} for the operator's JVM.
 */
final class OperatorBenchmark {
  private static final long PATIENCE_MINUTES = 8;

  private final RealApiServer server;
  private final KubernetesClient client;
  private final String namespace;
  private final Path log;
  private final List<String> options;

  private OperatorBenchmark(RealApiServer server, Path log, List<String> options) {
    this.server = server;
    this.client = server.client();
    this.namespace = server.namespace("benchmark");
    this.log = log;
    this.options = options;
  }

  public static void main(String[] arguments) throws Exception {
    int runs = 1000;
    int clients = 16;
    int quiet = 20;
    var options = new ArrayList<String>();
    for (int i = 0; i < arguments.length; i += 2) {
      var value = arguments[i + 1];
      switch (arguments[i]) {
        case "--runs" -> runs = Integer.parseInt(value);
        case "--clients" -> clients = Integer.parseInt(value);
        case "--quiet" -> quiet = Integer.parseInt(value);
        case "--java" -> options.add(value);
        default -> throw new IllegalArgumentException(arguments[i]);
      }
    }
    var log = Files.createTempFile("operator-benchmark", ".log");
    System.err.println("The operator prints to " + log);
    try (var server = RealApiServer.start()) {
      new OperatorBenchmark(server, log, options).measure(runs, clients, quiet);
    }
  }

  private void measure(int runs, int clients, int quietSeconds) throws Exception {
    System.out.println("| operator | |");
    System.out.println("|---|---:|");
    try (var operator = start()) {
      row("start to ready, s", operator.awaitReady());
      row("its CPU until then, s", operator.cpuSeconds());
      client
          .resource(sample("classifiermodel.yaml", ClassifierModel.class))
          .inNamespace(namespace)
          .create();
      operator.awaitSteady(1);
      row("resident memory with one model, MiB", operator.memory().resident());

      var before = requests();
      double cpuBefore = operator.cpuSeconds();
      row("training runs, created at once by %d clients".formatted(clients), runs);
      double jobsExist = createRuns(runs, clients);
      row("seconds until every Job exists", jobsExist);
      row("runs per second", runs / jobsExist);
      operator.awaitSteady(runs);
      double cpu = operator.cpuSeconds() - cpuBefore;
      var requests = requests().since(before).without("POST trainingruns", runs);
      row("operator's CPU per run, ms", 1000 * cpu / runs);
      row("requests per run", (double) requests.total() / runs);
      row("writes per run", (double) requests.writes() / runs);
      System.err.println("Requests: " + requests);

      var quietSince = requests();
      cpuBefore = operator.cpuSeconds();
      TimeUnit.SECONDS.sleep(quietSeconds);
      var meanwhile = requests().since(quietSince);
      row("writes in %d quiet seconds".formatted(quietSeconds), meanwhile.writes());
      row("CPU in these seconds, s", operator.cpuSeconds() - cpuBefore);
      System.err.println("Requests when quiet: " + meanwhile);
      row("resident memory with all runs, MiB", operator.memory().resident());
      row("most resident memory, MiB", operator.memory().peak());
    }
    var before = requests();
    try (var operator = start()) {
      row("restart to ready, s", operator.awaitReady());
      row("restart until every run was looked at, s", operator.awaitSteady(runs + 1));
      row("its CPU until then, s", operator.cpuSeconds());
      var requests = requests().since(before);
      row("writes after the restart", requests.writes());
      System.err.println("Requests after the restart: " + requests);
      row("resident memory after the restart, MiB", operator.memory().resident());
    }
  }

  private OperatorProcess start() throws IOException {
    return new OperatorProcess(server.kubeconfig(), namespace, options, Map.of(), log);
  }

  private ApiRequests requests() {
    return ApiRequests.of(Samples.parse(client.raw("/metrics")));
  }

  /** Creates the runs; gives the seconds from the first request until the last Job exists. */
  private double createRuns(int runs, int clients) throws Exception {
    var jobs = new CountDownLatch(runs);
    var watcher =
        new Watcher<Job>() {
          @Override
          public void eventReceived(Action action, Job job) {
            if (action == Action.ADDED) {
              jobs.countDown();
            }
          }

          @Override
          public void onClose(WatcherException cause) {
            System.err.println("The watch of the Jobs has ended: " + cause);
          }
        };
    var spec = sample("trainingrun.yaml", TrainingRun.class).getSpec();
    try (var _ = client.batch().v1().jobs().inNamespace(namespace).watch(watcher);
        var executor = Executors.newFixedThreadPool(clients)) {
      long start = System.nanoTime();
      var created = new ArrayList<Future<?>>();
      for (int i = 0; i < runs; i++) {
        var run = new TrainingRun();
        run.setMetadata(new ObjectMetaBuilder().withName("run-%04d".formatted(i)).build());
        run.setSpec(spec);
        created.add(executor.submit(() -> client.resource(run).inNamespace(namespace).create()));
      }
      for (var one : created) {
        one.get();
      }
      row("seconds to create them", (System.nanoTime() - start) / 1e9);
      if (!jobs.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        throw new IllegalStateException(
            "%d of %d Jobs do not exist after %d minutes: see %s"
                .formatted(jobs.getCount(), runs, PATIENCE_MINUTES, log));
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private static <R> R sample(String file, Class<R> type) throws IOException {
    var samples = KubernetesBinaries.repository().resolve("kubernetes/samples/quickstart");
    return Serialization.unmarshal(Files.readString(samples.resolve(file)), type);
  }

  private static void row(String what, Object value) {
    var format = value instanceof Double ? "| %s | %.1f |%n" : "| %s | %,d |%n";
    System.out.printf(Locale.ROOT, format, what, value);
  }
}
