package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.MemoryEstimate;
import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.ModelPackageWriter;
import hu.mtmt.besorol.classifiers.ModelTraining;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.text.TextSample;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.contract.ModelManifest.DataReference;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import hu.mtmt.besorol.contract.ModelManifest.TaxonomyReference;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.report.HtmlReport;
import hu.mtmt.besorol.trainer.data.Part;
import hu.mtmt.besorol.trainer.data.PlanFiles;
import hu.mtmt.besorol.trainer.data.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** From a plan to a package and what was measured of it: read, learn, package, judge, publish. */
public final class TrainingJob {
  /** With so many documents a package tests itself when it is loaded. */
  private static final int SELF_TEST_DOCUMENTS = 20;

  private final Sources sources;
  private final JobContext context;

  public TrainingJob(Sources sources, JobContext context) {
    this.sources = sources;
    this.context = context;
  }

  /**
   * Where things go.
   *
   * @param parent directory in which the package will lie, and others to compare with
   * @param name the package's name in it, or null to name it after its version
   * @param checkpoints directory for checkpoints, or null for none
   */
  public record Places(Path parent, String name, Path checkpoints) {}

  /**
   * How a training ended.
   *
   * @param result what is reported
   * @param model the package, or null if an earlier attempt had finished already
   */
  public record Outcome(TrainingResult result, ModelPackage model) {}

  /**
   * Trains. A plan that an earlier attempt finished is not trained again: its result is reported
   * once more.
   *
   * @throws BesorolException if plan, data or machine are not as they should be
   * @throws hu.mtmt.besorol.classifiers.CancelledException if it was asked to stop; what was
   *     finished is in the checkpoints
   */
  public Outcome run(TrainingPlan plan, Places places) {
    var started = context.clock().instant();
    var checkpoints = new Checkpoints(places.checkpoints());
    var finished = checkpoints.finished(plan, places.parent());
    if (finished.isPresent()) {
      context
          .notes()
          .accept("An earlier attempt finished this plan: its result is reported again.");
      context.progress().done();
      return new Outcome(finished.get(), null);
    }
    var progress = context.progress();
    var files =
        PlanFiles.read(
            plan,
            sources,
            context.cancelled(),
            share -> progress.at(Stage.READING, share),
            context.notes());
    var memory = memory(files);
    memory.requireFits(Runtime.getRuntime().maxMemory());
    var learning = checkpoints.learning(files.plan());
    int secondsBefore = checkpoints.secondsBefore();
    try (var writer = ModelPackageWriter.begin(places.parent())) {
      var decision = train(files, memory, learning, writer, places.parent());
      progress.at(Stage.PACKAGING, 0);
      var unjudged =
          writer.describe(
              manifest(files, decision),
              files.data().labels(),
              files.data().selfTest(SELF_TEST_DOCUMENTS));
      var measured = judge(files, unjudged, places.parent());
      if (measured.isPresent()) {
        keep(measured.get().html(), writer);
      }
      var model = writer.publish(measured.map(Measured::report).orElse(null), places.name());
      var result =
          new TrainingResult(
              model.version(),
              measured.map(m -> m.judgement(model, plan)).orElse(null),
              secondsBefore + secondsSince(started),
              files.data().trainingSize(),
              null);
      checkpoints.finish(plan, result);
      progress.done();
      return new Outcome(result, model);
    } catch (RuntimeException | Error e) {
      try {
        checkpoints.keepSeconds(secondsBefore + secondsSince(started));
      } catch (BesorolException inAddition) {
        e.addSuppressed(inAddition);
      }
      throw e;
    }
  }

  /** A training that would be killed in the middle is not begun. */
  private MemoryEstimate memory(PlanFiles files) {
    var data = files.data();
    List<Document> sample;
    try (var documents = data.training()) {
      sample = documents.limit(MemoryEstimate.SAMPLE).map(Example::document).toList();
    }
    return MemoryEstimate.of(
        files.plan().algorithm().parameters(),
        data.size(),
        context.threads(),
        features -> TextSample.of(sample, features, data.defaultLanguage()));
  }

  private Decision train(
      PlanFiles files,
      MemoryEstimate memory,
      Path learning,
      ModelPackageWriter writer,
      Path store) {
    var plan = files.plan();
    long heap = Runtime.getRuntime().maxMemory();
    var trainingContext =
        new TrainingContext(
            plan.seed(),
            context.threads(),
            heap,
            learning,
            store,
            context.cancelled(),
            context.progress());
    try {
      return ModelTraining.train(
          plan.algorithm(), files.data(), trainingContext, writer.directory());
    } catch (RuntimeException | OutOfMemoryError e) {
      if (Failures.isOutOfMemory(e)) {
        throw memory.exhausted(heap, e);
      }
      throw e;
    }
  }

  private static ModelManifest manifest(PlanFiles files, Decision decision) {
    var plan = files.plan();
    var data = files.data();
    return new ModelManifest(
        plan.algorithm(),
        new TaxonomyReference(files.taxonomy().digest(), plan.level()),
        data.trainingReference(),
        data.validationReference(),
        files.holdout().map(h -> new DataReference(h.digest(), h.size())).orElse(null),
        plan.seed(),
        ProgramVersion.current(),
        data.defaultLanguage(),
        data.labels().size(),
        decision,
        null,
        List.of());
  }

  /** What was measured on the holdout. */
  private record Measured(
      EvaluationReport report, byte[] html, double latencyP95Millis, List<Comparison> comparisons) {
    Judgement judgement(ModelPackage model, TrainingPlan plan) {
      return Judge.judgement(model, report, plan.grades(), latencyP95Millis, comparisons);
    }
  }

  private Optional<Measured> judge(PlanFiles files, ModelPackage model, Path store) {
    return files.holdout().map(holdout -> judge(files, holdout, model, store));
  }

  private Measured judge(PlanFiles files, Part holdout, ModelPackage model, Path store) {
    var plan = files.plan();
    var progress = context.progress();
    var judge = new Judge(context.threads(), context.cancelled());
    progress.at(Stage.EVALUATING, 0);
    var judged = judge.answer(model, holdout, share -> progress.at(Stage.EVALUATING, 0.5 * share));
    var report =
        Judge.report(model, holdout, judged, plan.grades(), files.data().trainingDocuments());
    var html = JudgedReport.write(model, holdout, judged, report, plan.grades(), null);
    progress.at(Stage.EVALUATING, 0.6);
    var latency = judge.latencyP95Millis(model, holdout);
    progress.at(Stage.EVALUATING, 0.8);
    return new Measured(
        report, html, latency, judge.compare(plan.comparisons(), model, judged, holdout, store));
  }

  private static void keep(byte[] html, ModelPackageWriter writer) {
    var file = writer.directory().resolve(HtmlReport.FILE);
    try {
      Files.write(file, html);
    } catch (IOException e) {
      throw BesorolException.machine(
          "The report cannot be written to %s (%s): check that the disk is not full and can be written."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private int secondsSince(Instant started) {
    return (int) Duration.between(started, context.clock().instant()).toSeconds();
  }
}
