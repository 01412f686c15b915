package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.DirectoryStore;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.MemoryEstimate;
import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.ModelPackageWriter;
import hu.mtmt.besorol.classifiers.ModelStore;
import hu.mtmt.besorol.classifiers.ModelTraining;
import hu.mtmt.besorol.classifiers.Packed;
import hu.mtmt.besorol.classifiers.Team;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TravellingFiles;
import hu.mtmt.besorol.classifiers.answers.Answering;
import hu.mtmt.besorol.classifiers.text.TextSample;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Footprint;
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
import hu.mtmt.besorol.trainer.data.TemporaryDirectory;
import hu.mtmt.besorol.trainer.team.FollowingTeam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** From a plan to a package and what was measured of it: read, learn, package, judge, publish. */
public final class TrainingJob {
  /** With so many documents a package tests itself when it is loaded. */
  private static final int SELF_TEST_DOCUMENTS = 20;

  /** The share of a container's memory that its heap may take: {@code -XX:MaxRAMPercentage}. */
  private static final double HEAP_SHARE = 0.75;

  /** What a team knows the package by that is to be judged. */
  private static final String PACKAGE = "package";

  private final Sources sources;
  private final JobContext context;

  public TrainingJob(Sources sources, JobContext context) {
    this.sources = sources;
    this.context = context;
  }

