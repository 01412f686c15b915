package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.operator.metrics.OperatorMetrics.RunState;
import hu.mtmt.besorol.operator.placement.History;
import hu.mtmt.besorol.operator.placement.PastRun;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What is asked about all runs, known without looking at each. */
interface KnownRuns {
  /** What is known of runs. */
  History history();

  /** How many are in that state. */
  long count(RunState state);

  /** Whether nothing will be done for that run unless something changes. */
  boolean isSettled(ResourceID run);

  /**
   * Whether nothing will be done for a run that its caches hold for the first time: it has ended,
   * its model has recorded it, and it stays.
   */
  static boolean isSettled(TrainingRun run) {
    var status = TrainingRunStatuses.previous(run);
    return TrainingRunStatuses.hasEnded(run)
        && run.getMetadata().getGeneration().equals(status.observedGeneration())
        && run.getSpec().ttlSecondsAfterFinished() == null
        && (status.result() == null || status.recordedBy() != null)
        && TrainingRunStatuses.reason(run).filter(Reason.MODEL_DELETED.written()::equals).isEmpty();
  }

  /** Noted as the cache changes. */
  final class Noted implements KnownRuns, CompactStore.Listener<TrainingRun> {
    private final Map<String, Note> notes = new ConcurrentHashMap<>();
    private final Map<Algorithm, Algorithm> algorithms = new ConcurrentHashMap<>();
    private volatile History history = History.empty();

    private record Note(RunState state, boolean settled, Optional<PastRun> past) {}

    @Override
    public void put(String key, TrainingRun run) {
      var note =
          new Note(
              RunState.of(run),
              KnownRuns.isSettled(run),
              PastRun.of(run).map(p -> p.sharing(algorithms)));
      note(Optional.ofNullable(notes.put(key, note)).flatMap(Note::past), note.past());
    }

    @Override
    public void removed(String key) {
      note(Optional.ofNullable(notes.remove(key)).flatMap(Note::past), Optional.empty());
    }

    private void note(Optional<PastRun> before, Optional<PastRun> now) {
      if (!before.equals(now)) {
        synchronized (this) {
          history = history.with(before, now);
        }
      }
    }

    @Override
    public History history() {
      return history;
    }

    @Override
    public long count(RunState state) {
      return notes.values().stream().filter(n -> n.state() == state).count();
    }

    @Override
    public boolean isSettled(ResourceID run) {
      var key = Cache.namespaceKeyFunc(run.getNamespace().orElse(null), run.getName());
      return Optional.ofNullable(notes.get(key)).filter(Note::settled).isPresent();
    }
  }

  /** Looked up each time. */
  record LookedUp(IndexedResourceCache<TrainingRun> runs) implements KnownRuns {
    @Override
    public History history() {
      return new History(() -> runs.list().flatMap(r -> PastRun.of(r).stream()));
    }

    @Override
    public long count(RunState state) {
      return runs.list(r -> RunState.of(r) == state).count();
    }

    @Override
    public boolean isSettled(ResourceID run) {
      return runs.get(run).filter(KnownRuns::isSettled).isPresent();
    }
  }
}
