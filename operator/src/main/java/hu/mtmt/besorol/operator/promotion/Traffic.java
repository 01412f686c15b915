package hu.mtmt.besorol.operator.promotion;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelSpec.RolloutPolicy;
import hu.mtmt.besorol.api.ClassifierModelSpec.RolloutStrategy;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.CanaryStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.ClassifierModelStatus.PreviousVersion;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.operator.observe.ModelObservation;
import hu.mtmt.besorol.operator.observe.Rollout;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which versions have pods, and whose pods get the requests: a pure function of what is wanted and
 * what is seen.
 *
 * <p>Every version has pods of its own. A version takes over by one write, of the address, once all
 * its pods answer; until then everything stays as it is. The pods of the version that served before
 * are kept for a while, so that to go back is one write, too.
 *
 * <p>A canary is a version that has, before that, some pods beside those of the serving version,
 * which get its requests like them; or, where a route shares requests out, all its pods, and a part
 * of the requests by weight.
 *
 * @param whole the versions that have all their pods
 * @param canary the pods beside
 * @param target the version that the address is to send requests to; empty if that is not to be
 *     changed
 * @param share the part of the requests that a route, or Knative, sends to a canary
 * @param progress how far the canary is, for the status
 * @param broken why the wanted version is to be taken back
 */
