package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.evaluation.gates.Gates;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.placement.Flavor;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.TreeMap;

/** The Job that trains a version. */
public final class TrainingJob {
  private TrainingJob() {}

  /**
   * The Job of a run.
   *
   * @param model for which it trains; the gates and the serving version of this moment say which
   *     comparisons the training measures at its end
   * @param flavor the machine
   */
  public static PlannedJob of(
      TrainingRun run, ClassifierModel model, Flavor flavor, OperatorConfig config) {
    var volumes = new PodVolumes();
    var plan = plan(run, model, volumes);
    var resources = Pods.resources(flavor.cpu(), flavor.memory());
    if (flavor.gpu() != null) {
      resources
          .getLimits()
          .put("nvidia.com/gpu", new Quantity(String.valueOf(flavor.gpu().count())));
    }
    return PlannedJob.of(
        new PlannedJob.Settings(
            run,
            Names.training(run),
            labels(run),
            new TreeMap<>(
                Map.of(
                    Labels.FLAVOR, flavor.name(), Labels.MODEL_UID, model.getMetadata().getUid())),
            plan,
            volumes,
            resources,
            flavor.nodeLabels(),
            run.getSpec().backoffLimit(),
            run.getSpec().activeDeadlineSeconds(),
            null,
            run.getSpec().suspend()),
        config);
  }

  private static Map<String, String> labels(TrainingRun run) {
    var labels = Metadata.labels(Component.TRAINING, run.getSpec().modelRef().name());
    labels.put(Labels.RUN, run.getMetadata().getName());
    return labels;
  }

  private static TrainingPlan plan(TrainingRun run, ClassifierModel model, PodVolumes volumes) {
    var wanted = model.getSpec();
    var spec = run.getSpec();
    var store = volumes.writableStore(wanted.store(), model.getMetadata().getName());
    return new TrainingPlan(
        volumes.source(wanted.taxonomy().source()),
        wanted.taxonomy().level(),
        volumes.source(spec.training()),
        spec.validation() == null ? null : volumes.source(spec.validation()),
        spec.validationFraction(),
        volumes.source(wanted.holdout()),
        spec.duplicates(),
        spec.algorithm(),
        spec.seed(),
        wanted.grades(),
        Gates.requests(wanted.gates(), null, servingVersion(model)),
        store,
        store + "/checkpoints/" + run.getMetadata().getUid());
  }

  private static Digest servingVersion(ClassifierModel model) {
    return model.getStatus() == null || model.getStatus().serving() == null
        ? null
        : new Digest(model.getStatus().serving().version());
  }
}
