package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.classifiers.ClassifierFamilies;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.corpus.Duplicates;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.TaxonomyFile;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;

/**
 * What the files of a training plan hold, read and checked.
 *
 * @param plan the plan, with the digests of its files filled in
 * @param taxonomy the file of the subjects
 * @param target the subjects that are told apart
 * @param data what is learnt from
 * @param holdout what is judged on, if the plan has one
 */
public record PlanFiles(
    TrainingPlan plan,
    TaxonomyFile taxonomy,
    TargetLevel target,
    PlanTrainingData data,
    Optional<Part> holdout) {

  /**
   * Reads all files of a plan.
   *
   * @param cancelled whether to stop with a {@link hu.mtmt.besorol.classifiers.CancelledException}
   * @param progress is told the share of the files that is read
   * @param notes is told, in sentences, what was left out
   * @throws BesorolException if a file cannot be had or something is wrong with it
   */
  public static PlanFiles read(
      TrainingPlan plan,
      Sources sources,
      BooleanSupplier cancelled,
      DoubleConsumer progress,
      Consumer<String> notes) {
    boolean splits = plan.validation() == null;
    double fraction = Double.parseDouble(plan.validationFraction());
    if (splits && (fraction == 0 || fraction == 1)) {
      throw BesorolException.plan(
          "validationFraction is %s and there is no file for validation: thresholds are chosen on validation documents, so give a file, or a share between 0 and 1 such as \"0.1\"."
              .formatted(plan.validationFraction()));
    }
    var taxonomy =
        TaxonomyFile.read(sources.file(plan.taxonomy(), "taxonomy"), plan.taxonomy().digest());
    var target = new TargetLevel(taxonomy.taxonomy(), plan.level());
    var reader = new PartReader(target, cancelled);
    progress.accept(0.1);

    var holdoutFile = Optional.ofNullable(plan.holdout()).map(s -> open(sources, s, "holdout"));
    var holdout = holdoutFile.map(reader::holdout);
    var duplicates = holdoutFile.map(Duplicates::of).orElse(null);
    holdout.ifPresent(part -> tell(part, notes));
    progress.accept(0.3);

    var languages = new TreeMap<String, Integer>();
    var trainingFile = open(sources, plan.training(), "training");
    var training =
        reader.learning(
            trainingFile,
            duplicates,
            plan.duplicates(),
            splits ? fraction : 0,
            plan.seed(),
            languages);
    tell(training, notes);
    progress.accept(0.9);

    Part validation = null;
    if (!splits) {
      validation =
          reader.learning(
              open(sources, plan.validation(), "validation"),
              duplicates,
              plan.duplicates(),
              0,
              plan.seed(),
              new TreeMap<>());
      tell(validation, notes);
    }
    var data =
        new PlanTrainingData(
            target,
            training,
            validation,
            languages,
            ClassifierFamilies.proposesUnlearnt(plan.algorithm().parameters()));
    if (splits) {
      notes.accept(
          "No file for validation is given: %d of %d documents of %s are split off for it."
              .formatted(data.validationSize(), training.size(), training.name()));
    }
    if (holdout.isEmpty()) {
      notes.accept("No holdout is given: how good the package is will not be measured.");
    }
    progress.accept(1);
    return new PlanFiles(
        withDigests(plan, taxonomy, training, validation, holdout.orElse(null)),
        taxonomy,
        target,
        data,
        holdout);
  }

  /** Opens a file of documents that a plan names. */
  public static DocumentFile open(Sources sources, Source source, String field) {
    return DocumentFile.open(sources.file(source, field), source.digest());
  }

  private static void tell(Part part, Consumer<String> notes) {
    var leftOut = part.counts().leftOut();
    if (!leftOut.isEmpty()) {
      notes.accept(
          "%s: %d documents are used; left out: %s.".formatted(part.name(), part.size(), leftOut));
    }
  }

  private static TrainingPlan withDigests(
      TrainingPlan plan, TaxonomyFile taxonomy, Part training, Part validation, Part holdout) {
    return new TrainingPlan(
        new Source(plan.taxonomy().location(), taxonomy.digest(), plan.taxonomy().s3()),
        plan.level(),
        withDigest(plan.training(), training),
        withDigest(plan.validation(), validation),
        plan.validationFraction(),
        withDigest(plan.holdout(), holdout),
        plan.duplicates(),
        plan.algorithm(),
        plan.seed(),
        plan.grades(),
        plan.comparisons(),
        plan.store(),
        plan.checkpoints(),
        plan.storeBucket());
  }

  private static Source withDigest(Source source, Part read) {
    return read == null ? null : new Source(source.location(), read.digest(), source.s3());
  }
}
