package hu.mtmt.besorol.operator.status;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.CanaryStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.GateResult;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.ClassifierModelStatus.PlatformStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.PreviousVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.ServingVersion;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.operator.observe.ModelObservation;
import hu.mtmt.besorol.operator.observe.Rollout;
import hu.mtmt.besorol.operator.observe.Rollout.Role;
import hu.mtmt.besorol.operator.promotion.Decision;
import hu.mtmt.besorol.operator.promotion.Decision.EvaluationRequest;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The status of a model: a pure function of what it was, of what is seen and what was decided. */
public final class ClassifierModelStatuses {
  private static final ClassifierModelStatus EMPTY =
      new ClassifierModelStatus(null, null, null, null, null, null, null, null);

  private ClassifierModelStatuses() {}

  /** The status so far; empty if there is none. */
  public static ClassifierModelStatus previous(ClassifierModel model) {
    return model.getStatus() == null ? EMPTY : model.getStatus();
  }

  /** The version that serves, or null. */
  public static String servingVersion(ClassifierModel model) {
    var serving = previous(model).serving();
    return serving == null ? null : serving.version();
  }

  /**
   * The version that serves from now on: the one that requests go to, once all its pods have
   * answered; until then the one that did.
   *
   * @param decision what was decided while the version of the status served
   */
  public static String servingVersion(
      ClassifierModel model, ModelObservation seen, Decision decision) {
    return seen.target()
        .filter(v -> seen.whole(v).filter(Rollout::complete).isPresent())
        .filter(v -> decision.versions().find(v).isPresent())
        .orElseGet(() -> servingVersion(model));
  }

  /**
   * What keeps the operator from doing what it decided.
   *
   * @param sources why data may not be read
   * @param platform why the platform does not run the pods
   * @param route why there is no route
   * @param nameTaken what has the name of something to be created
   * @param evaluation why the most urgent evaluation failed
   */
  public record Obstacles(
      Optional<String> sources,
      Optional<String> platform,
      Optional<String> route,
      Optional<String> nameTaken,
      Optional<String> evaluation) {}

  /**
   * The status that follows.
   *
   * @param serving the version that serves now, or null
   * @param decision what was decided knowing that
   * @param canary how far the canary is
   * @param all the versions that are kept, those that are being removed among them
   */
  public static ClassifierModelStatus next(
      ClassifierModel model,
      ModelObservation seen,
      String serving,
      Decision decision,
      Optional<CanaryStatus> canary,
      List<ModelVersion> all,
      Obstacles obstacles,
      Instant now) {
    var previous = previous(model);
    var generation = model.getMetadata().getGeneration();
    var servingNow = serving == null ? null : serving(serving, all, previous.serving(), now);
    return new ClassifierModelStatus(
        generation,
        conditions(
            state(model, seen, serving, decision, canary, obstacles),
            previous.conditions(),
            generation,
            now),
        serving == null ? null : url(model, seen),
        servingNow,
        servedBefore(model, servingNow, decision, now),
        canary.orElse(null),
        serving == null ? null : platform(seen.asked(), previous.platform(), now),
        all);
  }

