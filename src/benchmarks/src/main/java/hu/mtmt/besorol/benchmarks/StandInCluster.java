package hu.mtmt.besorol.benchmarks;

import com.sun.net.httpserver.HttpServer;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.PruneResult;
import hu.mtmt.besorol.contract.TrainingResult;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Stands in for the controllers of Jobs and Deployments and for the kubelets of one namespace: it
 * writes what they would into the API server, and runs nothing. Every pod that trains tells the
 * same progress, from this process.
 *
 * <p>The first version of a model is good and comes into service, all others are worse.
 */
final class StandInCluster implements AutoCloseable {
  /** What a plain pod of 4 GiB needs, of which the operator makes its forecasts. */
  private static final Footprint FOOTPRINT = new Footprint(50_000, 1_500, 900, 1_000);

  /** Before something is tried again. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final double GOOD = 0.7;
  private static final double WORSE = 0.5;

  /** What the server adds to the labels of a Job's pods. */
  private static final Set<String> OF_SERVER =
      Set.of(
          "controller-uid",
          "job-name",
          "batch.kubernetes.io/controller-uid",
          "batch.kubernetes.io/job-name");

  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubernetesClient client;
  private final String namespace;
  private final ExecutorService workers;
  private final HttpServer progress;
  private final List<Watch> watches;
  private final AtomicInteger addresses = new AtomicInteger();
  private final Set<String> modelsWithVersion = ConcurrentHashMap.newKeySet();
  private volatile Consumer<Job> training;

  /**
   * Begins to stand in.
   *
   * @param training is told of every Job that is to train
   * @param workers how many things are done at one time
   */
  StandInCluster(KubernetesClient client, String namespace, int workers, Consumer<Job> training)
      throws IOException {
    this.client = client;
    this.namespace = namespace;
    this.training = training;
    this.workers = Executors.newFixedThreadPool(workers);
    this.progress = HttpServer.create(new InetSocketAddress("0.0.0.0", 0), 0);
    var told =
        ContractJson.write(
            new Progress(
                Progress.Stage.TRAINING,
                40,
                2,
                0.25,
                1800,
                Map.of(Metric.STRICT_F1, WORSE),
                FOOTPRINT,
                null,
                Instant.EPOCH));
    progress.createContext(
        Progress.ROUTE,
        exchange -> {
          exchange.sendResponseHeaders(200, told.length);
          try (var body = exchange.getResponseBody()) {
            body.write(told);
          }
        });
    progress.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    progress.start();
    this.watches =
        List.of(
            client
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabel(Labels.MANAGED_BY, Labels.BESOROL)
                .watch(watcher(this::job)),
            client
                .apps()
                .deployments()
                .inNamespace(namespace)
                .watch(watcher((action, d) -> deployment(d))));
  }

  /** From now on told of every Job that is to train. */
  void onTraining(Consumer<Job> training) {
    this.training = training;
  }

  /** Does something beside what is done already; what fails is tried again. */
  void submit(Runnable work) {
    workers.execute(
        () -> {
          try {
            work.run();
          } catch (KubernetesClientException e) { // the server is busy
            if (workers.isShutdown()) {
              return;
            }
            System.err.println("The stand-in tries again: " + e);
            LockSupport.parkNanos(PAUSE.toNanos());
            submit(work);
          } catch (RuntimeException e) {
            e.printStackTrace();
            System.exit(1);
          }
        });
  }

  private void job(Watcher.Action action, Job job) {
    var component = job.getMetadata().getLabels().get(Labels.COMPONENT);
    if (action == Watcher.Action.ADDED && component.equals(Component.TRAINING.value())) {
      training.accept(job);
    } else if (action == Watcher.Action.ADDED) {
      submit(() -> finish(job, new PruneResult(1, null)));
    } else if (action == Watcher.Action.DELETED) {
      submit(
          () ->
              client.pods().inNamespace(namespace).withName(pod(job)).withGracePeriod(0).delete());
    }
  }

  private void deployment(Deployment deployment) {
    var generation = deployment.getMetadata().getGeneration();
    var seen =
        deployment.getStatus() == null ? null : deployment.getStatus().getObservedGeneration();
    if (!generation.equals(seen)) {
      submit(
          () ->
              status(
                  deployment,
                  """
                  observedGeneration: %d
                  replicas: %2$d
                  updatedReplicas: %2$d
                  readyReplicas: %2$d
                  availableReplicas: %2$d
                  conditions:
                  - {type: Progressing, status: "True", reason: NewReplicaSetAvailable, message: "", lastUpdateTime: "%3$s", lastTransitionTime: "%3$s"}
                  """
                      .formatted(generation, deployment.getSpec().getReplicas(), now())));
    }
  }

  /** A Job's pod is created and runs. */
  void start(Job job) {
    int n = addresses.incrementAndGet();
    var ip = "127.%d.%d.%d".formatted(1 + (n >> 16), n >> 8 & 0xff, n & 0xff);
    createPod(job);
    status(
        pods(job),
        """
        phase: Running
        podIP: %1$s
        podIPs: [{ip: %1$s}]
        containerStatuses:
        - {name: besorol, image: x, imageID: x, ready: true, restartCount: 0, state: {running: {startedAt: "%2$s"}}}
        """
            .formatted(ip, now()));
    status(
        job,
        """
        startTime: "%s"
        active: 1
        uncountedTerminatedPods: {}
        """
            .formatted(now()));
  }

