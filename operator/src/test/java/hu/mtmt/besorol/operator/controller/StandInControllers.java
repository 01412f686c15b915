package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.operator.desired.PlannedJob;
import hu.mtmt.besorol.operator.observe.Gang;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * Stands in for the Job controller, the Deployment controller and the kubelet of a cluster, in one
 * namespace: each method takes one step of theirs, when the test says so.
 */
final class StandInControllers {
  private final KubernetesClient client;
  private final String namespace;
  private volatile Duration ahead = Duration.ZERO;

  StandInControllers(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** The plan that a Job's pods find. */
  JobPlan plan(String job) {
    var map = client.configMaps().inNamespace(namespace).withName(job).get();
    return ContractJson.read(
        map.getData().get(PlannedJob.PLAN_FILE).getBytes(StandardCharsets.UTF_8),
        JobPlan.class,
        job);
  }

  Job job(String name) {
    return client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
  }

  List<Job> jobs(Labels.Component component) {
    return client
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .withLabel(Labels.COMPONENT, component.value())
        .list()
        .getItems();
  }

  /** Creates a pod of the Job that runs; its port may be one of a server of the test. */
  Pod startPod(String jobName, int attempt, String ip, Integer port) {
    return startPod(jobName, jobName + "-" + attempt, Map.of(), ip, port);
  }

  private Pod startPod(
      String jobName, String name, Map<String, String> annotations, String ip, Integer port) {
    var job = job(jobName);
    var template = job.getSpec().getTemplate();
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withAnnotations(annotations)
            .withNamespace(namespace)
            .withLabels(template.getMetadata().getLabels())
            .addNewOwnerReference()
            .withApiVersion(job.getApiVersion())
            .withKind(job.getKind())
            .withName(jobName)
            .withUid(job.getMetadata().getUid())
            .withController(true)
            .endOwnerReference()
            .endMetadata()
            .withSpec(template.getSpec())
            .build();
    if (port != null) {
      pod.getSpec().getContainers().getFirst().getPorts().getFirst().setContainerPort(port);
    }
    client.resource(pod).create();
    client
        .resource(job)
        .editStatus(
            j -> {
              var status = j.getStatus() == null ? new JobStatus() : j.getStatus();
              if (status.getStartTime() == null) {
                status.setStartTime(now());
              }
              status.setActive(1);
              j.setStatus(status);
              return j;
            });
    return podStatus(
        pod,
        """
        phase: Running
        podIP: %s
        podIPs: [{ip: %s}]
        containerStatuses:
        - name: besorol
          image: x
          imageID: x
          ready: true
          restartCount: 0
          state: {running: {startedAt: "%s"}}
        """
            .formatted(ip, ip, now()));
  }

  /** Creates the pod of a rank of the Job, which runs, or finds no node. */
  Pod startRank(String jobName, int rank, int attempt, boolean onNode) {
    var pod =
        startPod(
            jobName,
            "%s-%d-%d".formatted(jobName, rank, attempt),
            Map.of(Gang.INDEX, String.valueOf(rank)),
            "127.0.0.1",
            1);
    return onNode
        ? pod
        : podStatus(
            pod,
            """
            phase: Pending
            conditions:
            - {type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available."}
            """);
  }

  Pod startPod(String jobName, int attempt) {
    return startPod(jobName, attempt, "127.0.0.1", 1);
  }

  /** Ends a pod. */
  Pod endPod(String pod, int exitCode, String reason, JobResult told) {
    var message =
        told == null ? "" : new String(ContractJson.writeLine(told), StandardCharsets.UTF_8);
    return podStatus(
        client.pods().inNamespace(namespace).withName(pod).get(),
        """
        phase: %s
        containerStatuses:
        - name: besorol
          image: x
          imageID: x
          ready: false
          restartCount: 0
          state:
            terminated:
              exitCode: %d
              reason: %s
              startedAt: "%s"
              finishedAt: "%s"
              message: %s
        """
            .formatted(
                exitCode == 0 ? "Succeeded" : "Failed",
                exitCode,
                reason,
                now(),
                now(),
                Serialization.asJson(message)));
  }

  /** The pods of a suspended Job are gone. */
  void stopped(String job) {
    client
        .pods()
        .inNamespace(namespace)
        .withLabels(job(job).getSpec().getTemplate().getMetadata().getLabels())
        .list()
        .getItems()
        .stream()
        .filter(p -> !"Failed".equals(p.getStatus().getPhase()))
        .forEach(p -> client.resource(p).withGracePeriod(0).delete());
    client
        .resource(job(job))
        .editStatus(
            j -> {
              j.getStatus().setActive(0);
              return j;
            });
  }

  /** Replaces a pod's status. */
  Pod podStatus(Pod pod, String yaml) {
    var status = Serialization.unmarshal(yaml, PodStatus.class);
    return client
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .editStatus(
            p -> {
              p.setStatus(status);
              return p;
            });
  }

  /** Ends a Job well. */
  void completeJob(String name) {
    jobStatus(
        name,
        """
        startTime: "%s"
        completionTime: "%s"
        succeeded: 1
        uncountedTerminatedPods: {}
        conditions:
        - {type: SuccessCriteriaMet, status: "True", reason: CompletionsReached, message: x, lastTransitionTime: "%s", lastProbeTime: "%s"}
        - {type: Complete, status: "True", reason: CompletionsReached, message: x, lastTransitionTime: "%s", lastProbeTime: "%s"}
        """
            .replace("%s", now()));
  }

  /** Ends a Job badly. */
  void failJob(String name, String reason, String message) {
    jobStatus(
        name,
        """
        startTime: "%1$s"
        failed: 1
        uncountedTerminatedPods: {}
        conditions:
        - {type: FailureTarget, status: "True", reason: %2$s, message: "%3$s", lastTransitionTime: "%1$s", lastProbeTime: "%1$s"}
        - {type: Failed, status: "True", reason: %2$s, message: "%3$s", lastTransitionTime: "%1$s", lastProbeTime: "%1$s"}
        """
            .formatted(now(), reason, message));
  }

  private void jobStatus(String name, String yaml) {
    var status = Serialization.unmarshal(yaml, JobStatus.class);
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .withName(name)
        .editStatus(
            j -> {
              if (j.getStatus() != null && j.getStatus().getStartTime() != null) {
                status.setStartTime(j.getStatus().getStartTime());
              }
              j.setStatus(status);
              return j;
            });
  }

  /** Runs a Job to its end: one pod that tells that. */
  void runJob(String name, JobResult told) {
    startPod(name, 1);
    endPod(name + "-1", 0, "Completed", told);
    completeJob(name);
  }

  Deployment deployment(String name) {
    return client.apps().deployments().inNamespace(namespace).withName(name).get();
  }

  /** The Deployments of a model. */
  List<Deployment> deployments(String model) {
    return client
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withLabel(Labels.MODEL, model)
        .list()
        .getItems();
  }

  /** Creates a pod of a Deployment, which answers on a port of this machine. */
  void startInferencePod(String deployment, int number, int port) {
    var template = deployment(deployment).getSpec().getTemplate();
    var pod =
        new PodBuilder()
            .withNewMetadataLike(template.getMetadata())
            .withName(deployment + "-" + number)
            .withNamespace(namespace)
            .endMetadata()
            .withSpec(template.getSpec())
            .build();
    pod.getSpec().getContainers().getFirst().getPorts().getFirst().setContainerPort(port);
    client.resource(pod).create();
    podStatus(
        pod,
        """
        phase: Running
        podIP: 127.0.0.1
        podIPs: [{ip: 127.0.0.1}]
        containerStatuses:
        - name: besorol
          image: x
          imageID: x
          ready: true
          restartCount: 0
          state: {running: {startedAt: "%s"}}
        """
            .formatted(now()));
  }

  /**
   * All pods of all Deployments of a model are of their templates and answer; one that the operator
   * deletes meanwhile has none.
   */
  void rollOut(String model) {
    for (var deployment : deployments(model)) {
      try {
        deploymentStatus(deployment, true);
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
          throw e;
        }
      }
    }
  }

