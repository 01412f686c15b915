package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus.ProgressStatus;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.TrainingResult;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the surroundings of a run.
 *
 * @param model the model that it names
 * @param job its Job
 * @param pods the Job's pods
 * @param progress the newest that its running pod told
 * @param kueue what Kueue says of it
 * @param refusal why pods of the Job are not made, if they are refused
 * @param strayNodes what is to be said of nodes that no flavor has, while a pod finds none
 */
public record RunObservation(
    Optional<ClassifierModel> model,
    Optional<Job> job,
    List<Pod> pods,
    Optional<Progress> progress,
    Kueue kueue,
    Optional<Refusal> refusal,
    Optional<String> strayNodes) {

  public RunObservation {
    pods = List.copyOf(pods);
  }

  /** Of a run whose pods nobody refuses. */
  public RunObservation(
      Optional<ClassifierModel> model,
      Optional<Job> job,
      List<Pod> pods,
      Optional<Progress> progress,
      Kueue kueue) {
    this(model, job, pods, progress, kueue, Optional.empty(), Optional.empty());
  }

  /** The same with other pods. */
  public RunObservation with(List<Pod> others) {
    return new RunObservation(model, job, others, progress, kueue, refusal, strayNodes);
  }

  /** The same with what the cluster says of pods that are not made, and of nodes. */
  public RunObservation with(Optional<Refusal> refused, Optional<String> stray) {
    return new RunObservation(model, job, pods, progress, kueue, refused, stray);
  }

  /** Of a run that waits in no queue of Kueue. */
  public RunObservation(
      Optional<ClassifierModel> model,
      Optional<Job> job,
      List<Pod> pods,
      Optional<Progress> progress) {
    this(model, job, pods, progress, new Kueue.NotAsked());
  }

  /** How far the Job is. */
  public JobState jobState() {
    return JobState.of(job);
  }

  /** What came out. */
  public PodResult<TrainingResult> result() {
    return PodResult.of(pods, TrainingResult.class);
  }

  /** Whether the Job is complete, but the pod that made it so was gone before it was read. */
  public boolean hasLostItsResult() {
    return jobState() instanceof JobState.Complete && PodResult.succeeded(pods).isEmpty();
  }

  /** What the run needs: the newest that its pods told, at their end or meanwhile. */
  public Optional<Footprint> footprint() {
    return PodResult.footprint(pods).or(() -> progress.map(Progress::footprint));
  }

  /** How many pods of the Job failed. */
  public int failedPods() {
    return job.map(Job::getStatus).map(JobStatus::getFailed).orElse(0);
  }

  /** A pod of the Job whose processes run. */
  public Optional<Pod> runningPod() {
    return pods.stream().filter(p -> "Running".equals(PodFailure.phase(p))).findFirst();
  }

  /** The pods that train together; empty without a Job. */
  public Optional<Gang> gang() {
    return job.map(j -> Gang.of(j, pods));
  }

  /** Whether a Job that is not suspended has fewer pods than it should. */
  public boolean lacksPods() {
    return jobState() instanceof JobState.Active(var suspended)
        && !suspended
        && job.filter(j -> !j.isMarkedForDeletion()).isPresent()
        && gang().filter(Gang::lacksPods).isPresent();
  }

  /** What keeps the pods, not all of which run, from running. */
  public Optional<PodFailure> obstacle(Instant now) {
    return refusal.map(Refusal::obstacle).or(() -> PodFailure.obstacle(pods, now));
  }

  /** Whether all pods that train together have started, and one of them at least still runs. */
  public boolean isTraining() {
    return isLedToTheEnd()
        || runningPod().isPresent()
            && gang().filter(g -> !g.isOfMany() || g.isComplete()).isPresent();
  }

  /**
   * Whether the first of several pods has ended well: the others, which are stopped, did not fail.
   */
  public boolean isLedToTheEnd() {
    return gang().filter(Gang::isOfMany).isPresent()
        && pods.stream()
            .anyMatch(p -> Gang.rank(p) == 0 && "Succeeded".equals(PodFailure.phase(p)));
  }

  /** Whether the Job controller still counts pods of that Job that have not ended. */
  public static boolean hasLivePods(Job job) {
    var status = job.getStatus();
    return status != null && count(status.getActive()) + count(status.getTerminating()) > 0;
  }

  private static int count(Integer pods) {
    return pods == null ? 0 : pods;
  }

  /** How many GPUs a pod of a Job gets. */
  public static int gpus(Job job) {
    var gpus = limit(job, "nvidia.com/gpu");
    return gpus == null ? 0 : Quantity.getAmountInBytes(gpus).intValue();
  }

  private static Quantity limit(Job job, String resource) {
    return job.getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getResources()
        .getLimits()
        .get(resource);
  }

  /** The memory that pods of a Job get, in MiB, rounded down. */
  public static long memoryMebibytes(Job job) {
    return Quantity.getAmountInBytes(limit(job, "memory")).longValue() >> 20;
  }

  /**
   * Up to when the work on a Job is in a checkpoint, or when it began. Nodes tell that by their
   * clocks: it is not before the Job was made, and not later than now.
   */
  public static Instant safe(Job job, Optional<ProgressStatus> progress, Instant now) {
    var made = Instant.parse(job.getMetadata().getCreationTimestamp());
    var told =
        progress
            .map(ProgressStatus::checkpointTime)
            .or(() -> Optional.ofNullable(job.getStatus()).map(JobStatus::getStartTime))
            .map(Instant::parse)
            .orElse(made);
    return told.isBefore(made) ? made : told.isAfter(now) ? now : told;
  }

  /** Whether the run had a Job at any time. */
  public boolean started(TrainingRun run) {
    return job.isPresent() || run.getStatus() != null && run.getStatus().jobName() != null;
  }

  /** Whether the model for which the run was started is gone, even if another has its name. */
  public boolean modelDeleted(TrainingRun run) {
    if (!started(run)) {
      return false;
    }
    if (model.isEmpty() || model.get().isMarkedForDeletion()) {
      return true;
    }
    return job.map(j -> j.getMetadata().getAnnotations().get(Labels.MODEL_UID))
        .filter(uid -> !uid.equals(model.get().getMetadata().getUid()))
        .isPresent();
  }

  /** Whether {@code owner} controls that object: a namesake of a deleted one does not count. */
  public static boolean controls(HasMetadata owner, HasMetadata owned) {
    return owned.getMetadata().getOwnerReferences().stream()
        .anyMatch(
            r ->
                Boolean.TRUE.equals(r.getController())
                    && r.getUid().equals(owner.getMetadata().getUid()));
  }
}
