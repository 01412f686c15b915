package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.contract.ServiceReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the pods of a canary and of the serving version tell while there is a canary. Every answer
 * is a reason to look at the model again.
 */
public final class ServiceReportSource extends PodDocumentSource<ServiceReport, ClassifierModel> {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceReportSource.class);

  private final Clock clock;
  private final Map<ResourceID, Map<String, Asked>> followed = new ConcurrentHashMap<>();

  /**
   * @param interval between two questions
   */
  public ServiceReportSource(Duration interval, Clock clock) {
    super(ServiceReport.class, "service-reports", interval);
    this.clock = clock;
  }

  /** What a pod told, and when. */
  public record Told(ServiceReport report, Instant time) {}

  private record Asked(URI address, Optional<Told> newest) {}

  /**
   * Asks those pods from now on, and no others of that model.
   *
   * @return what they told last, by the pod's UID
   */
  public Map<String, Told> follow(ClassifierModel model, Collection<Pod> pods) {
    var asked =
        followed.compute(
            ResourceID.fromResource(model),
            (id, before) -> {
              var known = before == null ? Map.<String, Asked>of() : before;
              var now = new HashMap<String, Asked>();
              for (var pod : pods) {
                var uid = pod.getMetadata().getUid();
                address(pod, ServiceReport.ROUTE)
                    .map(a -> known.getOrDefault(uid, new Asked(a, Optional.empty())))
                    .ifPresent(a -> now.put(uid, a));
              }
              return now.isEmpty() ? null : Map.copyOf(now);
            });
    return asked == null
        ? Map.of()
        : asked.entrySet().stream()
            .filter(e -> e.getValue().newest().isPresent())
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().newest().get()));
  }

  @Override
  public Set<ServiceReport> getSecondaryResources(ClassifierModel model) {
    return followed.getOrDefault(ResourceID.fromResource(model), Map.of()).values().stream()
        .flatMap(a -> a.newest().stream())
        .map(Told::report)
        .collect(Collectors.toSet());
  }

  @Override
  void round() {
    followed.forEach((model, pods) -> pods.forEach((uid, asked) -> ask(model, uid, asked)));
  }

  @Override
  void forgetAll() {
    followed.clear();
  }

  private void ask(ResourceID model, String uid, Asked asked) {
    ask(asked.address())
        .whenComplete(
            (report, problem) -> {
              if (problem != null) {
                LOG.debug("{} does not report: {}", asked.address(), problem.toString());
              } else {
                remember(model, uid, new Asked(asked.address(), told(report)));
              }
            });
  }

  private Optional<Told> told(ServiceReport report) {
    return Optional.of(new Told(report, clock.instant()));
  }

  private void remember(ResourceID model, String uid, Asked answered) {
    followed.computeIfPresent(
        model,
        (id, pods) -> {
          var now = new HashMap<>(pods);
          now.replace(uid, answered);
          return Map.copyOf(now);
        });
    if (isRunning()) {
      getEventHandler().handleEvent(new Event(model));
    }
  }
}
