package hu.mtmt.besorol.api;

/**
 * Types and reasons of conditions. They follow kstatus, so {@code kubectl wait}, Flux and Argo CD
 * understand them: {@code Ready} is always there; {@code Reconciling}, {@code Stalled} and {@code
 * Suspended} only while true, at most one of them, and only while {@code Ready} is false.
 */
public final class Conditions {
  private Conditions() {}

  /** Types. */
  public enum Type {
    READY("Ready"),
    RECONCILING("Reconciling"),
    STALLED("Stalled"),
    /** Of a run: the version is in the store. */
    COMPLETE("Complete"),
    /** Of a run: there will be no version. */
    FAILED("Failed"),
    /** Of a run: its pods are gone because {@code spec.suspend} says so. */
    SUSPENDED("Suspended");

    private final String written;

    Type(String written) {
      this.written = written;
    }

    public String written() {
      return written;
    }
  }

  /** Reasons. */
  public enum Reason {
    // of a run
    MODEL_NOT_FOUND("ModelNotFound"),
    MODEL_DELETED("ModelDeleted"),
    NO_FLAVOR_FITS("NoFlavorFits"),
    QUEUE_NOT_FOUND("QueueNotFound"),
    SOURCE_NOT_ALLOWED("SourceNotAllowed"),
    PENDING("Pending"),
    MOVING("Moving"),
    QUEUED("Queued"),
    TRAINING("Training"),
    SUSPENDED("Suspended"),
    COMPLETE("Complete"),
    DEADLINE_EXCEEDED("DeadlineExceeded"),
    RETRIES_EXHAUSTED("RetriesExhausted"),
    RESULT_MISSING("ResultMissing"),

    // of a model
    NO_VERSION("NoVersion"),
    JUDGING("Judging"),
    EVALUATION_FAILED("EvaluationFailed"),
    NO_VERSION_PASSED("NoVersionPassed"),
    ROLLING_OUT("RollingOut"),
    ROLLOUT_STUCK("RolloutStuck"),
    CANARY("Canary"),
    CANARY_FAILED("CanaryFailed"),
    ROUTE_REFUSED("RouteRefused"),
    PLATFORM_REFUSED("PlatformRefused"),
    SERVING("Serving"),
    PODS_UNAVAILABLE("PodsUnavailable"),
    VERSION_UNKNOWN("VersionUnknown"),
    VERSION_REJECTED("VersionRejected"),
    VERSION_NOT_CHOSEN("VersionNotChosen"),

    // of either
    NAME_TAKEN("NameTaken"),
    RECONCILE_ERROR("ReconcileError");

    private final String written;

    Reason(String written) {
      this.written = written;
    }

    public String written() {
      return written;
    }
  }
}
