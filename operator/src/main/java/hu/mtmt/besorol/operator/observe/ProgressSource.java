package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.Progress;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The progress of running pods. A pod that does not answer is asked again at the next interval:
 * progress is shown, nothing depends on it.
 */
public final class ProgressSource extends PodDocumentSource<Progress, TrainingRun> {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressSource.class);

  private final Map<ResourceID, Followed> followed = new ConcurrentHashMap<>();

  /**
   * @param interval between two questions
   */
  public ProgressSource(Duration interval) {
    super(Progress.class, "progress", interval);
  }

  /** A pod that is asked, and what it answered last. */
  private record Followed(String podUid, URI address, Optional<Progress> newest) {
    Followed with(Progress progress) {
      return new Followed(podUid, address, Optional.of(progress));
    }
  }

  /**
   * Asks that pod from now on; another pod of the run is not asked any more.
   *
   * @return what the pod answered last
   */
  public Optional<Progress> follow(TrainingRun run, Pod pod) {
    var address = address(pod, Progress.ROUTE);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    return followed
        .compute(
            ResourceID.fromResource(run),
            (id, now) ->
                now != null && now.podUid().equals(pod.getMetadata().getUid())
                    ? now
                    : new Followed(pod.getMetadata().getUid(), address.get(), Optional.empty()))
        .newest();
  }

  /** Asks no pod of that run any more. */
  public void forget(TrainingRun run) {
    followed.remove(ResourceID.fromResource(run));
  }

  @Override
  public Set<Progress> getSecondaryResources(TrainingRun run) {
    return Optional.ofNullable(followed.get(ResourceID.fromResource(run)))
        .flatMap(Followed::newest)
        .map(Set::of)
        .orElseGet(Set::of);
  }

  @Override
  void round() {
    followed.forEach(this::ask);
  }

  @Override
  void forgetAll() {
    followed.clear();
  }

  private void ask(ResourceID run, Followed asked) {
    ask(asked.address())
        .whenComplete(
            (progress, problem) -> {
              if (problem != null) {
                LOG.debug("{} does not tell its progress: {}", asked.address(), problem.toString());
              } else {
                remember(run, asked, progress);
              }
            });
  }

  private void remember(ResourceID run, Followed asked, Progress progress) {
    var changed = followed.replace(run, asked, asked.with(progress));
    if (changed && !asked.newest().equals(Optional.of(progress)) && isRunning()) {
      getEventHandler().handleEvent(new Event(run));
    }
  }
}
