package hu.mtmt.besorol.operator.promotion;

import hu.mtmt.besorol.api.ClassifierModelSpec;
import hu.mtmt.besorol.api.ClassifierModelSpec.PromotionMode;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Verdict;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.evaluation.gates.GateOutcome.State;
import hu.mtmt.besorol.operator.promotion.Judge.Opinion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which version is to serve, and what must be measured to know better: a pure function of what was
 * measured.
 *
 * <p><b>Automatic.</b> The newest version that passes every gate is wanted. Going from the newest
 * to older ones, a version that was rejected is passed over; one of which something is not measured
 * yet is passed over for the time being, and judged. The search ends at the first that passes. The
 * serving version ends it too, even while it is judged anew: only if it is found not to pass any
 * more (gates were raised, the holdout changed) an older one that does may replace it. If none
 * passes, what serves goes on serving.
 *
 * <p><b>Manual.</b> The version that {@code spec.promotion.version} names is wanted once it passes
 * every gate; until then what serves goes on serving. All versions newer than the serving one are
 * judged, so that people see which they can name.
 *
 * @param versions with the gates' outcomes and the verdicts
 * @param wanted the version that is to serve, or empty if none may
 * @param evaluations what must be measured, the most urgent first
 * @param problem why the named version does not serve, in mode Manual
 */
public record Decision(
    Versions versions,
    Optional<String> wanted,
    List<EvaluationRequest> evaluations,
    Optional<Problem> problem) {

  /** A version that must be judged, with the comparisons that it needs. */
  public record EvaluationRequest(Digest version, List<ComparisonRequest> comparisons) {}

  /** Why a person must act. */
  public record Problem(Reason reason, String message) {}

  /**
   * Decides.
   *
   * @param versions all that may be named; those that are being removed are not among them
   * @param servingVersion the version that serves, or null
   */
  public static Decision of(
      ClassifierModelSpec spec, Versions versions, String servingVersion, Instant now) {
    var serving = servingVersion == null ? null : versions.find(servingVersion).orElse(null);
    var judge = new Judge(spec, serving);
    Map<String, Opinion> opinions = new LinkedHashMap<>();
    versions.newestFirst().forEach(v -> opinions.put(v.version(), judge.opinion(v)));
    var draft =
        spec.promotion().mode() == PromotionMode.MANUAL
            ? manual(spec, versions, serving, opinions)
            : automatic(versions, serving, opinions);
    var verdicts = versions.map(v -> judged(v, opinions.get(v.version()), draft, serving, now));
    return new Decision(
        verdicts,
        draft.wanted().map(ModelVersion::version),
        draft.toJudge().stream()
            .map(
                v ->
                    new EvaluationRequest(
                        new Digest(v.version()), opinions.get(v.version()).missing()))
            .toList(),
        draft.problem());
  }

  /**
   * @param named the version that the manifest names, in mode Manual
   * @param oldestJudged versions older than this are not asked again; null means that all are
   */
  private record Draft(
      Optional<ModelVersion> wanted,
      Optional<ModelVersion> named,
      List<ModelVersion> toJudge,
      ModelVersion oldestJudged,
      Optional<Problem> problem) {}

  private static Draft automatic(
      Versions versions, ModelVersion serving, Map<String, Opinion> opinions) {
    var toJudge = new ArrayList<ModelVersion>();
    for (var v : versions.newestFirst()) {
      var state = opinions.get(v.version()).state();
      if (state == State.UNMEASURED) {
        toJudge.add(v);
      }
      if (state == State.PASSED || state == State.UNMEASURED && v.equals(serving)) {
        return new Draft(Optional.of(v), Optional.empty(), toJudge, v, Optional.empty());
      }
    }
    return new Draft(
        Optional.ofNullable(serving), Optional.empty(), toJudge, null, Optional.empty());
  }

  private static Draft manual(
      ClassifierModelSpec spec,
      Versions versions,
      ModelVersion serving,
      Map<String, Opinion> opinions) {
    var name = spec.promotion().version();
    var named = name == null ? Optional.<ModelVersion>empty() : versions.find(name);
    var toJudge = new ArrayList<ModelVersion>();
    named
        .filter(v -> opinions.get(v.version()).state() == State.UNMEASURED)
        .ifPresent(toJudge::add);
    versions.newestFirst().stream()
        .filter(v -> serving == null || !Versions.older(v, serving))
        .filter(v -> opinions.get(v.version()).state() == State.UNMEASURED)
        .filter(v -> !toJudge.contains(v))
        .forEach(toJudge::add);
    var wanted =
        named.filter(v -> v.equals(serving) || opinions.get(v.version()).state() == State.PASSED);
    return new Draft(
        wanted.or(() -> Optional.ofNullable(serving)),
        named,
        toJudge,
        serving,
        problem(name, named, serving, opinions));
  }

  private static Optional<Problem> problem(
      String name,
      Optional<ModelVersion> named,
      ModelVersion serving,
      Map<String, Opinion> opinions) {
    if (name == null) {
      return serving != null || opinions.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Problem(
                  Reason.VERSION_NOT_CHOSEN,
                  "Nobody has said which version is to serve: write one of status.versions to"
                      + " spec.promotion.version."));
    }
    if (named.isEmpty()) {
      return Optional.of(
          new Problem(
              Reason.VERSION_UNKNOWN,
              "spec.promotion.version names %s, which is not a version of this model: write one of status.versions."
                  .formatted(name)));
    }
    var opinion = opinions.get(name);
    return named.get().equals(serving) || opinion.state() != State.FAILED
        ? Optional.empty()
        : Optional.of(
            new Problem(
                Reason.VERSION_REJECTED,
                "spec.promotion.version names %s, which does not pass %s: write another, or change the gates."
                    .formatted(name, failed(opinion))));
  }

  /** The gates that were not passed, for a sentence. */
  static String failed(Opinion opinion) {
    return opinion.outcomes().stream()
        .filter(o -> o.state() == State.FAILED)
        .map(o -> "gate %s (%s, wanted %s)".formatted(o.gate(), o.value(), o.wanted()))
        .collect(Collectors.joining(" and "));
  }

  private static ModelVersion judged(
      ModelVersion v, Opinion opinion, Draft draft, ModelVersion serving, Instant now) {
    var passedOver =
        draft.oldestJudged() != null
            && Versions.older(v, draft.oldestJudged())
            && !v.equals(serving)
            && !draft.named().filter(v::equals).isPresent();
    var verdict = passedOver ? ofPassedOver(v) : verdict(v, opinion, serving);
    var gates = passedOver && !v.gates().isEmpty() ? v.gates() : opinion.results();
    var decided = verdict == v.verdict() && v.decidedTime() != null;
    return new ModelVersion(
        v.version(),
        v.trainingRun(),
        v.completedTime(),
        verdict,
        gates,
        v.judgement(),
        verdict == Verdict.JUDGING
            ? null
            : decided ? v.decidedTime() : now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static Verdict ofPassedOver(ModelVersion v) {
    return v.verdict() == Verdict.REJECTED ? Verdict.REJECTED : Verdict.SUPERSEDED;
  }

  private static Verdict verdict(ModelVersion v, Opinion opinion, ModelVersion serving) {
    if (v.equals(serving)) {
      return Verdict.SERVING;
    }
    return switch (opinion.state()) {
      case FAILED -> Verdict.REJECTED;
      case UNMEASURED -> Verdict.JUDGING;
      case PASSED -> Verdict.PASSED;
    };
  }
}
