package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.operator.observe.Kueue;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Stands in for Kueue in one namespace: each method takes a step that its documentation describes,
 * when the test says so. A Job with the queue's label has a Workload; it is admitted by node
 * selectors in its template and the end of its suspension, and evicted by being suspended.
 */
final class StandInKueue {
  private static final String VERSION = "kueue.x-k8s.io/v1beta1";

  private final KubernetesClient client;
  private final String namespace;

  StandInKueue(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Installs its API in the cluster. */
  static void install(KubernetesClient client) {
    for (var crd :
        client.load(StandInKueue.class.getResourceAsStream("/kueue/crds.yaml")).items()) {
      client.resource(crd).serverSideApply();
      client
          .resource((CustomResourceDefinition) crd)
          .waitUntilCondition(StandInKueue::isEstablished, 30, TimeUnit.SECONDS);
    }
  }

  /** A definition that was just made has a status whose conditions are null. */
  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  /** A LocalQueue of the namespace. */
  void createQueue(String name) {
    client
        .resource(
            Serialization.unmarshal(
                "apiVersion: %s\nkind: LocalQueue\nmetadata: {name: %s}\nspec: {clusterQueue: all}"
                    .formatted(VERSION, name),
                GenericKubernetesResource.class))
        .inNamespace(namespace)
        .create();
  }

  /** Makes the Workload of a Job, which waits. */
  void queue(String job, String why) {
    var found = job(job);
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: %s
                kind: Workload
                metadata:
                  name: job-%s
                  labels: {kueue.x-k8s.io/job-uid: %s}
                  ownerReferences:
                  - {apiVersion: batch/v1, kind: Job, name: %s, uid: %s, controller: true}
                spec: {queueName: %s}
                """
                    .formatted(
                        VERSION,
                        job,
                        found.getMetadata().getUid(),
                        job,
                        found.getMetadata().getUid(),
                        found.getMetadata().getLabels().get(Kueue.QUEUE_NAME)),
                GenericKubernetesResource.class))
        .inNamespace(namespace)
        .create();
    conditions(job, condition("QuotaReserved", "False", "Pending", why));
  }

  /** Admits it on nodes with those labels. */
  void admit(String job, Map<String, String> nodeLabels) {
    conditions(
        job,
        condition("QuotaReserved", "True", "QuotaReserved", "Quota reserved in ClusterQueue all"),
        condition("Admitted", "True", "Admitted", "The workload is admitted"));
    client
        .resource(job(job))
        .edit(
            j -> {
              var selector = j.getSpec().getTemplate().getSpec().getNodeSelector();
              var all = new TreeMap<>(selector == null ? Map.<String, String>of() : selector);
              all.putAll(nodeLabels);
              j.getSpec().getTemplate().getSpec().setNodeSelector(all);
              j.getSpec().setSuspend(false);
              return j;
            });
  }

  /** Takes its machines back. */
  void evict(String job, String reason, String why) {
    conditions(
        job,
        condition("QuotaReserved", "False", "Pending", why),
        condition("Admitted", "False", "NoReservation", "The workload has no reservation"),
        condition("Evicted", "True", reason, why));
    client
        .resource(job(job))
        .edit(
            j -> {
              j.getSpec().setSuspend(true);
              return j;
            });
  }

  /** What the garbage collector leaves of a Job whose pods are gone. */
  static Job withoutFinalizers(Job job) {
    job.getMetadata().setFinalizers(List.of());
    return job;
  }

  private Job job(String name) {
    return client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
  }

  private void conditions(String job, String... conditions) {
    client
        .genericKubernetesResources(VERSION, "Workload")
        .inNamespace(namespace)
        .withName("job-" + job)
        .editStatus(
            w -> {
              w.setAdditionalProperty(
                  "status",
                  Serialization.unmarshal(
                      "conditions:\n" + String.join("", conditions), Map.class));
              return w;
            });
  }

  private static String condition(String type, String status, String reason, String message) {
    return "- {type: %s, status: \"%s\", reason: %s, message: \"%s\", lastTransitionTime: \"%s\"}\n"
        .formatted(type, status, reason, message, Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }
}
