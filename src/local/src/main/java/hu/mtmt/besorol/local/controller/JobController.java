package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes pods for Jobs and tells by the Jobs' status what became of them: {@link JobStep}. */
final class JobController implements Reconciler {
  private static final String UID_LABEL = "batch.kubernetes.io/controller-uid";

  private final ClusterScope cluster;
  private final PodFactory factory;
  private final JobStep.RetryDelays delays;
  private final Events events;
  private final Clock clock;

  JobController(
      ClusterScope cluster,
      PodFactory factory,
      JobStep.RetryDelays delays,
      Events events,
      Clock clock) {
    this.cluster = cluster;
    this.factory = factory;
    this.delays = delays;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public Optional<Duration> reconcile(ObjectKey key) {
    var job = cluster.get(key, Job.class);
    if (job == null || job.getMetadata().getDeletionTimestamp() != null) {
      releaseOrphans(key);
      return Optional.empty();
    }
    // The API server keeps whole seconds.
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var step = JobStep.next(job, podsOf(job), now, delays);
    if (!step.status().equals(job.getStatus())) {
      cluster.in(key, Job.class).resource(job).editStatus(j -> withStatus(j, step));
    }
    step.release().forEach(this::release);
    for (var pod : step.delete()) {
      events.normal(job, "SuccessfulDelete", "Deleted pod: " + pod.getMetadata().getName());
      cluster.in(key, Pod.class).withName(pod.getMetadata().getName()).delete();
    }
    for (int i = 0; i < step.create(); i++) {
      var pod = cluster.in(key, Pod.class).resource(podOf(job)).create();
      events.normal(job, "SuccessfulCreate", "Created pod: " + pod.getMetadata().getName());
    }
    if (step.remove()) {
      cluster
          .in(key, Job.class)
          .withName(key.name())
          .withPropagationPolicy(DeletionPropagation.BACKGROUND)
          .delete();
    }
    return step.again();
  }

  private static Job withStatus(Job job, JobStep step) {
    job.setStatus(step.status());
    return job;
  }

  private List<Pod> podsOf(Job job) {
    return cluster
        .in(ObjectKey.of(job), Pod.class)
        .withLabel(UID_LABEL, job.getMetadata().getUid())
        .list()
        .getItems();
  }

  private Pod podOf(Job job) {
    var name = job.getMetadata().getName();
    var pod =
        factory.create(
            job.getSpec().getTemplate(),
            job,
            Map.of(
                UID_LABEL,
                job.getMetadata().getUid(),
                "batch.kubernetes.io/job-name",
                name,
                "job-name",
                name));
    pod.getMetadata().setFinalizers(List.of(JobStep.TRACKING));
    return pod;
  }

  /** Nobody counts the pods of a Job that is gone. */
  private void releaseOrphans(ObjectKey key) {
    cluster
        .in(key, Pod.class)
        .withLabel("batch.kubernetes.io/job-name", key.name())
        .list()
        .getItems()
        .forEach(this::release);
  }

  private void release(Pod pod) {
    if (!pod.getMetadata().getFinalizers().contains(JobStep.TRACKING)) {
      return;
    }
    cluster
        .in(ObjectKey.of(pod), Pod.class)
        .resource(pod)
        .edit(
            p -> {
              p.getMetadata()
                  .setFinalizers(
                      p.getMetadata().getFinalizers().stream()
                          .filter(f -> !f.equals(JobStep.TRACKING))
                          .toList());
              return p;
            });
  }
}
