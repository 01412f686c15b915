package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.ModelStore;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.EvaluationPlan;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.trainer.data.PartReader;
import hu.mtmt.besorol.trainer.data.PlanFiles;
import hu.mtmt.besorol.trainer.data.Sources;
import java.util.Objects;

/** Judges a version that is in the store. */
public final class EvaluationJob {
  private final Sources sources;
  private final JobContext context;

  public EvaluationJob(Sources sources, JobContext context) {
    this.sources = sources;
    this.context = context;
  }

  /**
   * Judges.
   *
   * @param store of the packages
   * @throws BesorolException if the package is gone or of another taxonomy, or the holdout is not
   *     as it should be
   */
  public EvaluationResult run(EvaluationPlan plan, ModelStore store) {
    var progress = context.progress();
    var model = open(plan, store);
    progress.at(Stage.READING, 0.5);
    var holdout =
        new PartReader(model.target(), context.cancelled())
            .holdout(PlanFiles.open(sources, plan.holdout(), "holdout"));
    var judge = new Judge(context.threads(), context.cancelled());
    progress.at(Stage.EVALUATING, 0);
    var judged = judge.answer(model, holdout, share -> progress.at(Stage.EVALUATING, 0.5 * share));
    var report = Judge.report(model, holdout, judged, plan.grades(), null);
    progress.at(Stage.EVALUATING, 0.6);
    var latency = judge.latencyP95Millis(model, holdout);
    progress.at(Stage.EVALUATING, 0.8);
    var comparisons = judge.compare(plan.comparisons(), model, judged, holdout, store);
    progress.done();
    return new EvaluationResult(
        plan.version(), Judge.judgement(model, report, plan.grades(), latency, comparisons), null);
  }

  private static ModelPackage open(EvaluationPlan plan, ModelStore store) {
    var model =
        store
            .open(plan.version())
            .orElseThrow(
                () ->
                    BesorolException.data(
                        "The package of version %s is gone from %s: train it again."
                            .formatted(plan.version().abbreviated(), store)));
    var learnt = model.manifest().taxonomy();
    if (plan.taxonomy().digest() == null) {
      throw BesorolException.plan(
          "taxonomy.digest is missing: write sha256: and what sha256sum prints of %s."
              .formatted(plan.taxonomy().location()));
    }
    if (!learnt.digest().equals(plan.taxonomy().digest())
        || !Objects.equals(learnt.level(), plan.level())) {
      throw BesorolException.data(
          "Version %s was trained with the taxonomy %s at level %s, but is to be judged with %s at level %s: train a new version."
              .formatted(
                  plan.version().abbreviated(),
                  learnt.digest().abbreviated(),
                  level(learnt.level()),
                  plan.taxonomy().digest().abbreviated(),
                  level(plan.level())));
    }
    return model;
  }

  private static String level(Integer level) {
    return level == null ? "of every subject" : level.toString();
  }
}
