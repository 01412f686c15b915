package hu.mtmt.besorol.operator.metrics;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses;
import hu.mtmt.besorol.operator.status.ConditionSet;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Locale;

/**
 * What Prometheus is told beyond the durations and counts of reconciliations: {@code
 * besorol_runs{state}} and {@code besorol_model_serving{namespace,model,version}}. Values are read
 * from the caches when they are asked for.
 */
public final class OperatorMetrics {
  private final MeterRegistry registry;

  public OperatorMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** How far a run is, for counting. */
  public enum RunState {
    PENDING,
    TRAINING,
    SUSPENDED,
    STALLED,
    COMPLETE,
    FAILED;

    static RunState of(TrainingRun run) {
      var conditions = TrainingRunStatuses.previous(run).conditions();
      if (ConditionSet.isTrue(conditions, Type.COMPLETE)) {
        return COMPLETE;
      }
      if (ConditionSet.isTrue(conditions, Type.FAILED)) {
        return FAILED;
      }
      if (ConditionSet.isTrue(conditions, Type.SUSPENDED)) {
        return SUSPENDED;
      }
      if (ConditionSet.isTrue(conditions, Type.STALLED)) {
        return STALLED;
      }
      return TrainingRunStatuses.reason(run).filter(Reason.TRAINING.written()::equals).isPresent()
          ? TRAINING
          : PENDING;
    }
  }

  /** Counts the runs of that cache by state. */
  public void countRuns(IndexedResourceCache<TrainingRun> runs) {
    Arrays.stream(RunState.values())
        .forEach(
            state ->
                Gauge.builder(
                        "besorol.runs", runs, r -> r.list(run -> RunState.of(run) == state).count())
                    .description("Training runs by state.")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry));
  }

  /** Tells which version of a model serves: 1 for that version, 0 once another does or none. */
  public void tellServing(
      ClassifierModel model, String version, IndexedResourceCache<ClassifierModel> models) {
    var id = ResourceID.fromResource(model);
    Gauge.builder(
            "besorol.model.serving",
            models,
            m ->
                m.get(id)
                        .map(ClassifierModelStatuses::servingVersion)
                        .filter(version::equals)
                        .isPresent()
                    ? 1
                    : 0)
        .description("The version of a model that serves.")
        .tag("namespace", model.getMetadata().getNamespace())
        .tag("model", model.getMetadata().getName())
        .tag("version", version)
        .register(registry);
  }
}
