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
            "Ready: a version serves and is the wanted one. Reconciling: something is under way."
                + " Stalled: a person must act.")
        List<Condition> conditions,
    @JsonPropertyDescription("Address of the inference service: POST {url}/v1/classify.")
        String url,
    @JsonPropertyDescription("The version that serves. Absent: none does.") ServingVersion serving,
    @JsonPropertyDescription("The versions that are kept, the newest first.")
        List<ModelVersion> versions) {

  public ClassifierModelStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
    versions = versions == null ? List.of() : List.copyOf(versions);
  }

  /** The version that serves. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ServingVersion(
      @JsonPropertyDescription("The version: digest of its package.") String version,
      @JsonPropertyDescription("Run that trained it.") String trainingRun,
      @JsonPropertyDescription("Since when it serves.") String sinceTime,
      @JsonPropertyDescription("Its strict F1 on the holdout.") String strictF1,
      @JsonPropertyDescription("Its lenient F1 on the holdout.") String lenientF1) {}

  /** A version that is kept. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ModelVersion(
      @JsonPropertyDescription("The version: digest of its package.") String version,
      @JsonPropertyDescription("Run that trained it.") String trainingRun,
      @JsonPropertyDescription("When that run was complete.") String completedTime,
      @JsonPropertyDescription(
              "Judging: figures are missing and being measured. Passed: may serve. Rejected: a gate"
                  + " was not passed. Serving: serves. Superseded: has served, or was passed over"
                  + " by a newer one.")
          Verdict verdict,
      @JsonPropertyDescription("What each gate said.") List<GateResult> gates,
      @JsonPropertyDescription("What was measured on the holdout.") JudgementStatus judgement,
      @JsonPropertyDescription("When the verdict was given.") String decidedTime) {

    public ModelVersion {
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
