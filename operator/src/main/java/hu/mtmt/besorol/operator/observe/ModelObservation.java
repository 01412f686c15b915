package hu.mtmt.besorol.operator.observe;

import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.contract.ServiceReport;
import hu.mtmt.besorol.operator.desired.PlannedJob;
import hu.mtmt.besorol.operator.observe.Rollout.Role;
import hu.mtmt.besorol.operator.observe.ServiceReportSource.Told;
import hu.mtmt.besorol.operator.promotion.Figures;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
 * @param platform what is to run the pods that answer
 * @param rollouts of the Deployments and Configurations of its versions
 * @param service the address of the model
 * @param route its address on Knative
 * @param told what the pods of a canary and of the serving version told last, by their UIDs
 */
public record ModelObservation(
    List<TrainingRun> completeRuns,
    int runsUnderWay,
    List<Job> jobs,
    List<ConfigMap> plans,
    List<Pod> pods,
    Platform platform,
    List<Rollout> rollouts,
    Optional<Service> service,
    Optional<Route> route,
    Map<String, Told> told) {

  /** Longer than any cache is behind: a plan that was made so long ago has no Job that is new. */
  private static final Duration PLAN_WITHOUT_JOB = Duration.ofMinutes(5);

  /** How far the pods of a version are, on the wanted platform, that are not a canary's. */
  public Optional<Rollout> whole(String version) {
    return rollout(version, Role.WHOLE, platform);
  }

  /** How far the pods of a version are that get a part of another one's requests. */
  public Optional<Rollout> canary(String version) {
    return rollout(version, Role.CANARY, platform);
  }

  /**
   * What all pods of a version tell that get the requests of {@code serving}; empty if one of them
   * has told nothing since then.
   */
  public Optional<Figures> figuresOfAll(String version, String serving, Instant since) {
    var pods = answering(version, serving);
    return Optional.of(figures(pods, since))
        .filter(reports -> !reports.isEmpty() && reports.size() == pods.size())
        .map(Figures::of);
  }

  /** What pods of a version tell that get its own requests; empty if none has since then. */
  public Optional<Figures> figures(String version, Instant since) {
    return Optional.of(figures(answering(version, version), since))
        .filter(reports -> !reports.isEmpty())
        .map(Figures::of);
  }

  private List<ServiceReport> figures(List<Pod> pods, Instant since) {
    return pods.stream()
        .map(p -> told.get(p.getMetadata().getUid()))
        .filter(t -> t != null && !t.time().isBefore(since))
        .map(Told::report)
        .toList();
  }

  /** The pods of a version that get the requests of {@code serving} and were not told to end. */
  private List<Pod> answering(String version, String serving) {
    return answering(pods, version, serving);
  }

  /** Those among {@code pods}. */
  public static List<Pod> answering(Collection<Pod> pods, String version, String serving) {
    var labels =
        Map.of(
            Labels.SHORT_VERSION, new Digest(version).abbreviated(),
            Labels.ANSWERS_FOR, new Digest(serving).abbreviated());
    return pods.stream()
        .filter(p -> p.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
        .filter(p -> !p.isMarkedForDeletion())
        .toList();
  }

  /** How the pods are that get the requests, if they are of that version. */
  public Optional<Rollout> answering(String version) {
    return target().isPresent()
        ? target().filter(version::equals).flatMap(v -> rollout(v, Role.WHOLE, asked()))
        : rollout(version, Role.FORMER, Platform.DEPLOYMENT);
  }

  private Optional<Rollout> rollout(String version, Role role, Platform platform) {
    return rollouts.stream()
        .filter(r -> r.role() == role && r.platform() == platform)
        .filter(r -> r.version().equals(version))
        .findFirst();
  }

  /** The platform whose pods get the requests; the wanted one if there is no address yet. */
  public Platform asked() {
    if (service.isEmpty()) {
      return platform;
    }
    return annotation(Labels.PLATFORM).filter(Platform.KNATIVE.written()::equals).isPresent()
        ? Platform.KNATIVE
        : Platform.DEPLOYMENT;
  }

  /** The version that all requests go to; empty if no operator has said so that knew how. */
  public Optional<String> target() {
    return annotation(Labels.VERSION);
  }

  /** Whether requests to the address of the wanted platform get through to pods. */
  public boolean routed() {
    return platform == Platform.DEPLOYMENT || route.filter(Knative::isReady).isPresent();
  }

  /** Where the model can be reached, if somebody who made it reachable says so, or Knative. */
  public Optional<String> address() {
    return annotation(Labels.URL)
        .or(() -> route.filter(r -> asked() == Platform.KNATIVE).flatMap(Knative::address));
  }

  private Optional<String> annotation(String name) {
    return service.map(s -> s.getMetadata().getAnnotations()).map(a -> a.get(name));
  }

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