  /** The pods of a Deployment of a version do not become ready in time. */
  void getStuck(String model, Digest version) {
    deployments(model).stream()
        .filter(d -> version.value().equals(versionOf(d)))
        .forEach(d -> deploymentStatus(d, false));
  }

  private static String versionOf(Deployment deployment) {
    return deployment.getSpec().getTemplate().getMetadata().getAnnotations().get(Labels.VERSION);
  }

  private void deploymentStatus(Deployment deployment, boolean complete) {
    var replicas = deployment.getSpec().getReplicas();
    client
        .resource(deployment)
        .editStatus(
            d -> {
              d.setStatus(
                  new DeploymentStatusBuilder()
                      .withObservedGeneration(d.getMetadata().getGeneration())
                      .withReplicas(replicas)
                      .withUpdatedReplicas(replicas)
                      .withReadyReplicas(complete ? replicas : 0)
                      .withAvailableReplicas(complete ? replicas : 0)
                      .addNewCondition()
                      .withType("Progressing")
                      .withStatus(complete ? "True" : "False")
                      .withReason(complete ? "NewReplicaSetAvailable" : "ProgressDeadlineExceeded")
                      .withMessage("ReplicaSet has timed out progressing.")
                      .withLastTransitionTime(now())
                      .withLastUpdateTime(now())
                      .endCondition()
                      .build());
              return d;
            });
  }

  /** What is written from now on is by clocks that are off by that. */
  void clocksAreAheadBy(Duration difference) {
    ahead = difference;
  }

  private String now() {
    return Instant.now().plus(ahead).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