  private static PlatformStatus platform(Platform asked, PlatformStatus before, Instant now) {
    return before != null && before.name() == asked
        ? before
        : new PlatformStatus(asked, now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** The version whose pods are kept beside: until its time is over, or another one comes. */
  private static PreviousVersion servedBefore(
      ClassifierModel model, ServingVersion serving, Decision decision, Instant now) {
    var before = previous(model);
    if (serving == null || before.serving() == null) {
      return null;
    }
    var changed = !before.serving().version().equals(serving.version());
    var kept = Optional.ofNullable(before.previous()).map(PreviousVersion::version);
    var seconds = model.getSpec().serving().rollout().keepPreviousSeconds();
    var until = Instant.parse(serving.sinceTime()).plusSeconds(seconds);
    return (changed ? Optional.of(before.serving().version()) : kept)
        .filter(v -> until.isAfter(now))
        .filter(
            v ->
                decision.wanted().filter(w -> !List.of(v, serving.version()).contains(w)).isEmpty())
        .map(v -> new PreviousVersion(v, until.toString()))
        .orElse(null);
  }

  /** The status after something unexpected was thrown. */
  public static ClassifierModelStatus afterError(
      ClassifierModel model, String message, Instant now) {
    var previous = previous(model);
    var generation = model.getMetadata().getGeneration();
    return new ClassifierModelStatus(
        generation,
        new ConditionSet(previous.conditions(), generation, now)
            .set(Type.READY, false, Reason.RECONCILE_ERROR, message)
            .set(Type.RECONCILING, true, Reason.RECONCILE_ERROR, message)
            .list(),
        previous.url(),
        previous.serving(),
        previous.previous(),
        previous.canary(),
        previous.platform(),
        previous.versions());
  }

  private static String url(ClassifierModel model, ModelObservation seen) {
    return seen.address()
        .orElseGet(
            () ->
                "http://%s.%s.svc"
                    .formatted(model.getMetadata().getName(), model.getMetadata().getNamespace()));
  }

  private static ServingVersion serving(
      String version, List<ModelVersion> all, ServingVersion previous, Instant now) {
    var same = previous != null && previous.version().equals(version);
    var found = all.stream().filter(v -> v.version().equals(version)).findFirst();
    if (found.isEmpty()) {
      return previous;
    }
    var v = found.get();
    return new ServingVersion(
        version,
        v.trainingRun(),
        same ? previous.sinceTime() : now.truncatedTo(ChronoUnit.SECONDS).toString(),
        Judgements.print(v.judgement(), Metric.STRICT_F1),
        Judgements.print(v.judgement(), Metric.LENIENT_F1));
  }

  /** A model is ready, or something is under way, or a person must act: one of these. */
  private enum Kind {
    READY,
    RECONCILING,
    STALLED,
    /** Not ready, and nothing is to be done until there is something to do. */
    WAITING
  }

  private record State(Kind kind, Reason reason, String message) {
    static State ready(String message) {
      return new State(Kind.READY, Reason.SERVING, message);
    }

    static State moving(Reason reason, String message) {
      return new State(Kind.RECONCILING, reason, message);
    }

    static State waiting(Reason reason, String message) {
      return new State(Kind.WAITING, reason, message);
    }

    static State stalled(Reason reason, String message) {
      return new State(Kind.STALLED, reason, message);
    }
  }

  private static State state(
      ClassifierModel model,
      ModelObservation seen,
      String serving,
      Decision decision,
      Optional<CanaryStatus> canary,
      Obstacles obstacles) {
    if (obstacles.nameTaken().isPresent()) {
      return State.stalled(Reason.NAME_TAKEN, obstacles.nameTaken().get());
    }
    if (obstacles.sources().isPresent()) {
      return State.stalled(
          Reason.SOURCE_NOT_ALLOWED, obstacles.sources().get() + goesOnServing(serving));
    }
    if (obstacles.platform().isPresent()) {
      return State.stalled(
          Reason.PLATFORM_REFUSED, obstacles.platform().get() + goesOnServing(serving));
    }
    if (obstacles.route().isPresent()) {
      return State.stalled(Reason.ROUTE_REFUSED, obstacles.route().get() + goesOnServing(serving));
    }
    if (decision.problem().isPresent()) {
      var problem = decision.problem().get();
      return State.stalled(problem.reason(), problem.message());
    }
    if (decision.wanted().isEmpty()) {
      return withoutWanted(model, seen, decision, obstacles);
    }
    var wanted = decision.wanted().get();
    var stuck =
        seen.whole(wanted)
            .flatMap(Rollout::stuck)
            .or(() -> seen.canary(wanted).flatMap(Rollout::stuck));
    if (stuck.isPresent()) {
      return State.stalled(
          Reason.ROLLOUT_STUCK,
          "Version %s does not come into service: %s%s"
              .formatted(
                  abbreviated(wanted),
                  stuck.get(),
                  serving == null || serving.equals(wanted) ? "" : goesOnServing(serving)));
    }
    if (canary.isPresent()) {
      return State.moving(Reason.CANARY, tried(canary.get(), model, serving));
    }
    if (!wanted.equals(serving)) {
      return State.moving(
          Reason.ROLLING_OUT,
          "Version %s is coming into service%s."
              .formatted(
                  abbreviated(wanted),
                  serving == null
                      ? ""
                      : " in place of version %s".formatted(abbreviated(serving))));
    }
    return serving(model, serving, seen, decision, obstacles);
  }

  private static String tried(CanaryStatus canary, ClassifierModel model, String serving) {
    var steps = model.getSpec().serving().rollout().steps().size();
    var version = abbreviated(canary.version());
    return canary.step() > steps
        ? "Version %s has passed its canary and is coming into service in place of version %s."
            .formatted(version, abbreviated(serving))
        : "Version %s is tried with %d %% of the requests of version %s: step %d of %d, %d pods.%s"
            .formatted(
                version,
                canary.percent(),
                abbreviated(serving),
                canary.step(),
                steps,
                canary.pods(),
                canary.waitsFor() == null ? "" : " " + canary.waitsFor());
  }

  private static String goesOnServing(String serving) {
    return serving == null ? "" : " Version %s goes on serving.".formatted(abbreviated(serving));
  }

  private static State serving(
      ClassifierModel model,
      String serving,
      ModelObservation seen,
      Decision decision,
      Obstacles obstacles) {
    var rollout = seen.answering(serving);
    var available = rollout.map(Rollout::available).orElse(0);
    var replicas = rollout.map(Rollout::wanted).orElse(0);
    if (rollout.isEmpty() || available < replicas) {
      return State.moving(
          Reason.PODS_UNAVAILABLE,
          "%d of %d pods that serve version %s answer."
              .formatted(available, replicas, abbreviated(serving)));
    }
    if (rollout.filter(r -> r.complete() && r.role() == Role.WHOLE).isEmpty()) {
      return State.moving(
          Reason.ROLLING_OUT,
          "The pods that serve version %s are being replaced.".formatted(abbreviated(serving)));
    }
    if (seen.asked() != seen.platform()) {
      return State.moving(
          Reason.ROLLING_OUT,
          "Version %s is coming into service on %s in place of %s."
              .formatted(abbreviated(serving), seen.platform().written(), seen.asked().written()));
    }
    if (!seen.routed()) {
      return State.moving(
          Reason.ROLLING_OUT,
          "Knative is told that requests go to version %s.".formatted(abbreviated(serving)));
    }
    var judging = decision.evaluations().stream().findFirst();
    if (mustBeJudged(model, serving, decision)) {
      return obstacles
          .evaluation()
          .map(
              why ->
                  State.stalled(
                      Reason.EVALUATION_FAILED,
                      notJudged(judging.orElseThrow(), why) + goesOnServing(serving)))
          .orElseGet(
              () ->
                  State.moving(
                      Reason.JUDGING, judging(judging.orElseThrow()) + goesOnServing(serving)));
    }
    return State.ready(
        "Version %s serves.%s%s%s"
            .formatted(
                abbreviated(serving),
                available == 0
                    ? " Its pods have ended as nobody asks; the next request starts one."
                    : "",
                forced(serving, decision),
                judging
                    .map(
                        request ->
                            " "
                                + obstacles
                                    .evaluation()
                                    .map(why -> notJudged(request, why))
                                    .orElseGet(() -> judging(request)))
                    .orElse("")));
  }

  /** Whether a version is not judged yet that the spec asks for, or that serves already. */
  private static boolean mustBeJudged(ClassifierModel model, String serving, Decision decision) {
    var promotion = model.getSpec().promotion();
    var asked = Optional.ofNullable(promotion.version()).orElse(serving);
    return !Boolean.TRUE.equals(promotion.force())
        && decision.evaluations().stream().anyMatch(e -> e.version().value().equals(asked));
  }

  private static String forced(String serving, Decision decision) {
    return decision
        .versions()
        .find(serving)
        .filter(v -> v.forced() != null && !notPassed(v).isEmpty())
        .map(
            v ->
                " It was forced (%s) though it has not passed %s."
                    .formatted(v.forced().reason(), describe(notPassed(v))))
        .orElse("");
  }

  private static String judging(EvaluationRequest request) {
    return "Version %s is being judged.".formatted(request.version().abbreviated());
  }

  private static String notJudged(EvaluationRequest request, String why) {
    return "Version %s cannot be judged: %s".formatted(request.version().abbreviated(), why);
  }

  private static State withoutWanted(
      ClassifierModel model, ModelObservation seen, Decision decision, Obstacles obstacles) {
    if (!decision.evaluations().isEmpty()) {
      var judging = decision.evaluations().getFirst();
      return obstacles
          .evaluation()
          .map(why -> State.stalled(Reason.EVALUATION_FAILED, notJudged(judging, why)))
          .orElseGet(() -> State.moving(Reason.JUDGING, judging(judging)));
    }
    if (decision.versions().newestFirst().isEmpty()) {
      return seen.runsUnderWay() == 0
          ? State.waiting(
              Reason.NO_VERSION,
              "No run has trained a version yet: create a TrainingRun with spec.modelRef.name %s."
                  .formatted(model.getMetadata().getName()))
          : State.moving(
              Reason.NO_VERSION,
              seen.runsUnderWay() == 1
                  ? "The first version is being trained."
                  : "%d runs train the first version.".formatted(seen.runsUnderWay()));
    }
    return State.stalled(
        Reason.NO_VERSION_PASSED,
        "No version passes every gate. The newest, %s, does not pass %s: train a better one, or change the gates."
            .formatted(
                abbreviated(decision.versions().newestFirst().getFirst().version()),
                why(decision.versions().newestFirst().getFirst())));
  }

  /** What a rejected version does not pass, for a sentence. */
  public static String why(ModelVersion version) {
    return version.withdrawn() == null
        ? describe(failed(version))
        : "its canary (%s)".formatted(version.withdrawn().reason());
  }

  private static List<GateResult> notPassed(ModelVersion version) {
    return version.gates().stream().filter(g -> !Boolean.TRUE.equals(g.passed())).toList();
  }

  /** The gates that said no. */
  public static List<GateResult> failed(ModelVersion version) {
    return version.gates().stream().filter(g -> Boolean.FALSE.equals(g.passed())).toList();
  }

  /** Gates with what they said, for a sentence. */
  public static String describe(List<GateResult> gates) {
    return gates.stream()
        .map(
            g ->
                "gate %s (%s, wanted %s)"
                    .formatted(
                        g.name(), g.value() == null ? "not measured" : g.value(), g.wanted()))
        .collect(Collectors.joining(" and "));
  }

  /** The first digits of a version, as people tell them apart. */
  public static String abbreviated(String version) {
    return new Digest(version).abbreviated();
  }

  private static List<Condition> conditions(
      State state, List<Condition> previous, Long generation, Instant now) {
    var set = new ConditionSet(previous, generation, now);
    set.set(Type.READY, state.kind() == Kind.READY, state.reason(), state.message());
    switch (state.kind()) {
      case RECONCILING -> set.set(Type.RECONCILING, true, state.reason(), state.message());
      case STALLED -> set.set(Type.STALLED, true, state.reason(), state.message());
      case READY, WAITING -> {}
    }
    return set.list();
  }
}
