package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.trainer.job.PodJob;
import hu.mtmt.besorol.trainer.progress.ProgressPrinter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code besorol job}, the entry point of a pod. */
@Command(
    name = "job",
    description = "What a pod runs: does what /etc/besorol/plan.json says.",
    footer = {
      "",
      "Serves its progress at GET /progress and /metrics on PORT (8080), writes its result to",
      "/dev/termination-log, and ends with the exit code that the result's failure stands for. On",
      "SIGTERM it writes a checkpoint and ends with 75. Hosts that may be read from are named in",
      "BESOROL_ALLOWED_HOSTS, separated by commas. Several processes train together if each is"
          + " told",
      "BESOROL_RANK, BESOROL_WORLD_SIZE, and at BESOROL_RENDEZVOUS host and port of rank 0."
    })
public final class JobCommand implements Callable<Integer> {
  private final Console console;

  public JobCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.stop().watch();
    var log = new ProgressPrinter(console.err(), false);
    return new PodJob(console.environment(), console.clock(), console.stop(), console.err(), log)
        .run()
        .map(JobResult::failure)
        .map(failure -> failure.kind().exitCode())
        .orElse(0);
  }
}
