package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.EvaluationPlan;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.contract.PruneResult;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.trainer.data.Download;
import hu.mtmt.besorol.trainer.data.PodSources;
import hu.mtmt.besorol.trainer.progress.ProgressServer;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a pod does: reads its plan from {@value JobPlan#PATH}, works, serves its progress meanwhile,
 * and leaves the result in {@value JobResult#PATH}. All paths are those of the container.
 */
public final class PodJob {
  private final Map<String, String> environment;
  private final ContainerPaths paths;
  private final Clock clock;
  private final BooleanSupplier cancelled;
  private final PrintStream log;
  private final Consumer<Progress> observer;

  /**
   * @param environment of the process
   * @param cancelled whether to stop
   * @param log where people read what happens
   * @param observer is told how far it is
   */
  public PodJob(
      Map<String, String> environment,
      Clock clock,
      BooleanSupplier cancelled,
      PrintStream log,
      Consumer<Progress> observer) {
    this.environment = Map.copyOf(environment);
    this.paths = ContainerPaths.of(environment);
    this.clock = clock;
    this.cancelled = cancelled;
    this.log = log;
    this.observer = observer;
  }

  /** Does the work and reports the result; failures are results too. */
  public JobResult run() {
    var result = result();
    if (result.failure() != null) {
      log.println(result.failure().kind().written() + ": " + result.failure().message());
    }
    report(result);
    return result;
  }

  private JobResult result() {
    JobPlan plan;
    try {
      plan = ContractJson.read(paths.resolve(JobPlan.PATH), JobPlan.class);
    } catch (BesorolException e) {
      return TrainingResult.failed(Failures.of(e));
    }
    var progress =
        plan instanceof TrainingPlan
            ? ProgressTracker.ofTraining(clock, observer)
            : ProgressTracker.ofEvaluation(clock, observer);
    try (var server = new ProgressServer(port(), progress::current)) {
      log.println("Progress is served on port %d.".formatted(server.port()));
      return work(plan, progress);
    } catch (OutOfMemoryError | RuntimeException e) {
      return failed(plan, Failures.of(e), e);
    }
  }

  private JobResult work(JobPlan plan, ProgressTracker progress) {
    var context =
        new JobContext(
            Runtime.getRuntime().availableProcessors(), clock, progress, cancelled, log::println);
    try (var sources = new PodSources(paths, download())) {
      return switch (plan) {
        case TrainingPlan training -> train(training, sources, context);
        case EvaluationPlan evaluation ->
            new EvaluationJob(sources, context).run(evaluation, store(evaluation));
        case PrunePlan prune -> PruneJob.run(prune, store(prune));
      };
    }
  }

  private TrainingResult train(TrainingPlan plan, PodSources sources, JobContext context) {
    if (plan.holdout() == null) {
      throw BesorolException.plan(
          "holdout is missing: gates need to know how good the version is, so write where its"
              + " frozen documents are.");
    }
    var checkpoints = plan.checkpoints() == null ? null : paths.resolve(plan.checkpoints());
    return new TrainingJob(sources, context)
        .run(plan, new TrainingJob.Places(store(plan), null, checkpoints))
        .result();
  }

  private Path store(JobPlan plan) {
    if (plan.store() == null) {
      throw BesorolException.plan(
          "store is missing: write the directory in which the model's packages lie.");
    }
    return paths.resolve(plan.store());
  }

  private Download download() {
    var client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
    return new Download(
        client,
        Download.allowedHosts(environment.get(Download.ALLOWED_HOSTS)),
        Download.MAXIMUM_BYTES,
        Path.of(System.getProperty("java.io.tmpdir")));
  }

  private int port() {
    var port = environment.get("PORT");
    if (port == null || port.isBlank()) {
      return Progress.PORT;
    }
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      throw BesorolException.plan(
          "PORT must be a number from 0 to 65535, not '%s'.".formatted(port));
    }
    return Integer.parseInt(port);
  }

  private JobResult failed(JobPlan plan, Failure failure, Throwable thrown) {
    if (failure.kind() == FailureKind.PROGRAM_FAILED) {
      thrown.printStackTrace(log);
    }
    return switch (plan) {
      case TrainingPlan _ -> TrainingResult.failed(failure);
      case EvaluationPlan evaluation -> new EvaluationResult(evaluation.version(), null, failure);
      case PrunePlan _ -> new PruneResult(null, failure);
    };
  }

  /** Should the message be lost, the result is at least in the log. */
  private void report(JobResult result) {
    var message = TerminationMessage.of(result);
    var file = paths.resolve(JobResult.PATH);
    try {
      Files.write(file, message);
    } catch (IOException e) {
      log.println("The result cannot be written to %s (%s): it follows.".formatted(file, e));
      log.println(new String(message, StandardCharsets.UTF_8));
    }
  }
}
