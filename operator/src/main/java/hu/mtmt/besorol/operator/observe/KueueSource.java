package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.TrainingRun;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks Kueue, where it is installed, about runs that wait in one of its queues: a LocalQueue by
 * name, and the Workload that Kueue makes of a Job. It is asked while a run waits and not watched,
 * so that the operator needs neither Kueue nor a right to its objects before a run names a queue.
 */
public final class KueueSource {
  private static final String GROUP = "kueue.x-k8s.io";

  /** The label of a Workload with the UID of its Job. */
  private static final String JOB_UID = GROUP + "/job-uid";

  private static final int LONGEST_MESSAGE = 512;

  private final KubernetesClient client;

  public KueueSource(KubernetesClient client) {
    this.client = client;
  }

  /** What Kueue says of that run. */
  public Kueue ask(TrainingRun run, Optional<Job> job) {
    var queue = run.getSpec().placement().queueName();
    if (queue == null || !waits(job)) {
      return new Kueue.NotAsked();
    }
    var version = version();
    if (version.isEmpty()) {
      return new Kueue.Unavailable(
          "spec.placement.queueName is %s, but Kueue is not installed in this cluster: have it installed, or create another run without queueName."
              .formatted(queue));
    }
    try {
      return job.isEmpty()
          ? localQueue(run, queue, version.get())
          : new Kueue.Waiting(workload(job.get(), version.get(), queue));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return new Kueue.Unavailable(
            "The operator may not read the queues of Kueue in this namespace: have the component"
                + " kubernetes/kueue applied.");
      }
      throw e;
    }
  }

  private static boolean waits(Optional<Job> job) {
    return switch (JobState.of(job)) {
      case JobState.Absent _ -> true;
      case JobState.Active(var suspended) -> suspended;
      case JobState.Complete _, JobState.Failed _ -> false;
    };
  }

  private Optional<String> version() {
    return Optional.ofNullable(client.getApiGroup(GROUP))
        .map(group -> group.getPreferredVersion().getVersion());
  }

  private Kueue localQueue(TrainingRun run, String queue, String version) {
    var namespace = run.getMetadata().getNamespace();
    var found =
        client
            .genericKubernetesResources(kind(version, "LocalQueue", "localqueues"))
            .inNamespace(namespace)
            .withName(queue)
            .get();
    return found != null
        ? new Kueue.NotAsked()
        : new Kueue.Unavailable(
            "There is no LocalQueue %s of Kueue in namespace %s: the run waits until there is one, or create another run with another queueName."
                .formatted(queue, namespace));
  }

  private String workload(Job job, String version, String queue) {
    var conditions =
        client
            .genericKubernetesResources(kind(version, "Workload", "workloads"))
            .inNamespace(job.getMetadata().getNamespace())
            .withLabel(JOB_UID, job.getMetadata().getUid())
            .list()
            .getItems()
            .stream()
            .findFirst()
            .map(KueueSource::conditions)
            .orElse(List.of());
    var evicted = condition(conditions, "Evicted", "True");
    var pending = condition(conditions, "QuotaReserved", "False");
    if (evicted.isPresent() && condition(conditions, "Admitted", "True").isEmpty()) {
      return "Kueue has taken its machines back (%s: %s): it goes on from its newest checkpoint when LocalQueue %s admits it again."
          .formatted(evicted.get().get("reason"), message(evicted.get()), queue);
    }
    return pending
        .map(c -> "Waiting in LocalQueue %s of Kueue: %s.".formatted(queue, message(c)))
        .orElseGet(() -> "Waiting for Kueue to admit it in LocalQueue %s.".formatted(queue));
  }

  private static ResourceDefinitionContext kind(String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(GROUP)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }

  private static List<Map<String, Object>> conditions(GenericKubernetesResource workload) {
    List<Map<String, Object>> found = workload.get("status", "conditions");
    return found == null ? List.of() : found;
  }

  private static Optional<Map<String, Object>> condition(
      List<Map<String, Object>> conditions, String type, String status) {
    return conditions.stream()
        .filter(c -> type.equals(c.get("type")) && status.equals(c.get("status")))
        .findFirst();
  }

  private static String message(Map<String, Object> condition) {
    var told = String.valueOf(condition.getOrDefault("message", "it did not say why"));
    var cut = told.length() > LONGEST_MESSAGE ? told.substring(0, LONGEST_MESSAGE) + "…" : told;
    return PodFailure.withoutFullStop(cut);
  }
}
