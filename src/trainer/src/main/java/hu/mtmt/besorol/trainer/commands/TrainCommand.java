package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.trainer.data.LocalSources;
import hu.mtmt.besorol.trainer.job.JobContext;
import hu.mtmt.besorol.trainer.job.TrainingJob;
import hu.mtmt.besorol.trainer.progress.ProgressPrinter;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code besorol train}. */
@Command(
    name = "train",
    description = "Trains a classifier, judges it, and writes it as a package.",
    footer = {
      "",
      "The directory has taxonomy.jsonl (or .csv, .ttl, .rdf), train.jsonl, and if you have them",
      "validation.jsonl (thresholds are chosen on it; else a share of train is split off) and",
      "test.jsonl (the package is judged on it). Each may be compressed (.gz, .zst).",
      "",
      "  besorol train --data corpus --output model",
      "  besorol train --data corpus --level 2 --output model-of-level-2",
      "",
      "To change parameters, write the whole plan out, edit it, and train with it:",
      "",
      "  besorol train --data corpus --print-plan > plan.json",
      "  besorol train --plan plan.json --output model"
    })
public final class TrainCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private PlanOptions options = new PlanOptions();

  @Option(
      names = "--output",
      paramLabel = "PACKAGE",
      description = "Directory that becomes the package; it must not exist.")
  private Path output;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description = "Keeps what is learnt there, so that an interrupted training can go on.")
  private Path checkpoints;

  @Mixin private Threads threads = new Threads();

  @Option(names = "--print-plan", description = "Prints the whole plan and trains nothing.")
  private boolean printPlan;

  @Mixin private Quiet quiet = new Quiet();

  public TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var plan = options.plan(checkpoints, note -> console.err().println("besorol: " + note));
    if (printPlan) {
      var bytes = ContractJson.write(plan);
      console.out().write(bytes, 0, bytes.length);
      console.out().flush();
      return 0;
    }
    var places = places(plan);
    console.stop().watch();
    try (var printer = new ProgressPrinter(console.err(), console.terminal());
        var sources = new LocalSources()) {
      var progress = ProgressTracker.ofTraining(console.clock(), quiet.of(printer));
      var context =
          new JobContext(threads.count(), console.clock(), progress, console.stop(), printer::line);
      var outcome = new TrainingJob(sources, context).run(plan, places);
      print(outcome.result(), packageOf(outcome, places));
      return 0;
    }
  }

  private TrainingJob.Places places(TrainingPlan plan) {
    var kept = plan.checkpoints() == null ? null : Path.of(plan.checkpoints());
    if (output != null) {
      var absolute = output.toAbsolutePath().normalize();
      if (Files.exists(absolute)) {
        throw BesorolException.plan(
            "%s exists already: choose another --output, or remove it.".formatted(output));
      }
      return new TrainingJob.Places(absolute.getParent(), absolute.getFileName().toString(), kept);
    }
    if (plan.store() == null) {
      throw BesorolException.plan("Where shall the package go? Give --output PACKAGE.");
    }
    return new TrainingJob.Places(Path.of(plan.store()), null, kept);
  }

  private static Path packageOf(TrainingJob.Outcome outcome, TrainingJob.Places places) {
    return places
        .store()
        .directory()
        .resolve(
            places.name() == null
                ? JobPlan.packageDirectory(outcome.result().version())
                : places.name());
  }

  private void print(TrainingResult result, Path directory) {
    var model = ModelPackage.open(directory);
    var shown = output == null ? directory : output;
    PackageFacts.print(model, shown, console.out());
    console.out().println();
    if (model.evaluation().isPresent()) {
      Reports.printMetrics(model.evaluation().get(), console.out());
    } else {
      console
          .out()
          .println("There was no test.jsonl, so the package is not judged and has no report.");
      console.out().println(PackageFacts.howToReport(shown));
    }
    if (result.judgement() != null) {
      Reports.printFigures(result.judgement(), console.out());
    }
    console.out().println();
    console.out().println("Trained in %d s.".formatted(result.trainSeconds()));
    console.out().flush();
  }
}
