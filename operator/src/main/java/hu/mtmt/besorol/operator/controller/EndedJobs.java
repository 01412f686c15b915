package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.desired.Names;
import hu.mtmt.besorol.operator.observe.JobState;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Whose Jobs have ended, noted as the cache changes: the queue asks that of all runs together. */
final class EndedJobs implements CompactStore.Listener<Job> {
  private final Map<String, String> owners = new ConcurrentHashMap<>();

  @Override
  public void put(String key, Job job) {
    var owner = isEnded(Optional.of(job)) ? owner(job) : Optional.<String>empty();
    owner.ifPresentOrElse(uid -> owners.put(key, uid), () -> owners.remove(key));
  }

  @Override
  public void removed(String key) {
    owners.remove(key);
  }

  /** Whether the Job of that run has ended. */
  boolean contain(TrainingRun run) {
    var metadata = run.getMetadata();
    var key = Cache.namespaceKeyFunc(metadata.getNamespace(), Names.training(run));
    return metadata.getUid().equals(owners.get(key));
  }

  static boolean isEnded(Optional<Job> job) {
    return switch (JobState.of(job)) {
      case JobState.Complete _, JobState.Failed _ -> true;
      case JobState.Absent _, JobState.Active _ -> false;
    };
  }

  private static Optional<String> owner(Job job) {
    return job.getMetadata().getOwnerReferences().stream()
        .filter(r -> Boolean.TRUE.equals(r.getController()))
        .map(OwnerReference::getUid)
        .findFirst();
  }
}
