package hu.mtmt.besorol.operator.status;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.ServingVersion;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.operator.observe.ModelObservation;
import hu.mtmt.besorol.operator.observe.Rollout;
import hu.mtmt.besorol.operator.promotion.Decision;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The status of a model: a pure function of what it was, of what is seen and what was decided. */
public final class ClassifierModelStatuses {
  private static final ClassifierModelStatus EMPTY =
      new ClassifierModelStatus(null, null, null, null, null);

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
   * The version that serves from now on: the wanted one once its rollout is complete, until then
   * the one that did.
   *
   * @param decision what was decided while the version of the status served
   */
  public static String servingVersion(
      ClassifierModel model, ModelObservation seen, Decision decision) {
    return seen.rollout()
        .filter(Rollout::complete)
        .map(Rollout::version)
        .filter(v -> decision.versions().find(v).isPresent())
        .orElseGet(() -> servingVersion(model));
  }

  /**
   * What keeps the operator from doing what it decided.
   *
   * @param sources why data may not be read
   * @param nameTaken what has the name of something to be created
   * @param evaluation why the most urgent evaluation failed
   */
  public record Obstacles(
      Optional<String> sources, Optional<String> nameTaken, Optional<String> evaluation) {}

  /**
   * The status that follows.
   *
   * @param serving the version that serves now, or null
   * @param decision what was decided knowing that
   * @param all the versions that are kept, those that are being removed among them
   */
  public static ClassifierModelStatus next(
      ClassifierModel model,
      ModelObservation seen,
      String serving,
      Decision decision,
      List<ModelVersion> all,
      Obstacles obstacles,
      Instant now) {
    var previous = previous(model);
    var generation = model.getMetadata().getGeneration();
    return new ClassifierModelStatus(
        generation,
        conditions(
            state(model, seen, serving, decision, obstacles),
            previous.conditions(),
            generation,
            now),
        serving == null ? null : url(model, seen),
        serving == null ? null : serving(serving, all, previous.serving(), now),
        all);
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

  /**
   * @param moving what is under way, or null
   * @param stalled why a person must act, or null
   */
  private record State(
      boolean ready, Reason reason, String message, Moving moving, Reason stalled) {
    static State ready(String message, Moving moving) {
      return new State(true, Reason.SERVING, message, moving, null);
    }

    static State moving(Reason reason, String message) {
      return new State(false, reason, message, new Moving(reason, message), null);
    }

    static State waiting(Reason reason, String message) {
      return new State(false, reason, message, null, null);
    }

    static State stalled(Reason reason, String message) {
      return new State(false, reason, message, null, reason);
    }
  }

  private record Moving(Reason reason, String message) {}

  private static State state(
      ClassifierModel model,
      ModelObservation seen,
      String serving,
      Decision decision,
      Obstacles obstacles) {
    if (obstacles.nameTaken().isPresent()) {
      return State.stalled(Reason.NAME_TAKEN, obstacles.nameTaken().get());
    }
    if (decision.problem().isPresent()) {
      var problem = decision.problem().get();
      return State.stalled(problem.reason(), problem.message());
    }
    if (decision.wanted().isEmpty()) {
      return withoutWanted(model, seen, decision, obstacles);
    }
    var wanted = decision.wanted().get();
    var rollout = seen.rollout().filter(r -> r.version().equals(wanted));
    var stuck = rollout.flatMap(Rollout::stuck);
    if (stuck.isPresent()) {
      return State.stalled(
          Reason.ROLLOUT_STUCK,
          "Version %s does not come into service: %s%s"
              .formatted(
                  abbreviated(wanted),
                  stuck.get(),
                  serving == null || serving.equals(wanted)
                      ? ""
                      : " Version %s goes on serving.".formatted(abbreviated(serving))));
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
    return serving(seen, serving, rollout, decision, obstacles);
  }

  private static State serving(
      ModelObservation seen,
      String serving,
      Optional<Rollout> rollout,
      Decision decision,
      Obstacles obstacles) {
    var available = rollout.map(Rollout::available).orElse(0);
    var replicas = rollout.map(Rollout::wanted).orElse(0);
    if (available == 0 || available < replicas) {
      return State.moving(
          Reason.PODS_UNAVAILABLE,
          "%d of %d pods that serve version %s answer."
              .formatted(available, replicas, abbreviated(serving)));
    }
    var message = "Version %s serves.".formatted(abbreviated(serving));
    if (!decision.evaluations().isEmpty()) {
      if (obstacles.sources().isPresent()) {
        return new State(
            true,
            Reason.SERVING,
            message + " Others cannot be judged: " + obstacles.sources().get(),
            null,
            Reason.SOURCE_NOT_ALLOWED);
      }
      return obstacles
          .evaluation()
          .map(
              why ->
                  State.ready(
                      message
                          + " Version %s cannot be judged: %s"
                              .formatted(
                                  decision.evaluations().getFirst().version().abbreviated(), why),
                      null))
          .orElseGet(() -> State.ready(message, judging(decision)));
    }
    var moving =
        rollout.filter(r -> !r.complete()).isPresent()
            ? new Moving(Reason.ROLLING_OUT, "The pods are being replaced.")
            : null;
    return State.ready(message, moving);
  }

  private static Moving judging(Decision decision) {
    return new Moving(
        Reason.JUDGING,
        "Version %s is being judged."
            .formatted(decision.evaluations().getFirst().version().abbreviated()));
  }

  private static State withoutWanted(
      ClassifierModel model, ModelObservation seen, Decision decision, Obstacles obstacles) {
    if (!decision.evaluations().isEmpty()) {
      if (obstacles.sources().isPresent()) {
        return State.stalled(Reason.SOURCE_NOT_ALLOWED, obstacles.sources().get());
      }
      if (obstacles.evaluation().isPresent()) {
        return State.stalled(
            Reason.EVALUATION_FAILED,
            "Version %s cannot be judged: %s"
                .formatted(
                    decision.evaluations().getFirst().version().abbreviated(),
                    obstacles.evaluation().get()));
      }
      var judging = judging(decision);
      return State.moving(judging.reason(), judging.message());
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
                failedGates(decision.versions().newestFirst().getFirst())));
  }

  private static String failedGates(ModelVersion version) {
    return version.gates().stream()
        .filter(g -> Objects.equals(g.passed(), false))
        .map(g -> "gate %s (%s, wanted %s)".formatted(g.name(), g.value(), g.wanted()))
        .collect(Collectors.joining(" and "));
  }

  /** The first digits of a version, as people tell them apart. */
  public static String abbreviated(String version) {
    return new Digest(version).abbreviated();
  }

  private static List<Condition> conditions(
      State state, List<Condition> previous, Long generation, Instant now) {
    var set = new ConditionSet(previous, generation, now);
    set.set(Type.READY, state.ready(), state.reason(), state.message());
    if (state.moving() != null) {
      set.set(Type.RECONCILING, true, state.moving().reason(), state.moving().message());
    }
    if (state.stalled() != null) {
      set.set(Type.STALLED, true, state.stalled(), state.message());
    }
    return set.list();
  }
}
