package hu.mtmt.besorol.operator.promotion;

import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.api.ClassifierModelStatus.Withdrawal;
import hu.mtmt.besorol.api.JudgementStatus;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.operator.status.Judgements;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The versions of a model, the newest first. Their age is the time at which the run that trained
 * them first was complete.
 */
public record Versions(List<ModelVersion> newestFirst) {
  private static final Comparator<ModelVersion> NEWEST_FIRST =
      Comparator.comparing(ModelVersion::completedTime)
          .thenComparing(ModelVersion::version)
          .reversed();

  public Versions {
    newestFirst = newestFirst.stream().sorted(NEWEST_FIRST).toList();
  }

  /**
   * Together with what those runs trained. A run whose version was recorded before and is not here
   * any more was pruned; it is not recorded again.
   *
   * @param modelUid of the model that these are the versions of
   */
  public Versions with(Collection<TrainingRun> completeRuns, String modelUid) {
    var all = new LinkedHashMap<String, ModelVersion>();
    newestFirst.forEach(v -> all.put(v.version(), v));
    completeRuns.stream()
        .filter(run -> !modelUid.equals(run.getStatus().recordedBy()))
        .map(Versions::trainedBy)
        .sorted(NEWEST_FIRST.reversed())
        .forEach(v -> all.putIfAbsent(v.version(), v));
    return new Versions(List.copyOf(all.values()));
  }

  private static ModelVersion trainedBy(TrainingRun run) {
    var status = TrainingRunStatuses.previous(run);
    return new ModelVersion(
        status.result().version(),
        run.getMetadata().getName(),
        status.completionTime(),
        Verdict.JUDGING,
        List.of(),
        status.result().judgement(),
        null,
        null,
        null);
  }

  /**
   * Together with what those evaluations measured. One that rests on something else than {@code
   * basis} came too late.
   */
  public Versions with(Collection<EvaluationResult> evaluations, Basis basis) {
    var measured =
        evaluations.stream()
            .collect(
                Collectors.groupingBy(
                    e -> e.version().value(),
                    Collectors.mapping(
                        e -> Judgements.toStatus(e.judgement()), Collectors.toList())));
    return map(
        v ->
            measured.getOrDefault(v.version(), List.of()).stream()
                .filter(j -> j.basis().equals(basis.digest()))
                .reduce(v, Versions::withJudgement, (a, b) -> b));
  }

  /** What figures must rest on now, as {@link Judgements#basis} says. */
  public record Basis(String digest) {}

  private static ModelVersion withJudgement(ModelVersion v, JudgementStatus judgement) {
    return new ModelVersion(
        v.version(),
        v.trainingRun(),
        v.completedTime(),
        v.verdict(),
        v.gates(),
        Judgements.merge(v.judgement(), judgement),
        v.decidedTime(),
        v.forced(),
        v.withdrawn());
  }

  /** With that version taken back. */
  public Versions with(String version, Withdrawal withdrawn) {
    return map(
        v ->
            v.version().equals(version)
                ? new ModelVersion(
                    v.version(),
                    v.trainingRun(),
                    v.completedTime(),
                    v.verdict(),
                    v.gates(),
                    v.judgement(),
                    v.decidedTime(),
                    v.forced(),
                    withdrawn)
                : v);
  }

  /** Without those. */
  public Versions without(Collection<String> versions) {
    return new Versions(newestFirst.stream().filter(v -> !versions.contains(v.version())).toList());
  }

  /** Each changed. */
  public Versions map(UnaryOperator<ModelVersion> change) {
    return new Versions(newestFirst.stream().map(change).toList());
  }

  /** The one of that name. */
  public Optional<ModelVersion> find(String version) {
    return newestFirst.stream().filter(v -> v.version().equals(version)).findFirst();
  }

  /** Whether {@code a} is older than {@code b}. */
  static boolean older(ModelVersion a, ModelVersion b) {
    return NEWEST_FIRST.compare(a, b) > 0;
  }

  /**
   * Those that are to be removed so that no more than {@code retained} are left: the oldest that
   * are not protected.
   */
  public List<String> surplus(int retained, Collection<String> protectedVersions) {
    var surplus = newestFirst.size() - retained;
    return surplus <= 0
        ? List.of()
        : newestFirst.reversed().stream()
            .map(ModelVersion::version)
            .filter(v -> !protectedVersions.contains(v))
            .limit(surplus)
            .toList();
  }
}
