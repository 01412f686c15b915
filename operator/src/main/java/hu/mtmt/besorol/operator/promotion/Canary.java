package hu.mtmt.besorol.operator.promotion;

import hu.mtmt.besorol.api.ClassifierModelSpec.CanaryBounds;
import hu.mtmt.besorol.api.ClassifierModelSpec.RolloutPolicy;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Says of a version that gets a part of the requests how it goes on: a pure function of what it and
 * the serving version do with them.
 *
 * <p>What is too little to tell is not held against it: a service without requests comes to the end
 * of its steps, and only the documents of the self-tests are compared. But nothing goes on while
 * the figures of a pod are not known.
 */
public final class Canary {
  /** So many failures are no accident, and fewer may be. */
  private static final int FEWEST_FAILURES = 3;

  /** So many documents tell something of times, of the subjects' shares, and of agreement. */
  private static final int FEWEST_DOCUMENTS = 100;

  /** So many documents of the self-tests must be the same. */
  private static final int FEWEST_PROBES = 10;

  /** Below it a time is never too long, whatever the other version takes: what is left is noise. */
  private static final double SHORT_MILLIS = 10;

  private static final int ALL = 100;

  private Canary() {}

  /** How a canary goes on. */
  public sealed interface Verdict {
    /**
     * It stays at its step.
     *
     * @param forWhat beside the step's time, or empty
     */
    record Wait(Optional<String> forWhat) implements Verdict {}

    /** It gets the next step's part of the requests. */
    record NextStep() implements Verdict {}

    /** It has passed the last step. */
    record Complete() implements Verdict {}

    /**
     * It is taken back at once.
     *
     * @param why with the figure and the bound
     */
    record Back(String why) implements Verdict {}
  }

  /**
   * Decides.
   *
   * @param step counted from 1; beyond the last one the canary is only watched
   * @param held how long all pods of the step have answered
   * @param canary what they tell; empty if one of them has told nothing since
   * @param serving the same of the serving version
   */
  public static Verdict decide(
      RolloutPolicy policy,
      int step,
      Duration held,
      Optional<Figures> canary,
      Optional<Figures> serving) {
    if (canary.isEmpty() || serving.isEmpty()) {
      return new Verdict.Wait(
          Optional.of(
              "The figures of the %s pods are not known."
                  .formatted(canary.isEmpty() ? "canary's" : "serving version's")));
    }
    var broken = broken(policy.bounds(), canary.get(), serving.get());
    if (broken.isPresent()) {
      return new Verdict.Back(broken.get());
    }
    if (step > policy.steps().size() || held.toSeconds() < policy.stepSeconds()) {
      return new Verdict.Wait(Optional.empty());
    }
    return step == policy.steps().size() ? new Verdict.Complete() : new Verdict.NextStep();
  }

  private static Optional<String> broken(CanaryBounds bounds, Figures canary, Figures serving) {
    return errors(bounds, canary, serving)
        .or(() -> times(bounds, canary, serving))
        .or(() -> agreement(bounds, canary, serving))
        .or(() -> divergence(bounds, canary, serving));
  }

  private static Optional<String> errors(CanaryBounds bounds, Figures canary, Figures serving) {
    var bound = Double.parseDouble(bounds.errorRatio());
    return canary.failures() >= FEWEST_FAILURES
            && canary.errorRatio() - serving.errorRatio() > bound
        ? said(
            "%d of %d requests failed (%.2f %%), of the serving version's %.2f %%; at most %.2f"
                + " points more are allowed (errorRatio).",
            canary.failures(),
            canary.requests(),
            ALL * canary.errorRatio(),
            ALL * serving.errorRatio(),
            ALL * bound)
        : Optional.empty();
  }

  private static Optional<String> times(CanaryBounds bounds, Figures canary, Figures serving) {
    if (tooFew(canary.timed()) || tooFew(serving.timed())) {
      return Optional.empty();
    }
    var bound = Double.parseDouble(bounds.latencyRatio());
    var p95 = canary.percentile95Millis();
    return p95 > SHORT_MILLIS && p95 > bound * serving.percentile95Millis()
        ? said(
            "95 %% of the documents took up to %.1f ms, with the serving version %.1f ms; at most"
                + " %s times as long is allowed (latencyRatio).",
            p95, serving.percentile95Millis(), bounds.latencyRatio())
        : Optional.empty();
  }

  private static Optional<String> agreement(CanaryBounds bounds, Figures canary, Figures serving) {
    return disagreement(
            bounds,
            canary.sameProbes(serving),
            canary.commonProbes(serving),
            FEWEST_PROBES,
            "the self-test")
        .or(
            () ->
                disagreement(
                    bounds,
                    canary.agreeing(serving),
                    canary.shadowed(serving),
                    FEWEST_DOCUMENTS,
                    "clients that both versions were asked"));
  }

  private static Optional<String> disagreement(
      CanaryBounds bounds, int same, int documents, int fewest, String whose) {
    return documents >= fewest && (double) same / documents < Double.parseDouble(bounds.agreement())
        ? said(
            "%d of the %d documents of %s have the same best subject as with the serving version;"
                + " at least a share of %s is wanted (agreement).",
            same, documents, whose, bounds.agreement())
        : Optional.empty();
  }

  private static Optional<String> divergence(CanaryBounds bounds, Figures canary, Figures serving) {
    if (tooFew(canary.documents()) || tooFew(serving.documents())) {
      return Optional.empty();
    }
    var divergence = canary.divergence(serving);
    return divergence > Double.parseDouble(bounds.divergence())
        ? said(
            "The subjects of its answers diverge by %.3f bits from the serving version's; at most"
                + " %s is allowed (divergence).",
            divergence, bounds.divergence())
        : Optional.empty();
  }

  private static boolean tooFew(long documents) {
    return documents < FEWEST_DOCUMENTS;
  }

  private static Optional<String> said(String sentence, Object... figures) {
    return Optional.of(String.format(Locale.ROOT, sentence, figures));
  }

  /**
   * How many pods beside those of the serving version get that percentage of the requests: the
   * nearest number, at least one and at most as many as the serving version has.
   */
  public static int pods(int percent, int serving) {
    var exact = (double) serving * percent / (ALL - percent);
    return Math.clamp(Math.round(exact), 1, serving);
  }
}