  /**
   * Where things go.
   *
   * @param store where the package goes, and with which others it is compared
   * @param name the package's name in the store's directory, or null to name it after its version
   *     and have the store keep it
   * @param checkpoints directory for checkpoints, or null for none
   * @param disk of the node, if that is measured
   */
  public record Places(ModelStore store, String name, Path checkpoints, Optional<NodeDisk> disk) {
    /** With a directory as the store. */
    public Places(Path parent, String name, Path checkpoints) {
      this(new DirectoryStore(parent), name, checkpoints, Optional.empty());
    }
  }

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
    return run(plan, places, Team.ALONE);
  }

  /**
   * The same for the process that leads a team.
   *
   * @param team whose others {@link #assist}
   */
  public Outcome run(TrainingPlan plan, Places places, Team team) {
    var started = context.clock().instant();
    var checkpoints = new Checkpoints(places.checkpoints());
    var finished = checkpoints.finished(plan, places.store());
    if (finished.isPresent()) {
      context
          .notes()
          .accept("An earlier attempt finished this plan: its result is reported again.");
      context.progress().done();
      return new Outcome(finished.get(), null);
    }
    var progress = context.progress();
    var files = read(plan);
    var memory = memory(files);
    var footprint = footprint(files, memory, places, team);
    progress.needs(footprint);
    memory.requireFits(Runtime.getRuntime().maxMemory());
    var learning = checkpoints.learning(files.plan());
    progress.checkpoints(checkpoints::newest);
    int secondsBefore = checkpoints.secondsBefore();
    try (var peak = new HeapPeak();
        var writer = ModelPackageWriter.begin(places.store().directory())) {
      var decision = train(files, memory, learning, writer, places.store(), team);
      progress.at(Stage.PACKAGING, 0);
      var trained = TravellingFiles.in(writer.directory());
      var unjudged =
          writer.describe(
              manifest(files, decision),
              files.data().labels(),
              files.data().selfTest(SELF_TEST_DOCUMENTS));
      give(unjudged, trained, files, team);
      var measured = judge(files, unjudged, places.store(), team);
      if (measured.isPresent()) {
        keep(measured.get().html(), writer);
      }
      var model = writer.publish(measured.map(Measured::report).orElse(null), places.name());
      if (places.name() == null) {
        places.store().keep(model);
      }
      var result =
          new TrainingResult(
              model.version(),
              measured.map(m -> m.judgement(model, plan)).orElse(null),
              secondsBefore + secondsSince(started),
              files.data().trainingSize(),
              used(footprint, peak, places),
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

  /**
   * Does the part of a process that does not lead: it learns what it claims, answers its share of
   * validation and holdout, and returns when the one that leads has written the package.
   *
   * @throws BesorolException as {@link #run}
   * @throws hu.mtmt.besorol.classifiers.CancelledException as {@link #run}
   */
  public void assist(TrainingPlan plan, Places places, FollowingTeam team) {
    var checkpoints = new Checkpoints(places.checkpoints());
    var files = read(plan);
    var memory = memory(files);
    memory.requireFits(Runtime.getRuntime().maxMemory());
    var learning = checkpoints.learning(files.plan());
    try (var copy = TemporaryDirectory.make("besorol-model-", "mount a writable volume at /tmp")) {
      withinMemory(
          memory,
          () -> {
            ModelTraining.assist(
                plan.algorithm(),
                files.data(),
                learning(files.plan(), learning, places.store(), team),
                copy.path());
            files.holdout().ifPresent(holdout -> answer(holdout, copy.path(), team));
            return null;
          });
    }
    team.awaitDismissal();
    checkpoints.discard();
    context.progress().done();
  }

  private void answer(Part holdout, Path copy, Team team) {
    team.take(
        PACKAGE,
        in -> {
          Files.write(copy.resolve(ModelManifest.FILE), Packed.bytes(in));
          TravellingFiles.read(copy, in);
          return PACKAGE;
        });
    new Judge(context.threads(), context.cancelled())
        .give(
            ModelPackage.open(copy),
            holdout,
            share -> context.progress().at(Stage.EVALUATING, share),
            team);
  }

  private PlanFiles read(TrainingPlan plan) {
    return PlanFiles.read(
        plan,
        sources,
        context.cancelled(),
        share -> context.progress().at(Stage.READING, share),
        context.notes());
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

  private static Footprint footprint(
      PlanFiles files, MemoryEstimate memory, Places places, Team team) {
    var size = files.data().size();
    var written = new ArrayList<Path>();
    written.add(places.checkpoints());
    written.add(places.store().directory());
    return new Footprint(
        size.documents(),
        size.labels(),
        podMebibytes(memory.bytes()),
        null,
        places
            .disk()
            .map(d -> d.expected(memory.weights(), memory.features(), written, team.size() > 1))
            .map(TrainingJob::mebibytes)
            .orElse(null),
        null);
  }

  /** Fetched files, checkpoints and package are all there now: they are never more. */
  private static Footprint used(Footprint footprint, HeapPeak peak, Places places) {
    return new Footprint(
        footprint.documents(),
        footprint.labels(),
        footprint.estimatedMemoryMiB(),
        podMebibytes(peak.bytes()),
        footprint.estimatedDiskMiB(),
        places.disk().map(NodeDisk::bytes).map(TrainingJob::mebibytes).orElse(null));
  }

  private static int mebibytes(long bytes) {
    return Math.toIntExact(Math.ceilDiv(bytes, 1L << 20));
  }

  /** The memory of a pod, in MiB, in which the heap may take so many bytes. */
  private static int podMebibytes(long heap) {
    return Math.toIntExact(Math.ceilDiv((long) (heap / HEAP_SHARE), 1L << 20));
  }

  private Decision train(
      PlanFiles files,
      MemoryEstimate memory,
      Path learning,
      ModelPackageWriter writer,
      ModelStore store,
      Team team) {
    return withinMemory(
        memory,
        () ->
            ModelTraining.train(
                files.plan().algorithm(),
                files.data(),
                learning(files.plan(), learning, store, team),
                writer.directory()));
  }

  private TrainingContext learning(
      TrainingPlan plan, Path checkpoints, ModelStore store, Team team) {
    return new TrainingContext(
        plan.seed(),
        context.threads(),
        Runtime.getRuntime().maxMemory(),
        checkpoints,
        store,
        context.cancelled(),
        context.progress(),
        team);
  }

  private static <T> T withinMemory(MemoryEstimate memory, Supplier<T> training) {
    try {
      return training.get();
    } catch (RuntimeException | OutOfMemoryError e) {
      if (Failures.isOutOfMemory(e)) {
        throw memory.exhausted(Runtime.getRuntime().maxMemory(), e);
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

  private Optional<Measured> judge(
      PlanFiles files, ModelPackage model, ModelStore store, Team team) {
    return files.holdout().map(holdout -> judge(files, holdout, model, store, team));
  }

  /** Gives the others what they need to answer the holdout and do not have yet. */
  private static void give(ModelPackage model, Set<String> trained, PlanFiles files, Team team) {
    if (files.holdout().isEmpty()) {
      return;
    }
    team.give(
        PACKAGE,
        out -> {
          Packed.write(out, ContractJson.write(model.manifest()));
          var others = TravellingFiles.in(model.directory());
          others.removeAll(trained);
          others.add(Answering.FILE); // it was written after the others had the model
          TravellingFiles.write(model.directory(), others, out);
        });
  }

  private Measured judge(
      PlanFiles files, Part holdout, ModelPackage model, ModelStore store, Team team) {
    var plan = files.plan();
    var progress = context.progress();
    var judge = new Judge(context.threads(), context.cancelled());
    progress.at(Stage.EVALUATING, 0);
    var judged =
        judge.answer(model, holdout, share -> progress.at(Stage.EVALUATING, 0.5 * share), team);
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
