package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationPlan;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Jobs that work on versions that are in the store already. */
public final class ModelJobs {
  private static final int BACKOFF_LIMIT = 3;

  /**
   * A finished Job is kept for an hour, to be looked at. A failed one is then tried again: it is
   * created anew because what it should have done is still to do.
   */
  private static final int TTL_SECONDS = 3600;

  private ModelJobs() {}

  /** The Job that judges a version on the model's holdout as it is now. */
  public static PlannedJob evaluation(
      ClassifierModel model,
      Digest version,
      List<ComparisonRequest> comparisons,
      OperatorConfig config) {
    var spec = model.getSpec();
    var volumes = new PodVolumes();
    var store = volumes.readableStore(spec.store(), model.getMetadata().getName());
    var plan =
        new EvaluationPlan(
            version,
            volumes.source(spec.taxonomy().source()),
            spec.taxonomy().level(),
            volumes.source(spec.holdout()),
            spec.grades(),
            comparisons,
            store.path(),
            store.bucket());
    return job(
        model,
        Component.EVALUATION,
        Map.of(Labels.VERSION, version.value()),
        plan,
        volumes,
        config.pods().evaluation(),
        config);
  }

  /** The Job that removes versions from the store. */
  public static PlannedJob pruning(
      ClassifierModel model, List<Digest> versions, OperatorConfig config) {
    var volumes = new PodVolumes();
    var store = volumes.writableStore(model.getSpec().store(), model.getMetadata().getName());
    var plan = new PrunePlan(store.path(), versions.stream().sorted().toList(), store.bucket());
    return job(model, Component.PRUNING, Map.of(), plan, volumes, config.pods().pruning(), config);
  }

  private static PlannedJob job(
      ClassifierModel model,
      Component component,
      Map<String, String> annotations,
      JobPlan plan,
      PodVolumes volumes,
      OperatorConfig.Resources resources,
      OperatorConfig config) {
    return PlannedJob.of(
        new PlannedJob.Settings(
            model,
            Names.job(model, plan),
            Metadata.labels(component, model.getMetadata().getName()),
            new TreeMap<>(annotations),
            plan,
            volumes,
            Pods.resources(resources),
            Map.of(),
            List.of(),
            BACKOFF_LIMIT,
            null,
            TTL_SECONDS,
            false),
        config);
  }
}
