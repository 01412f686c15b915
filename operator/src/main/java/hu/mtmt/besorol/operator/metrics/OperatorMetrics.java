package hu.mtmt.besorol.operator.metrics;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses;
import hu.mtmt.besorol.operator.status.ConditionSet;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What Prometheus is told beyond the durations and counts of reconciliations: {@code
 * besorol_runs{state}} and {@code besorol_model_serving{namespace,model,version}}, whose values are
 * read from the caches when they are asked for; {@code besorol_events_waiting}; and of runs that
 * completed {@code besorol_training_memory{algorithm,measure}} in MiB and {@code
 * besorol_training_seconds{algorithm,measure}}, where measure is predicted or used.
 */
public final class OperatorMetrics {
  private final MeterRegistry registry;
  private final Set<Serving> told = ConcurrentHashMap.newKeySet();

  /** That a version of a model serves or did. */
  private record Serving(ResourceID model, String version) {}

  public OperatorMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** How far a run is, for counting. */
  public enum RunState {
    PENDING,
    QUEUED,
    TRAINING,
    SUSPENDED,
    STALLED,
    COMPLETE,
    FAILED;

    /** The state of that run. */
    public static RunState of(TrainingRun run) {
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
      var reason = TrainingRunStatuses.reason(run).orElse("");
      return reason.equals(Reason.TRAINING.written())
          ? TRAINING
          : reason.equals(Reason.QUEUED.written()) ? QUEUED : PENDING;
    }
  }

  /**
   * Tells how many events are not written yet.
   *
   * @param count is asked when Prometheus asks
   */
  public void countEvents(Supplier<Number> count) {
    Gauge.builder("besorol.events.waiting", count)
        .description("Events of Kubernetes that are not written yet")
        .register(registry);
  }

  /**
   * Tells how many runs are in each state.
   *
   * @param count is asked when Prometheus asks
   */
  public void countRuns(ToLongFunction<RunState> count) {
    Arrays.stream(RunState.values())
        .forEach(
            state ->
                Gauge.builder("besorol.runs", () -> count.applyAsLong(state))
                    .description("Training runs by state.")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry));
  }

  /** Tells what a run that is complete was predicted to need, and what it used. */
  public void tellNeeds(AlgorithmType algorithm, TrainingRunStatus complete) {
    if (complete.placement() != null) {
      needs("memory", algorithm, "predicted", complete.placement().estimatedMemoryMiB());
      needs("disk", algorithm, "predicted", complete.placement().estimatedDiskMiB());
      needs("seconds", algorithm, "predicted", complete.placement().estimatedSeconds());
    }
    if (complete.footprint() != null) {
      needs("memory", algorithm, "used", complete.footprint().usedMemoryMiB());
      needs("disk", algorithm, "used", complete.footprint().usedDiskMiB());
    }
    needs("seconds", algorithm, "used", complete.result().trainSeconds());
  }

  /** Tells of a run that made room for another. */
  public void tellPreempted(String flavor, int lostMinutes) {
    Counter.builder("besorol.preempted")
        .description("Runs that made room for one of a higher priority.")
        .tag("flavor", flavor)
        .register(registry)
        .increment();
    Counter.builder("besorol.preempted.minutes")
        .description("Minutes of machines, or of their GPUs, of work that is done again.")
        .tag("flavor", flavor)
        .register(registry)
        .increment(lostMinutes);
  }

  private void needs(String what, AlgorithmType algorithm, String measure, Number amount) {
    if (amount != null) {
      DistributionSummary.builder("besorol.training." + what)
          .description("What complete training runs were predicted to need, and what they used.")
          .tag("algorithm", algorithm.written())
          .tag("measure", measure)
          .register(registry)
          .record(amount.doubleValue());
    }
  }

  /** Tells which version of a model serves: 1 for that version, 0 once another does or none. */
  public void tellServing(
      ClassifierModel model, String version, IndexedResourceCache<ClassifierModel> models) {
    var id = ResourceID.fromResource(model);
    if (!told.add(new Serving(id, version))) {
      return;
    }
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
