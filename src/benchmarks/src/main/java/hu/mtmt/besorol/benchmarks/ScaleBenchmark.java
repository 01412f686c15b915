package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.api.Conditions;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Measures the packaged operator with many runs and models beside a real kube-apiserver: what it
 * admits, how soon a status tells what happened, what it asks of the server, and what it needs. A
 * {@link StandInCluster} does what other controllers and kubelets would.
 *
 * <p>Arguments: {@code --finished RUNS} (10000), of which {@code --through RUNS} (1000) go through
 * before the eyes of the operator and the others are copies of those, {@code --active RUNS} (1000),
 * {@code --models N} (200), {@code --idle MINUTES} (10), {@code --rate COMPLETIONS} per second
 * while the lag of the status is measured (5), {@code --clients N} that create runs (8), {@code
 * --java OPTION} for the operator's JVM.
 */
final class ScaleBenchmark {
  private static final int PATIENCE_MINUTES = 15;
  private static final int LAG_SECONDS = 40;

  /** So many runs are on their way at most while finished ones are made. */
  private static final int MOST_UNFINISHED = 200;

  /** What Kueue's own performance test admits per second: 15,000 workloads in 351 s. */
  private static final double KUEUE = 42.7;

  private static final int KILLED = 9;

  private final RealApiServer server;
  private final KubernetesClient client;
  private final String namespace;
  private final Path log;
  private final Map<String, Integer> sizes;
  private final List<String> options;

  private ScaleBenchmark(
      RealApiServer server, Path log, Map<String, Integer> sizes, List<String> options) {
    this.server = server;
    this.client = server.client();
    this.namespace = server.namespace("scale");
    this.log = log;
    this.sizes = sizes;
    this.options = options;
  }

