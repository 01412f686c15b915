package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.LearningCurveReport;
import hu.mtmt.besorol.contract.LearningCurveReport.Point;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.evaluation.LearningCurve;
import hu.mtmt.besorol.evaluation.LearningCurve.Sample;
import hu.mtmt.besorol.trainer.data.NestedSamples;
import hu.mtmt.besorol.trainer.data.Part;
import hu.mtmt.besorol.trainer.data.PlanFiles;
import hu.mtmt.besorol.trainer.data.Sources;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import hu.mtmt.besorol.trainer.progress.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Trains on growing samples of the training documents and measures each on the holdout. Every point
 * is a training of its own with its own checkpoints: what was finished is not trained again.
 *
 * @param sources where the files of the plan are
 * @param threads how many threads may work
 * @param clock the time
 * @param steps is told how far it is
 * @param cancelled whether to stop
 * @param notes is told, in sentences, what a person should know of
 */
public record LearningCurveJob(
    Sources sources,
    int threads,
    Clock clock,
    Steps steps,
    BooleanSupplier cancelled,
    Consumer<String> notes) {

  /**
   * What is wanted.
   *
   * @param plan the training with all documents; with a holdout
   * @param shares of the training documents, ascending, above 0 and at most 1; at least three
   * @param repeats how many samples of each share; all documents are one sample
   * @param confidence of the intervals
   */
  public record Request(TrainingPlan plan, List<String> shares, int repeats, String confidence) {}

  /**
   * What came of it.
   *
   * @param report the curve
   * @param files what was learnt from
   */
  public record Outcome(LearningCurveReport report, PlanFiles files) {}

  /**
   * Makes a curve.
   *
   * @param directory keeps packages and checkpoints; made if missing
   * @throws BesorolException as a training does; {@code DATA_INVALID} if there is no holdout
   * @throws hu.mtmt.besorol.classifiers.CancelledException if it was asked to stop; what was
   *     finished is in the directory
   */
  public Outcome run(Request request, Path directory) {
    var told = new HashSet<String>();
    Consumer<String> once =
        note -> {
          if (told.add(note)) {
            notes.accept(note);
          }
        };
    if (request.plan().holdout() == null) {
      throw BesorolException.data(
          "A learning curve is measured on test documents, but there are none: add test.jsonl.");
    }
    var files = PlanFiles.read(request.plan(), sources, cancelled, share -> {}, once);
    var holdout = files.holdout().orElseThrow();
    var points = new ArrayList<Point>();
    var samples = new ArrayList<List<Sample>>();
    double work =
        request.shares().stream()
            .mapToDouble(s -> repeats(s, request) * Double.parseDouble(s))
            .sum();
    double done = 0;
    for (var share : request.shares()) {
      var ofShare = new ArrayList<Sample>();
      for (int repeat = 1; repeat <= repeats(share, request); repeat++) {
        double part = Double.parseDouble(share) / work;
        var progress = ProgressTracker.ofTraining(clock, steps.step(done, part));
        var context = new JobContext(threads, clock, progress, cancelled, once);
        var sampled = sampled(files, share, repeat, directory);
        var result =
            new TrainingJob(sources, context)
                .run(
                    sampled,
                    new TrainingJob.Places(
                        directory.resolve("packages"),
                        null,
                        directory.resolve("points").resolve(name(share, repeat))))
                .result();
        discard(sampled.training(), files);
        var model =
            ModelPackage.open(
                directory.resolve("packages").resolve(JobPlan.packageDirectory(result.version())));
        var judged = new Judge(threads, cancelled).answer(model, holdout, _ -> {});
        var measured = model.evaluation().orElseThrow().overall().metrics();
        points.add(
            new Point(
                share,
                repeat,
                model.manifest().training().documents(),
                result.version(),
                result.trainSeconds(),
                measured));
        ofShare.add(
            new Sample(
                model.manifest().training().documents(), Judge.trainingDocuments(model), judged));
        done += part;
      }
      samples.add(ofShare);
    }
    return new Outcome(report(request, files, holdout, points, samples), files);
  }

  private static LearningCurveReport report(
      Request request,
      PlanFiles files,
      Part holdout,
      List<Point> points,
      List<List<Sample>> samples) {
    var curve =
        new LearningCurve(files.target(), samples, request.confidence(), Judge.BOOTSTRAP_SEED);
    var subjects = curve.subjects();
    var plan = files.plan();
    return new LearningCurveReport(
        plan.training().digest(),
        holdout.digest(),
        holdout.size(),
        plan.taxonomy().digest(),
        plan.level(),
        plan.algorithm(),
        plan.seed(),
        request.confidence(),
        LearningCurve.DRAWS,
        points,
        curve.metrics(),
        subjects.exponent(),
        LearningCurve.FURTHER_DOCUMENTS,
        subjects.curves());
  }

  /** All documents are one sample, however often it is drawn. */
  private static int repeats(String share, Request request) {
    return Double.parseDouble(share) == 1 ? 1 : request.repeats();
  }

  private static String name(String share, int repeat) {
    return "%s-%d".formatted(share, repeat);
  }

  /** The plan with a sample in place of all training documents. */
  private TrainingPlan sampled(PlanFiles files, String share, int repeat, Path directory) {
    var plan = files.plan();
    var training = plan.training();
    double size = Double.parseDouble(share);
    if (size < 1) {
      try {
        var samples = Files.createDirectories(directory.resolve("samples"));
        training =
            NestedSamples.of(files, sources, plan.seed() + repeat - 1L)
                .write(size, samples.resolve(name(share, repeat) + ".jsonl"));
      } catch (IOException e) {
        throw BesorolException.machine(
            "%s cannot be made (%s): check its permissions and the free space of its volume."
                .formatted(directory, e.getMessage()),
            e);
      }
    }
    return new TrainingPlan(
        plan.taxonomy(),
        plan.level(),
        training,
        plan.validation(),
        plan.validationFraction(),
        plan.holdout(),
        plan.duplicates(),
        plan.algorithm(),
        plan.seed(),
        plan.grades(),
        List.of(),
        null,
        null);
  }

  /** A sample is made again if it is needed; there may be many of them. */
  private static void discard(Source training, PlanFiles files) {
    if (!training.equals(files.plan().training())) {
      try {
        Files.deleteIfExists(Path.of(training.location()));
      } catch (IOException e) {
        throw BesorolException.machine(
            "%s cannot be removed (%s): check the permissions of its directory."
                .formatted(training.location(), e.getMessage()),
            e);
      }
    }
  }
}
