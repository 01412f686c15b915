package hu.mtmt.besorol.operator.promotion;

import hu.mtmt.besorol.api.ClassifierModelSpec;
import hu.mtmt.besorol.api.ClassifierModelSpec.PromotionMode;
import hu.mtmt.besorol.api.ClassifierModelStatus.ForcedPromotion;
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
 * <p>A version whose canary was broken off is rejected, whatever its gates say.
 *
 * <p><b>Manual.</b> The version that {@code spec.promotion.version} names is wanted once it passes
 * every gate; until then what serves goes on serving. All versions newer than the serving one are
 * judged, so that people see which they can name. Where {@code spec.promotion.force} is true the
 * named version is wanted whatever the gates say, and what they said is kept with the reason.
 *
 * @param versions with the gates' outcomes and the verdicts
 * @param wanted the version that is to serve, or empty if none may
 * @param evaluations what must be measured, the most urgent first
 * @param problem why the named version does not serve, in mode Manual, or why a newer one does not
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
    var verdicts =
        versions.map(v -> judged(spec, v, opinions.get(v.version()), draft, serving, now));
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
   * @param forced the named version, if the manifest forces it and it has not passed
   * @param oldestJudged versions older than this are not asked again; null means that all are
   */
  private record Draft(
      Optional<ModelVersion> wanted,
      Optional<ModelVersion> named,
      Optional<ModelVersion> forced,
      List<ModelVersion> toJudge,
      ModelVersion oldestJudged,
      Optional<Problem> problem) {
    static Draft automatic(
        ModelVersion wanted,
        List<ModelVersion> toJudge,
        ModelVersion oldest,
        Optional<Problem> problem) {
      return new Draft(
          Optional.ofNullable(wanted),
          Optional.empty(),
          Optional.empty(),
          toJudge,
          oldest,
          problem);
    }
  }

  private static Draft automatic(
      Versions versions, ModelVersion serving, Map<String, Opinion> opinions) {
    var toJudge = new ArrayList<ModelVersion>();
    for (var v : versions.newestFirst()) {
      var state = opinions.get(v.version()).state();
      if (state == State.UNMEASURED) {
        toJudge.add(v);
      }
      if (state == State.PASSED || state == State.UNMEASURED && v.equals(serving)) {
        return Draft.automatic(
            v, toJudge, v, v.equals(serving) ? broken(versions, serving) : Optional.empty());
      }
    }
    return Draft.automatic(serving, toJudge, null, broken(versions, serving));
  }

  /** That a canary has not taken over: somebody has to find out why. */
  private static Optional<Problem> broken(Versions versions, ModelVersion serving) {
    return versions.newestFirst().stream()
        .takeWhile(v -> !v.equals(serving))
        .filter(v -> v.withdrawn() != null)
        .findFirst()
        .map(
            v ->
                new Problem(
                    Reason.CANARY_FAILED,
                    "The canary of version %s was broken off and all requests go to the version that served before. %s Train another version, or force this one with a reason."
                        .formatted(new Digest(v.version()).abbreviated(), v.withdrawn().reason())));
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
    var mayServe =
        named.filter(v -> v.equals(serving) || opinions.get(v.version()).state() == State.PASSED);
    var forced =
        named
            .filter(v -> Boolean.TRUE.equals(spec.promotion().force()))
            .filter(v -> opinions.get(v.version()).state() != State.PASSED);
    return new Draft(
        mayServe.or(() -> forced).or(() -> Optional.ofNullable(serving)),
        named,
        forced,
        toJudge,
        serving,
        forced.isPresent() ? Optional.empty() : problem(name, named, serving, opinions));
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
    if (named.get().withdrawn() != null && !named.get().equals(serving)) {
      return Optional.of(
          new Problem(
              Reason.CANARY_FAILED,
              "spec.promotion.version names %s, whose canary was broken off. %s Write another, or force it with a reason."
                  .formatted(name, named.get().withdrawn().reason())));
    }
    var opinion = opinions.get(name);
    return named.get().equals(serving) || opinion.state() != State.FAILED
        ? Optional.empty()
        : Optional.of(
            new Problem(
                Reason.VERSION_REJECTED,
                "spec.promotion.version names %s, which does not pass %s: write another, change the gates, or force it with a reason."
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
      ClassifierModelSpec spec,
      ModelVersion v,
      Opinion opinion,
      Draft draft,
      ModelVersion serving,
      Instant now) {
    var passedOver =
        draft.oldestJudged() != null
            && Versions.older(v, draft.oldestJudged())
            && !v.equals(serving)
            && !draft.named().filter(v::equals).isPresent();
    var verdict = passedOver ? ofPassedOver(v) : verdict(v, opinion, serving);
    var gates = passedOver && !v.gates().isEmpty() ? v.gates() : opinion.results();
    var decided = verdict == v.verdict() && v.decidedTime() != null;
    var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return new ModelVersion(
        v.version(),
        v.trainingRun(),
        v.completedTime(),
        verdict,
        gates,
        v.judgement(),
        verdict == Verdict.JUDGING ? null : decided ? v.decidedTime() : time,
        draft.forced().filter(v::equals).isPresent()
            ? forced(v, spec.promotion().reason(), opinion, time)
            : v.forced(),
        v.withdrawn());
  }

  /** What is written down once for each reason. */
  private static ForcedPromotion forced(
      ModelVersion v, String reason, Opinion opinion, String time) {
    return v.forced() != null && v.forced().reason().equals(reason)
        ? v.forced()
        : new ForcedPromotion(
            reason,
            opinion.results().stream().filter(g -> !Boolean.TRUE.equals(g.passed())).toList(),
            time);
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
