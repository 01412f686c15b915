package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.Mappers;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What models are told of their runs, from the cache of the reconciler of runs: so the server sends
 * each run once, and it is held once. How far a run is does not matter to its model, only how it
 * ended; and one that has ended no longer, once the model has recorded it.
 */
public final class RunsOfModels extends AbstractEventSource<TrainingRun, ClassifierModel>
    implements CompactStore.Listener<TrainingRun> {
  private final Map<String, Note> notes = new ConcurrentHashMap<>();
  private final Map<ResourceID, Set<String>> keys = new ConcurrentHashMap<>();
  private volatile Cache<ClassifierModel> models;

  /** Null as long as not all runs are known. */
  private volatile Cache<TrainingRun> runs;

  private record Note(ResourceID model, Sources.Ending ending) {
    /** Many runs are of one model: what names it is held once. */
    static Note of(TrainingRun run) {
      var model = Sources.modelOf(run);
      var ending = Sources.ending(run);
      return new Note(
          new ResourceID(model.getName().intern(), model.getNamespace().orElseThrow().intern()),
          new Sources.Ending(
              ending.complete(),
              ending.failed(),
              ending.recordedBy() == null ? null : ending.recordedBy().intern()));
    }

    boolean matters(ClassifierModel model) {
      return ending.complete()
          ? !model.getMetadata().getUid().equals(ending.recordedBy())
          : !ending.failed();
    }
  }

  /** Knows no run yet. */
  public RunsOfModels() {
    super(TrainingRun.class, "runs");
  }

  /** For these models, from now on. */
  RunsOfModels tells(Cache<ClassifierModel> models) {
    this.models = models;
    return this;
  }

  /**
   * What the reconciler of runs starts when its cache is filled, and stops with it.
   *
   * @param runs its cache
   */
  EventSource<Void, TrainingRun> whileKnown(Cache<TrainingRun> runs) {
    return new AbstractEventSource<>(Void.class, "runs-of-models") {
      @Override
      public Set<Void> getSecondaryResources(TrainingRun run) {
        return Set.of();
      }

      @Override
      public void start() {
        super.start();
        RunsOfModels.this.runs = runs;
        if (models != null) {
          models.keys().forEach(RunsOfModels.this::tell);
        }
      }

      @Override
      public void stop() {
        RunsOfModels.this.runs = null;
        super.stop();
      }
    };
  }

  /** Whether all runs are known, too. */
  @Override
  public boolean isRunning() {
    return super.isRunning() && runs != null;
  }

  @Override
  public Set<TrainingRun> getSecondaryResources(ClassifierModel model) {
    var cache = runs;
    return cache == null
        ? Set.of()
        : keys.getOrDefault(ResourceID.fromResource(model), Set.of()).stream()
            .filter(
                key ->
                    Optional.ofNullable(notes.get(key)).filter(n -> n.matters(model)).isPresent())
            .flatMap(key -> cache.get(Mappers.fromString(key)).stream())
            .collect(Collectors.toSet());
  }

  @Override
  public void put(String key, TrainingRun run) {
    var now = Note.of(run);
    var before = notes.put(key, now);
    if (before != null && !before.model().equals(now.model())) { // another run of that name
      leave(before.model(), key);
    }
    if (!now.equals(before)) {
      keys.computeIfAbsent(now.model(), _ -> ConcurrentHashMap.newKeySet()).add(key);
      tell(now.model());
    }
  }

  @Override
  public void removed(String key) {
    var before = notes.remove(key);
    if (before != null) {
      leave(before.model(), key);
    }
  }

  private void leave(ResourceID model, String key) {
    keys.computeIfPresent(
        model,
        (_, of) -> {
          of.remove(key);
          return of.isEmpty() ? null : of;
        });
    tell(model);
  }

  private void tell(ResourceID model) {
    if (isRunning()) {
      getEventHandler().handleEvent(new Event(model));
    }
  }
}