public record Traffic(
    Set<String> whole,
    Optional<CanaryPods> canary,
    Optional<String> target,
    Optional<Share> share,
    Optional<CanaryStatus> progress,
    Optional<String> broken) {

  /**
   * Pods of a version that get a part of another one's requests.
   *
   * @param serving the other one
   */
  public record CanaryPods(String version, String serving, int pods) {}

  /** A part of the requests. */
  public record Share(String version, int percent) {}

  private static Traffic without(Set<String> whole, Optional<String> target) {
    return new Traffic(
        whole, Optional.empty(), target, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Decides.
   *
   * @param decision with a version that is wanted
   * @param routed whether a route shares requests out; Knative always does
   */
  public static Traffic of(
      Decision decision,
      ClassifierModel model,
      boolean routed,
      ModelObservation seen,
      Instant now) {
    var weighed = routed || seen.platform() == Platform.KNATIVE;
    var wanted = decision.wanted().orElseThrow();
    var status = ClassifierModelStatuses.previous(model);
    var serving = ClassifierModelStatuses.servingVersion(model);
    var whole = new LinkedHashSet<String>();
    Optional.ofNullable(serving).ifPresent(whole::add);
    seen.target().ifPresent(whole::add);
    warm(status, now).filter(p -> wanted.equals(p) || wanted.equals(serving)).ifPresent(whole::add);
    if (!isTried(wanted, serving, decision, model) || seen.target().equals(decision.wanted())) {
      whole.add(wanted);
      return without(whole, target(wanted, seen));
    }
    var before = Optional.ofNullable(status.canary()).filter(c -> c.version().equals(wanted));
    if (before.isEmpty() && !servesWith(serving, seen)) {
      return without(whole, target(serving, seen));
    }
    return canary(wanted, serving, before, whole, model, weighed, seen, now);
  }

  /** Whether a version is a canary before it serves. */
  private static boolean isTried(
      String wanted, String serving, Decision decision, ClassifierModel model) {
    if (serving == null
        || wanted.equals(serving)
        || Boolean.TRUE.equals(model.getSpec().promotion().force())
        || model.getSpec().serving().rollout().strategy() != RolloutStrategy.CANARY) {
      return false;
    }
    var now = decision.versions().find(serving);
    var next = decision.versions().find(wanted);
    return now.isPresent() && next.isPresent() && Versions.older(now.get(), next.get());
  }

  private static boolean servesWith(String version, ModelObservation seen) {
    return seen.target().filter(version::equals).isPresent() && answers(version, seen);
  }

  private static Traffic canary(
      String wanted,
      String serving,
      Optional<CanaryStatus> before,
      Set<String> whole,
      ClassifierModel model,
      boolean weighed,
      ModelObservation seen,
      Instant now) {
    var policy = model.getSpec().serving().rollout();
    var replicas = model.getSpec().serving().replicas().fewest(seen.platform());
    var steps = policy.steps().size();
    var step = before.map(CanaryStatus::step).orElse(1);
    var since = before.map(CanaryStatus::sinceTime).map(Instant::parse);
    Optional<String> waitsFor = Optional.empty();
    var pods = weighed ? replicas : pods(policy, step, replicas);
    var rollout = weighed ? seen.whole(wanted) : seen.canary(wanted);
    if (rollout.filter(r -> r.complete() && r.wanted() == pods).isPresent()) {
      var start = since.orElse(now.truncatedTo(ChronoUnit.SECONDS));
      since = Optional.of(start);
      var figures = seen.figuresOfAll(wanted, weighed ? wanted : serving, start);
      switch (Canary.decide(
          policy, step, Duration.between(start, now), figures, seen.figures(serving, start))) {
        case Canary.Verdict.Wait(var what) -> waitsFor = what;
        case Canary.Verdict.Back(var why) -> {
          return new Traffic(
              whole,
              Optional.empty(),
              target(serving, seen),
              Optional.empty(),
              Optional.empty(),
              Optional.of(why));
        }
        case Canary.Verdict.NextStep _, Canary.Verdict.Complete _ -> {
          step++;
          since = nextStart(since, weighed || step > steps, now);
        }
      }
    }
    if (weighed || step > steps) {
      whole.add(wanted);
    }
    if (step > steps && answers(wanted, seen)) {
      return without(whole, Optional.of(wanted));
    }
    var percent = percent(policy, step);
    var needed = weighed ? replicas : pods(policy, step, replicas);
    var beside = new CanaryPods(wanted, serving, needed);
    return new Traffic(
        whole,
        Optional.of(beside).filter(c -> !weighed),
        target(serving, seen),
        Optional.of(new Share(wanted, since.isPresent() ? percent : 0)).filter(c -> weighed),
        Optional.of(
            new CanaryStatus(
                wanted,
                step,
                percent,
                needed,
                since.map(Instant::toString).orElse(null),
                waitsFor.orElse(null))),
        Optional.empty());
  }

  /** The pods of a next step have to come up first, unless they are there already. */
  private static Optional<Instant> nextStart(
      Optional<Instant> since, boolean samePods, Instant now) {
    return since.filter(s -> samePods).map(s -> now.truncatedTo(ChronoUnit.SECONDS));
  }

  private static int percent(RolloutPolicy policy, int step) {
    return policy.steps().get(Math.min(step, policy.steps().size()) - 1);
  }

  private static int pods(RolloutPolicy policy, int step, int replicas) {
    return Canary.pods(percent(policy, step), replicas);
  }

  /**
   * The platform whose pods the address is to ask: the wanted one, once the version answers there.
   */
  public Platform asks(ModelObservation seen) {
    var there = target.filter(v -> answers(v, seen)).isPresent() && seen.routed();
    return there ? seen.platform() : seen.asked();
  }

  /**
   * The version that the pods of a version which has them all are to be compared with: the serving
   * one while they get a part of its requests. Pods that are there keep theirs, as another would
   * mean others.
   */
  public Optional<Digest> baseline(String version, ModelObservation seen) {
    return seen.whole(version)
        .map(Rollout::baseline)
        .orElseGet(() -> share.filter(s -> s.version().equals(version)).flatMap(s -> target))
        .map(Digest::new);
  }

  /** Whether all pods of a version answer, on the wanted platform. */
  static boolean answers(String version, ModelObservation seen) {
    return seen.whole(version).filter(Rollout::complete).isPresent();
  }

  private static Optional<String> target(String wanted, ModelObservation seen) {
    return answers(wanted, seen) || seen.service().isEmpty() ? Optional.of(wanted) : seen.target();
  }

  /** The version whose pods are kept though it serves no more. */
  public static Optional<String> warm(ClassifierModelStatus status, Instant now) {
    return Optional.ofNullable(status.previous())
        .filter(p -> Instant.parse(p.warmUntilTime()).isAfter(now))
        .map(PreviousVersion::version);
  }
}
