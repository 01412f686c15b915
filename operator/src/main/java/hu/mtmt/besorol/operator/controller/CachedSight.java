package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.config.AllowedHosts;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.desired.Names;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Flavors;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the queue sees, from the caches of the reconciler of runs. */
final class CachedSight implements RunQueue.Sight {
  private static final String ACTIVE = "active";

  private final IndexedResourceCache<TrainingRun> runs;
  private final Cache<Job> jobs;
  private final Cache<ClassifierModel> models;
  private final Optional<EndedJobs> ended;
  private final Supplier<Flavors> flavors;
  private final OperatorConfig config;

  /**
   * @param runs in whose cache the index {@link #index} is
   * @param ended which of {@code jobs} have ended, if that is noted
   */
  CachedSight(
      IndexedResourceCache<TrainingRun> runs,
      Cache<Job> jobs,
      Cache<ClassifierModel> models,
      Optional<EndedJobs> ended,
      Supplier<Flavors> flavors,
      OperatorConfig config) {
    this.runs = runs;
    this.jobs = jobs;
    this.models = models;
    this.ended = ended;
    this.flavors = flavors;
    this.config = config;
  }

  /** Why the data of a run may not be read or its package not be kept, if so. */
  static Optional<String> objection(
      TrainingRun run, Optional<ClassifierModel> model, OperatorConfig config) {
    var ofModel =
        model.stream()
            .flatMap(m -> Stream.of(m.getSpec().taxonomy().source(), m.getSpec().holdout()));
    var ofRun = Stream.of(run.getSpec().training(), run.getSpec().validation());
    var allowed = AllowedHosts.of(config);
    return allowed
        .objection(Stream.concat(ofRun, ofModel).filter(s -> s != null).toList())
        .or(() -> model.flatMap(m -> allowed.objection(m.getSpec().store())));
  }

  /** Finds runs that have not ended without looking at all. */
  static void index(IndexerResourceCache<TrainingRun> runs) {
    runs.addIndexer(ACTIVE, run -> TrainingRunStatuses.hasEnded(run) ? List.of() : List.of(ACTIVE));
  }

  /** Which Job a run has or will have. */
  static ResourceID jobOf(TrainingRun run) {
    return new ResourceID(Names.training(run), run.getMetadata().getNamespace());
  }

  @Override
  public Stream<TrainingRun> active() {
    return runs.byIndex(ACTIVE, ACTIVE).stream();
  }

  @Override
  public Optional<Job> job(TrainingRun run) {
    return jobs.get(jobOf(run)).filter(j -> RunObservation.controls(run, j));
  }

  @Override
  public boolean hasEndedJob(TrainingRun run) {
    return ended.map(e -> e.contain(run)).orElseGet(() -> EndedJobs.isEnded(job(run)));
  }

  @Override
  public Optional<ClassifierModel> readableModel(TrainingRun run) {
    return models
        .get(new ResourceID(run.getSpec().modelRef().name(), run.getMetadata().getNamespace()))
        .filter(m -> objection(run, Optional.of(m), config).isEmpty());
  }

  @Override
  public Flavors flavors() {
    return flavors.get();
  }
}
