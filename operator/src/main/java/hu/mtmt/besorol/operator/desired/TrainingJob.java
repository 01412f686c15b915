package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.evaluation.gates.Gates;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.observe.Kueue;
import hu.mtmt.besorol.operator.placement.Placement;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
   * @param placement with the machine
   * @param now the time; earlier attempts on other machines have used up some of what there is
   */
  public static PlannedJob of(
      TrainingRun run,
      ClassifierModel model,
      Placement placement,
      OperatorConfig config,
      Instant now) {
    var flavor = placement.flavor().orElseThrow();
    var volumes = new PodVolumes();
    var plan = plan(run, model, volumes);
    var resources = Pods.resources(flavor.cpu(), flavor.memory());
    if (flavor.disk() != null) {
      var disk = new Quantity(flavor.disk());
      resources.getRequests().put("ephemeral-storage", disk);
      resources.getLimits().put("ephemeral-storage", disk);
    }
    if (flavor.gpu() != null) {
      resources
          .getLimits()
          .put("nvidia.com/gpu", new Quantity(String.valueOf(flavor.gpu().count())));
    }
    var alone =
        PlannedJob.of(
            new PlannedJob.Settings(
                run,
                Names.training(run),
                labels(run),
                new TreeMap<>(
                    Map.of(
                        Labels.FLAVOR,
                        flavor.name(),
                        Labels.PLACED_BECAUSE,
                        placement.reason(),
                        Labels.MODEL_UID,
                        model.getMetadata().getUid())),
                plan,
                volumes,
                resources,
                flavor.nodeLabels(),
                flavor.tolerations(),
                retries(run),
                deadline(run, now),
                null,
                run.getSpec().suspend()),
            config);
    int nodes = placement.nodes().orElseThrow();
    return queued(nodes == 1 ? alone : Ranks.join(alone, run, nodes), run);
  }

  /** In a queue of Kueue, which ends its suspension. */
  private static PlannedJob queued(PlannedJob planned, TrainingRun run) {
    var queue = run.getSpec().placement().queueName();
    if (queue == null) {
      return planned;
    }
    var job =
        new JobBuilder(planned.job())
            .editMetadata()
            .addToLabels(Kueue.QUEUE_NAME, queue)
            .endMetadata()
            .editSpec()
            .withSuspend(true)
            .endSpec()
            .build();
    return new PlannedJob(planned.plan(), job, planned.service());
  }

  private static int retries(TrainingRun run) {
    return run.getSpec().backoffLimit() - attempts(run).stream().mapToInt(Attempt::failures).sum();
  }

  private static Long deadline(TrainingRun run, Instant now) {
    var limit = run.getSpec().activeDeadlineSeconds();
    if (limit == null || attempts(run).isEmpty() || run.getStatus().startTime() == null) {
      return limit;
    }
    var spent = Duration.between(Instant.parse(run.getStatus().startTime()), now).toSeconds();
    return Math.max(1, limit - spent);
  }

  private static List<Attempt> attempts(TrainingRun run) {
    return run.getStatus() == null ? List.of() : run.getStatus().attempts();
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
        store.path(),
        store.path() + "/checkpoints/" + run.getMetadata().getUid(),
        store.bucket());
  }

  private static Digest servingVersion(ClassifierModel model) {
    return model.getStatus() == null || model.getStatus().serving() == null
        ? null
        : new Digest(model.getStatus().serving().version());
  }
}
