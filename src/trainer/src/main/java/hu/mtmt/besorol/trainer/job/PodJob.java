package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.EvaluationPlan;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.contract.ProcessGroup;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.contract.PruneResult;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.trainer.data.Download;
import hu.mtmt.besorol.trainer.data.PodSources;
import hu.mtmt.besorol.trainer.progress.ProgressServer;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import hu.mtmt.besorol.trainer.team.FollowingTeam;
import hu.mtmt.besorol.trainer.team.LeadingTeam;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

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

  /**
   * Does the work and reports the result; failures are results too. Of a group of processes rank 0
   * alone has a result, the others at most a failure.
   */
  public Optional<JobResult> run() {
    var result = result();
    result
        .map(JobResult::failure)
        .ifPresent(failure -> log.println(failure.kind().written() + ": " + failure.message()));
    result.ifPresent(this::report);
    return result;
  }

  private Optional<JobResult> result() {
    JobPlan plan;
    try {
      plan = ContractJson.read(paths.resolve(JobPlan.PATH), JobPlan.class);
    } catch (BesorolException e) {
      return Optional.of(TrainingResult.failed(Failures.of(e)));
    }
    var progress =
        plan instanceof TrainingPlan
            ? ProgressTracker.ofTraining(clock, observer)
            : ProgressTracker.ofEvaluation(clock, observer);
    try (var server = new ProgressServer(port(), progress::current)) {
      log.println("Progress is served on port %d.".formatted(server.port()));
      return work(plan, progress);
    } catch (OutOfMemoryError | RuntimeException e) {
      return Optional.of(failed(plan, Failures.of(e), e, progress.current().footprint()));
    }
  }

  private Optional<JobResult> work(JobPlan plan, ProgressTracker progress) {
    var group = group(plan);
    var context =
        new JobContext(
            Runtime.getRuntime().availableProcessors(), clock, progress, cancelled, log::println);
    try (var sources = new PodSources(paths, download());
        var store =
            PodStore.open(
                plan, group, environment.get(PodStore.CACHE), paths, clock, context.notes())) {
      return switch (plan) {
        case TrainingPlan training -> train(training, group, sources, store, context);
        case EvaluationPlan evaluation ->
            Optional.of(new EvaluationJob(sources, context).run(evaluation, store.store()));
        case PrunePlan prune -> Optional.of(PruneJob.run(prune, store.store()));
      };
    }
  }

  private ProcessGroup group(JobPlan plan) {
    var group = ProcessGroup.of(environment);
    if (plan instanceof TrainingPlan training) {
      group.requireTrains(training.algorithm());
    } else if (group.worldSize() > 1) {
      throw BesorolException.plan(
          "%s is %d, but only trainings are shared among processes: leave it out."
              .formatted(ProcessGroup.WORLD_SIZE, group.worldSize()));
    }
    return group;
  }

  private static Optional<JobResult> train(
      TrainingPlan plan,
      ProcessGroup group,
      PodSources sources,
      PodStore store,
      JobContext context) {
    if (plan.holdout() == null) {
      throw BesorolException.plan(
          "holdout is missing: gates need to know how good the version is, so write where its"
              + " frozen documents are.");
    }
    var job = new TrainingJob(sources, context);
    if (group.worldSize() == 1) {
      return Optional.of(job.run(plan, places(sources, store, List.of())).result());
    }
    var version = ProgramVersion.current();
    if (group.leads()) {
      try (var team = LeadingTeam.of(group, plan, version, context.clock(), context.cancelled())) {
        var places = places(sources, store, List.of(team.directory()));
        var result = job.run(plan, places, team).result();
        team.dismiss();
        return Optional.of(result);
      }
    }
    try (var team = FollowingTeam.of(group, plan, version, context.clock(), context.cancelled())) {
      job.assist(plan, places(sources, store, List.of()), team);
      return Optional.empty();
    }
  }

  private static TrainingJob.Places places(
      PodSources sources, PodStore store, List<Path> exchanged) {
    var disk =
        new NodeDisk(
            () ->
                Stream.of(sources.fetched(), store.copies(), exchanged)
                    .flatMap(List::stream)
                    .toList(),
            temporary());
    return new TrainingJob.Places(store.store(), null, store.checkpoints(), Optional.of(disk));
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
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
        temporary());
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

  private JobResult failed(JobPlan plan, Failure failure, Throwable thrown, Footprint footprint) {
    if (failure.kind() == FailureKind.PROGRAM_FAILED) {
      thrown.printStackTrace(log);
    }
    return switch (plan) {
      case TrainingPlan _ -> TrainingResult.failed(failure, footprint);
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