  /** A Job of a run is done from its beginning to its end. */
  void train(Job job) {
    createPod(job);
    end(job, result(job), now());
  }

  /**
   * Makes what was left if a run had gone through under another name: the run with its status, its
   * Job and the Job's pod.
   */
  void repeat(TrainingRun done, String name) {
    var original =
        client.batch().v1().jobs().inNamespace(namespace).withName(done.getMetadata().getName());
    var job = anew(original.get(), name);
    var run = client.resource(anew(done, name)).inNamespace(namespace).create();
    status(
        run,
        Serialization.asJson(done.getStatus())
            .replace(version(done.getMetadata().getName()).value(), version(name).value()));
    job.getMetadata().getOwnerReferences().getFirst().setUid(run.getMetadata().getUid());
    job.getSpec().setSelector(null);
    job.getSpec().getTemplate().getMetadata().getLabels().keySet().removeAll(OF_SERVER);
    train(client.resource(job).inNamespace(namespace).create());
  }

  private static <T extends HasMetadata> T anew(T object, String name) {
    @SuppressWarnings("unchecked")
    var type = (Class<T>) object.getClass();
    var renamed = Serialization.asJson(object).replace(object.getMetadata().getName(), name);
    var copy = Serialization.unmarshal(renamed, type);
    copy.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withLabels(copy.getMetadata().getLabels())
            .withAnnotations(copy.getMetadata().getAnnotations())
            .withOwnerReferences(copy.getMetadata().getOwnerReferences())
            .build());
    return copy;
  }

  private static Digest version(String run) {
    return Digest.of(run.getBytes(StandardCharsets.UTF_8));
  }

  /** A Job that was started ends well; gives the time at which the server knows it. */
  long end(Job job) {
    return end(job, result(job), null);
  }

  private void finish(Job job, JobResult result) {
    createPod(job);
    end(job, result, now());
  }

  private void createPod(Job job) {
    var pod = pods(job);
    pod.getSpec()
        .getContainers()
        .getFirst()
        .getPorts()
        .forEach(p -> p.setContainerPort(progress.getAddress().getPort()));
    try {
      client.resource(pod).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private long end(Job job, JobResult told, String started) {
    var message = new String(ContractJson.writeLine(told), StandardCharsets.UTF_8);
    status(
        pods(job),
        """
        phase: Succeeded
        containerStatuses:
        - name: besorol
          image: x
          imageID: x
          ready: false
          restartCount: 0
          state: {terminated: {exitCode: 0, reason: Completed, startedAt: "%1$s", finishedAt: "%1$s", message: %2$s}}
        """
            .formatted(now(), Serialization.asJson(message)));
    status(
        job,
        """
        %s
        active: 0
        completionTime: "%2$s"
        succeeded: 1
        uncountedTerminatedPods: {}
        conditions:
        - {type: SuccessCriteriaMet, status: "True", reason: CompletionsReached, message: x, lastTransitionTime: "%2$s", lastProbeTime: "%2$s"}
        - {type: Complete, status: "True", reason: CompletionsReached, message: x, lastTransitionTime: "%2$s", lastProbeTime: "%2$s"}
        """
            .formatted(started == null ? "" : "startTime: \"%s\"".formatted(started), now()));
    return System.nanoTime();
  }

  private TrainingResult result(Job job) {
    var model = job.getMetadata().getLabels().get(Labels.MODEL);
    double share = modelsWithVersion.add(model) ? GOOD : WORSE;
    var figures = new TreeMap<Metric, Double>();
    for (var metric : Metric.values()) {
      figures.put(metric, metric.unit() == Metric.Unit.SHARE ? share : 12.0);
    }
    return new TrainingResult(
        version(job.getMetadata().getName()),
        new Judgement(
            ScaleResources.HOLDOUT,
            ScaleResources.TAXONOMY,
            ScaleResources.LEVEL,
            new Grades("0.7", "0.4", 1),
            figures,
            List.of()),
        1800,
        FOOTPRINT.documents(),
        FOOTPRINT,
        null);
  }

  private static String pod(Job job) {
    return job.getMetadata().getName() + "-x7k2p";
  }

  private Pod pods(Job job) {
    var template = Serialization.clone(job.getSpec().getTemplate());
    return new PodBuilder()
        .withNewMetadata()
        .withName(pod(job))
        .withNamespace(namespace)
        .withLabels(template.getMetadata().getLabels())
        .addNewOwnerReference()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }

  private void status(HasMetadata object, String yaml) {
    var status = Serialization.unmarshal(yaml, Map.class);
    client
        .resource(object)
        .subresource("status")
        .patch(MERGE, Serialization.asJson(Map.of("status", status)));
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private interface Handler<T> {
    void handle(Watcher.Action action, T object);
  }

  private static <T> Watcher<T> watcher(Handler<T> handler) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, T object) {
        handler.handle(action, object);
      }

      @Override
      public void onClose(WatcherException cause) {
        System.err.println("A watch of the stand-in has ended: " + cause);
      }
    };
  }

  @Override
  public void close() {
    for (var watch : watches) {
      watch.close();
    }
    workers.shutdownNow();
    progress.stop(0);
  }
}
