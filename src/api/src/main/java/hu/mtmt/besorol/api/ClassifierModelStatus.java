package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** Which version serves, and why. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClassifierModelStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Ready: a version serves and is what the spec asks for. Otherwise Reconciling:"
                + " something is under way; or Stalled: a person must act.")
        List<Condition> conditions,
    @JsonPropertyDescription("Address of the inference service: POST {url}/v1/classify.")
        String url,
    @JsonPropertyDescription("The version that serves. Absent: none does.") ServingVersion serving,
    @JsonPropertyDescription(
            "The version that served before and whose pods are kept. Absent: there is none.")
        PreviousVersion previous,
    @JsonPropertyDescription(
            "The version that gets a part of the requests, to be tried. Absent: there is none.")
        CanaryStatus canary,
    @JsonPropertyDescription("What runs the pods that answer. Absent: none do.")
        PlatformStatus platform,
    @JsonPropertyDescription("The versions that are kept, the newest first.")
        List<ModelVersion> versions) {

  public ClassifierModelStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
    versions = versions == null ? List.of() : List.copyOf(versions);
  }

  /** What runs the pods that answer. */
  public enum Platform {
    @JsonProperty("Deployment")
    DEPLOYMENT("Deployment"),
    @JsonProperty("Knative")
    KNATIVE("Knative");

    private final String written;

    Platform(String written) {
      this.written = written;
    }

    public String written() {
      return written;
    }
  }

  /** What runs the pods, and since when. */
  public record PlatformStatus(
      @JsonPropertyDescription("Its name.") Platform name,
      @JsonPropertyDescription(
              "Since when. What ran them before is kept for"
                  + " spec.serving.rollout.keepPreviousSeconds.")
          String sinceTime) {}

  /** The version that serves. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ServingVersion(
      @JsonPropertyDescription("The version: digest of its package.") String version,
      @JsonPropertyDescription("Run that trained it.") String trainingRun,
      @JsonPropertyDescription("Since when it serves.") String sinceTime,
      @JsonPropertyDescription("Its strict F1 on the holdout.") String strictF1,
      @JsonPropertyDescription("Its lenient F1 on the holdout.") String lenientF1) {}

  /** The version that served before. */
  public record PreviousVersion(
      @JsonPropertyDescription("The version: digest of its package.") String version,
      @JsonPropertyDescription("Until when its pods are kept.") String warmUntilTime) {}

  /** How far a canary is. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CanaryStatus(
      @JsonPropertyDescription("The version: digest of its package.") String version,
      @JsonPropertyDescription(
              "Which of the steps it is at, counted from 1; one more than there are: it has passed"
                  + " them, and all its pods come up.")
          Integer step,
      @JsonPropertyDescription("The percentage of the requests that it is to get.") Integer percent,
      @JsonPropertyDescription("How many pods it has for that.") Integer pods,
      @JsonPropertyDescription("Since when they all answer. Absent: they do not yet.")
          String sinceTime,
      @JsonPropertyDescription("What it waits for beside the time of the step.") String waitsFor) {}

  /** Why a canary was broken off. */
  public record Withdrawal(
      @JsonPropertyDescription("Which bound it did not keep to, with the figures.") String reason,
      @JsonPropertyDescription("When it was broken off.") String time) {}

  /** A version that is kept. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ModelVersion(
      @JsonPropertyDescription("The version: digest of its package.") String version,
      @JsonPropertyDescription("Run that trained it.") String trainingRun,
      @JsonPropertyDescription("When that run was complete.") String completedTime,
      @JsonPropertyDescription(
              "Judging: figures are missing and being measured. Passed: may serve. Rejected: a gate"
                  + " was not passed, or its canary was broken off. Serving: serves. Superseded:"
                  + " has served, or was passed over by a newer one.")
          Verdict verdict,
      @JsonPropertyDescription("What each gate said.") List<GateResult> gates,
      @JsonPropertyDescription("What was measured on the holdout.") JudgementStatus judgement,
      @JsonPropertyDescription("When the verdict was given.") String decidedTime,
      @JsonPropertyDescription(
              "Why it serves, or has served, without having passed every gate. Absent: it never was"
                  + " forced.")
          ForcedPromotion forced,
      @JsonPropertyDescription(
              "Why it is Rejected though it has passed every gate: its canary was broken off."
                  + " Absent: it was not.")
          Withdrawal withdrawn) {

    public ModelVersion {
      gates = gates == null ? List.of() : List.copyOf(gates);
    }
  }

  /** A promotion that did not ask the gates. */
  public record ForcedPromotion(
      @JsonPropertyDescription("Why, as spec.promotion.reason said.") String reason,
      @JsonPropertyDescription("What the gates said that it had not passed.")
          List<GateResult> gates,
      @JsonPropertyDescription("When it was forced.") String time) {

    public ForcedPromotion {
      gates = gates == null ? List.of() : List.copyOf(gates);
    }
  }

  /** What became of a version. */
  public enum Verdict {
    @JsonProperty("Judging")
    JUDGING,
    @JsonProperty("Passed")
    PASSED,
    @JsonProperty("Rejected")
    REJECTED,
    @JsonProperty("Serving")
    SERVING,
    @JsonProperty("Superseded")
    SUPERSEDED
  }

  /** What a gate said of a version. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record GateResult(
      @JsonPropertyDescription("Name of the gate.") String name,
      @JsonPropertyDescription(
              "What was measured, such as 0.6388, or -0.0021 [-0.0080, 0.0041] for a difference and"
                  + " its interval. Absent: not measured yet.")
          String value,
      @JsonPropertyDescription("What the gate asks for, such as \u2265 0.6.") String wanted,
      @JsonPropertyDescription("Whether the gate was passed. Absent: not measured yet.")
          Boolean passed) {}
}