  public static void main(String[] arguments) throws Exception {
    var sizes =
        new ConcurrentHashMap<>(
            Map.of(
                "--finished",
                10_000,
                "--through",
                1_000,
                "--active",
                1_000,
                "--models",
                200,
                "--idle",
                10,
                "--rate",
                5,
                "--clients",
                8));
    var options = new ArrayList<String>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (arguments[i].equals("--java")) {
        options.add(arguments[i + 1]);
      } else if (sizes.replace(arguments[i], Integer.parseInt(arguments[i + 1])) == null) {
        throw new IllegalArgumentException(arguments[i]);
      }
    }
    var log = Files.createTempFile(Path.of("/tmp"), "scale-benchmark", ".log");
    System.err.println("The operator prints to " + log);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () ->
                    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
    try (var server = RealApiServer.start()) {
      new ScaleBenchmark(server, log, sizes, options).measure();
    }
  }

  private int size(String option) {
    return sizes.get("--" + option);
  }

  private void measure() throws Exception {
    int finished = size("finished");
    int through = Math.min(finished, size("through"));
    int active = size("active");
    int models = size("models");
    System.out.println("| operator at scale | |");
    System.out.println("|---|---:|");
    row("models", models);
    double plain = plainJobs(active);
    // One waits with a machine that it never gives back, so that the others wait for machines.
    client.resource(ScaleResources.flavors(active)).inNamespace(namespace).create();
    var told = new Told();
    try (var _ = client.resources(TrainingRun.class).inNamespace(namespace).watch(told);
        var cluster = new StandInCluster(server.newClient(), namespace, 4, job -> {})) {
      var started = new ConcurrentHashMap<String, Job>();
      try (var operator = start()) {
        operator.awaitReady();
        create(models, i -> ScaleResources.model(model(i)));
        operator.awaitSteady(models);
        row("resident memory with the models, MiB", operator.memory().resident());
        finish(operator, cluster, told, through, models);
        row("resident memory after them, MiB", operator.memory().resident());
      }
      repeat(cluster, finished - through);
      row("runs that have ended", finished);
      try (var operator = start()) {
        operator.awaitReady();
        operator.awaitSteady(models);
        row("resident memory with the ended runs, MiB", operator.memory().resident());
        double rate = admit(operator, cluster, told, started, finished, active, models);
        row("admitted by Besorol's queue per second", rate);
        row("pods of plain Jobs that kube-controller-manager creates per second", plain);
        row("ratio to it", rate / plain);
        row("ratio to what Kueue publishes (%.1f/s)".formatted(KUEUE), rate / KUEUE);
        run(operator, cluster, told, started.values());
        idle(operator);
      }
      restart(cluster, told, started, active, models);
    }
  }

  private static String model(int i) {
    return "model-%03d".formatted(i);
  }

  /** How many pods a second the Job controller creates for plain Jobs that wait for it. */
  private double plainJobs(int jobs) throws Exception {
    var program =
        KubernetesBinaries.find().map(b -> b.directory().resolve("kube-controller-manager"));
    if (program.filter(Files::isExecutable).isEmpty()) {
      return Double.NaN;
    }
    var plain = server.namespace("plain");
    var manager =
        new ProcessBuilder(
                program.get().toString(),
                "--kubeconfig=" + server.kubeconfig(),
                "--controllers=job-controller",
                "--leader-elect=false",
                "--secure-port=0",
                "--kube-api-qps=1000",
                "--kube-api-burst=2000",
                "--concurrent-job-syncs=16")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      client.resource(ScaleResources.plainJob("first")).inNamespace(plain).create();
      var first = new CountDownLatch(1);
      var all = new CountDownLatch(jobs + 1);
      try (var _ =
          client
              .pods()
              .inNamespace(plain)
              .watch(
                  added(
                      (Pod _) -> {
                        first.countDown();
                        all.countDown();
                      }))) {
        await(first, "the first pod of a plain Job");
        signal(manager, "STOP");
        create(plain, jobs, i -> ScaleResources.plainJob("plain-%05d".formatted(i)));
        long start = System.nanoTime();
        signal(manager, "CONT");
        await(all, "the pods of all plain Jobs");
        return jobs / seconds(start);
      }
    } finally {
      manager.destroy();
      if (!manager.waitFor(KILLED, TimeUnit.SECONDS)) {
        manager.destroyForcibly();
      }
      client.batch().v1().jobs().inNamespace(plain).delete();
      client.pods().inNamespace(plain).withGracePeriod(0).delete();
    }
  }

  private static void signal(Process process, String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  /** Runs go through from their creation to a version that is judged. */
  private void finish(
      OperatorProcess operator, StandInCluster cluster, Told told, int runs, int models)
      throws Exception {
    var complete = told.expect(runs);
    cluster.onTraining(job -> cluster.submit(() -> cluster.train(job)));
    var room = new Semaphore(MOST_UNFINISHED);
    told.onComplete = room::release;
    var requests = requests();
    double cpu = operator.cpuSeconds();
    long start = System.nanoTime();
    create(
        runs,
        i -> {
          room.acquireUninterruptibly();
          return ScaleResources.run("done-%05d".formatted(i), model(i % models), i);
        });
    await(complete, "every run to be complete");
    double rate = runs / seconds(start);
    cluster.onTraining(job -> {});
    operator.awaitSteady(1);
    var meanwhile = requests().since(requests);
    row("runs that go through", runs);
    row("created, admitted, trained by the stand-in and finished per second", rate);
    row("operator's CPU per run, ms", 1000 * (operator.cpuSeconds() - cpu) / runs);
    row("requests of all to the server per run", (double) meanwhile.total() / runs);
    System.err.println("Requests while runs went through: " + meanwhile);
  }

  /** Many more went through before, while nobody measured. */
  private void repeat(StandInCluster cluster, int runs) throws Exception {
    var done = client.resources(TrainingRun.class).inNamespace(namespace).list().getItems();
    inParallel(runs, i -> cluster.repeat(done.get(i % done.size()), "copy-%05d".formatted(i)));
  }

  /** Runs wait; then there are machines for all. */
  private double admit(
      OperatorProcess operator,
      StandInCluster cluster,
      Told told,
      Map<String, Job> started,
      int from,
      int runs,
      int models)
      throws Exception {
    nodes(1);
    var first = new CountDownLatch(1);
    var all = new CountDownLatch(runs);
    cluster.onTraining(
        job -> {
          started.put(job.getMetadata().getName(), job);
          first.countDown();
          all.countDown();
        });
    create(1, _ -> ScaleResources.run("active-00000", model(0), from));
    await(first, "the Job of the run that keeps the others waiting");
    var queued = told.expectQueued(runs - 1);
    create(
        runs - 1,
        i ->
            ScaleResources.run(
                "active-%05d".formatted(i + 1), model((i + 1) % models), from + i + 1));
    await(queued, "the runs to wait");
    operator.awaitSteady(1);
    var requests = requests();
    var reconciliations = operator.reconciliations();
    double cpu = operator.cpuSeconds();
    long start = System.nanoTime();
    nodes(runs);
    await(all, "the Jobs of all runs");
    double rate = (runs - 1) / seconds(start);
    operator.awaitSteady(1);
    var meanwhile = requests().since(requests);
    row("runs that wait and are admitted at once", runs - 1);
    row("operator's CPU per admission, ms", 1000 * (operator.cpuSeconds() - cpu) / (runs - 1));
    row("requests per admission", (double) meanwhile.total() / (runs - 1));
    row(
        "requests per reconciliation",
        meanwhile.total() / (operator.reconciliations() - reconciliations));
    System.err.println("Requests while admitting: " + meanwhile);
    return rate;
  }

  private void run(OperatorProcess operator, StandInCluster cluster, Told told, Iterable<Job> jobs)
      throws Exception {
    var training = told.expectTraining(size("active"));
    jobs.forEach(job -> cluster.submit(() -> cluster.start(job)));
    await(training, "the active runs to train");
    operator.awaitSteady(1);
    row("active runs, whose pods tell their progress", size("active"));
  }

  private void idle(OperatorProcess operator) throws Exception {
    int minutes = size("idle");
    TimeUnit.SECONDS.sleep(10);
    var before = requests();
    double cpu = operator.cpuSeconds();
    TimeUnit.MINUTES.sleep(minutes);
    var meanwhile = requests().since(before);
    row("writes in %d idle minutes".formatted(minutes), meanwhile.writes());
    row("its CPU in these minutes, s", operator.cpuSeconds() - cpu);
    System.err.println("Requests when idle: " + meanwhile);
    row("resident memory after them, MiB", operator.memory().resident());
    row("most resident memory, MiB", operator.memory().peak());
  }

  private void restart(
      StandInCluster cluster, Told told, Map<String, Job> started, int active, int models)
      throws Exception {
    var before = requests();
    try (var operator = start()) {
      row("restart to ready, s", operator.awaitReady());
      row("restart to steady, s", operator.awaitSteady(active + models));
      row("its CPU until then, s", operator.cpuSeconds());
      TimeUnit.SECONDS.sleep(5);
      var requests = requests().since(before);
      row("writes after the restart", requests.writes());
      System.err.println("Requests after the restart: " + requests);
      row("resident memory after the restart, MiB", operator.memory().resident());
      lag(cluster, told, started);
      row("most resident memory after the restart, MiB", operator.memory().peak());
    }
  }

  /** How long after the server knew of a Job's end the run's status told it. */
  private void lag(StandInCluster cluster, Told told, Map<String, Job> started) throws Exception {
    int rate = size("rate");
    var jobs = started.values().stream().limit((long) rate * LAG_SECONDS).toList();
    var complete = told.expect(jobs.size());
    var ended = new ConcurrentHashMap<String, Long>();
    try (var clock = Executors.newSingleThreadScheduledExecutor()) {
      for (int i = 0; i < jobs.size(); i++) {
        var job = jobs.get(i);
        clock.schedule(
            () -> cluster.submit(() -> ended.put(job.getMetadata().getName(), cluster.end(job))),
            1_000_000L * i / rate,
            TimeUnit.MICROSECONDS);
      }
      await(complete, "the runs to be complete");
    }
    var lags = new ConcurrentHistogram(3);
    ended.forEach(
        (run, time) ->
            lags.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMillis(told.time(run) - time))));
    row("runs that end, %d a second".formatted(rate), jobs.size());
    row("lag of the status, median, ms", lags.getValueAtPercentile(50));
    row("lag of the status, 99th percentile, ms", lags.getValueAtPercentile(99));
  }

  private void nodes(int nodes) {
    client.resource(ScaleResources.flavors(nodes)).inNamespace(namespace).update();
  }

  private OperatorProcess start() throws IOException {
    return new OperatorProcess(
        server.kubeconfig(),
        namespace,
        options,
        Map.of("BESOROL_FLAVORS", ScaleResources.FLAVORS, "BESOROL_NAMESPACE", namespace),
        log);
  }

  private ApiRequests requests() {
    return ApiRequests.of(Samples.parse(client.raw("/metrics")));
  }

  private void create(int count, IntFunction<HasMetadata> objects) throws Exception {
    create(namespace, count, objects);
  }

  private void create(String where, int count, IntFunction<HasMetadata> objects) throws Exception {
    inParallel(count, i -> client.resource(objects.apply(i)).inNamespace(where).create());
  }

  private void inParallel(int count, IntConsumer work) throws Exception {
    var room = new Semaphore(2 * size("clients"));
    try (var executor = Executors.newFixedThreadPool(size("clients"))) {
      var done = new ArrayList<Future<?>>();
      for (int i = 0; i < count; i++) {
        int n = i;
        room.acquire();
        done.add(
            executor.submit(
                () -> {
                  try {
                    work.accept(n);
                  } finally {
                    room.release();
                  }
                }));
      }
      for (var one : done) {
        one.get();
      }
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private void await(CountDownLatch latch, String what) throws InterruptedException {
    if (!latch.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      throw new IllegalStateException(
          "waited %d minutes for %s; %d are missing: see %s"
              .formatted(PATIENCE_MINUTES, what, latch.getCount(), log));
    }
  }

  private interface Added<T> {
    void added(T object);
  }

  private static <T> Watcher<T> added(Added<T> handler) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, T object) {
        if (action == Action.ADDED) {
          handler.added(object);
        }
      }

      @Override
      public void onClose(WatcherException cause) {
        System.err.println("A watch has ended: " + cause);
      }
    };
  }

  private static void row(String what, Object value) {
    var format = value instanceof Double ? "| %s | %.1f |%n" : "| %s | %,d |%n";
    System.out.printf(Locale.ROOT, format, what, value);
  }

  /** What the statuses of runs tell. */
  private static final class Told implements Watcher<TrainingRun> {
    private final Map<String, Long> complete = new ConcurrentHashMap<>();
    private final Map<String, String> reasons = new ConcurrentHashMap<>();
    private volatile Runnable onComplete = () -> {};
    private volatile CountDownLatch toComplete = new CountDownLatch(0);
    private volatile CountDownLatch toQueue = new CountDownLatch(0);
    private volatile CountDownLatch toTrain = new CountDownLatch(0);

    CountDownLatch expect(int runs) {
      return toComplete = new CountDownLatch(runs);
    }

    CountDownLatch expectQueued(int runs) {
      return toQueue = new CountDownLatch(runs);
    }

    CountDownLatch expectTraining(int runs) {
      return toTrain = new CountDownLatch(runs);
    }

    /** When it was told that the run is complete. */
    long time(String run) {
      return complete.get(run);
    }

    @Override
    public void eventReceived(Action action, TrainingRun run) {
      long now = System.nanoTime();
      var conditions =
          run.getStatus() == null ? List.<Condition>of() : run.getStatus().conditions();
      for (var condition : conditions) {
        if (!condition.getType().equals(Conditions.Type.READY.written())) {
          continue;
        }
        var name = run.getMetadata().getName();
        var reason = condition.getReason();
        if (!reason.equals(reasons.put(name, reason))) {
          if (reason.equals(Conditions.Reason.COMPLETE.written())) {
            complete.put(name, now);
            onComplete.run();
            toComplete.countDown();
          } else if (reason.equals(Conditions.Reason.QUEUED.written())) {
            toQueue.countDown();
          } else if (reason.equals(Conditions.Reason.TRAINING.written())) {
            toTrain.countDown();
          }
        }
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      System.err.println("The watch of the runs has ended: " + cause);
    }
  }
}
