package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.operator.desired.PlannedJob;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of the surroundings of a model.
 *
 * @param completeRuns its runs that trained a version
 * @param runsUnderWay how many of its runs have not ended
 * @param jobs the Jobs that work on its versions
 * @param plans the ConfigMaps of those
 * @param pods the pods of those, and those that answer
 * @param rollout of the Deployment that serves, if there is one
 * @param address of the Service, as somebody who made it reachable says
 */
public record ModelObservation(
    List<TrainingRun> completeRuns,
    int runsUnderWay,
    List<Job> jobs,
    List<ConfigMap> plans,
    List<Pod> pods,
    Optional<Rollout> rollout,
    Optional<String> address) {

  /** Longer than any cache is behind: a plan that was made so long ago has no Job that is new. */
  private static final Duration PLAN_WITHOUT_JOB = Duration.ofMinutes(5);

  /** What evaluations have measured. */
  public List<EvaluationResult> evaluationResults() {
    return jobs(Component.EVALUATION).stream()
        .filter(j -> JobState.of(Optional.of(j)) instanceof JobState.Complete)
        .flatMap(
            j ->
                PodResult.of(podsOf(j), EvaluationResult.class)
                        instanceof PodResult.Found<EvaluationResult>(var result)
                    ? Optional.of(result).stream()
                    : Optional.<EvaluationResult>empty().stream())
        .toList();
  }

  /**
   * Why a Job has failed, or has nothing to show though it ended well; empty if it has not ended or
   * is not there.
   */
  public Optional<String> failure(String jobName) {
    return jobs.stream()
        .filter(j -> j.getMetadata().getName().equals(jobName))
        .findFirst()
        .flatMap(
            j ->
                switch (JobState.of(Optional.of(j))) {
                  case JobState.Failed failed ->
                      Optional.of(
                          PodFailure.newest(podsOf(j))
                              .map(PodFailure::message)
                              .orElse(failed.message()));
                  case JobState.Complete _ ->
                      PodResult.of(podsOf(j), EvaluationResult.class)
                              instanceof PodResult.Missing<EvaluationResult>(var message)
                          ? Optional.of(message)
                          : Optional.empty();
                  default -> Optional.empty();
                });
  }

  /** Versions whose removal was begun: they may be gone already. */
  public Set<String> removing() {
    return pruneJobs().stream()
        .flatMap(j -> versionsOf(j).stream())
        .map(Digest::value)
        .collect(Collectors.toSet());
  }

  /** Versions that are gone. */
  public Set<String> removed() {
    return pruneJobs().stream()
        .filter(j -> JobState.of(Optional.of(j)) instanceof JobState.Complete)
        .flatMap(j -> versionsOf(j).stream())
        .map(Digest::value)
        .collect(Collectors.toSet());
  }

  /** The Jobs that remove versions. */
  public List<Job> pruneJobs() {
    return jobs(Component.PRUNING);
  }

  /** The versions that a Job removes. */
  public List<Digest> versionsOf(Job job) {
    return plans.stream()
        .filter(p -> p.getMetadata().getName().equals(job.getMetadata().getName()))
        .findFirst()
        .map(ModelObservation::versions)
        .orElseGet(List::of);
  }

  /** Plans whose Job is gone, and that were not just made for a Job to come. */
  public List<ConfigMap> forgottenPlans(Instant now) {
    var names = jobs.stream().map(j -> j.getMetadata().getName()).collect(Collectors.toSet());
    return plans.stream()
        .filter(p -> !names.contains(p.getMetadata().getName()))
        .filter(
            p ->
                Instant.parse(p.getMetadata().getCreationTimestamp())
                    .plus(PLAN_WITHOUT_JOB)
                    .isBefore(now))
        .toList();
  }

  /** The versions that a Job judges at this moment. */
  public Set<String> judging() {
    return jobs(Component.EVALUATION).stream()
        .filter(j -> JobState.of(Optional.of(j)) instanceof JobState.Active)
        .map(j -> j.getMetadata().getAnnotations().get(Labels.VERSION))
        .collect(Collectors.toSet());
  }

  private List<Job> jobs(Component component) {
    return jobs.stream()
        .filter(j -> component.value().equals(j.getMetadata().getLabels().get(Labels.COMPONENT)))
        .toList();
  }

  private List<Pod> podsOf(Job job) {
    return pods.stream().filter(p -> RunObservation.controls(job, p)).toList();
  }

  private static List<Digest> versions(ConfigMap plan) {
    try {
      return ContractJson.read(
              plan.getData().get(PlannedJob.PLAN_FILE).getBytes(StandardCharsets.UTF_8),
              PrunePlan.class,
              "ConfigMap " + plan.getMetadata().getName())
          .versions();
    } catch (BesorolException e) {
      return List.of(); // of another version of the operator: its Job removes what it removes
    }
  }
}
