package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import hu.mtmt.besorol.contract.Progress;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** How far a run is, and how it ended. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingRunStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Complete: the version is in the store. Failed: there will be none. Ready: as Complete."
                + " Reconciling: under way. Stalled: a person must act.")
        List<Condition> conditions,
    @JsonPropertyDescription("The Job that trains.") String jobName,
    @JsonPropertyDescription("When the training was first started.") String startTime,
    @JsonPropertyDescription("When the run ended.") String completionTime,
    @JsonPropertyDescription("Where the run was placed, and why.") PlacementStatus placement,
    @JsonPropertyDescription("How far it is.") ProgressStatus progress,
    @JsonPropertyDescription("What came out.") Result result,
    @JsonPropertyDescription("The newest failure of a pod, also if a retry followed.")
        LastFailure lastFailure,
    @JsonPropertyDescription(
            "UID of the model that has recorded the version. Absent: none has yet.")
        String recordedBy) {

  public TrainingRunStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** Where a run was placed. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PlacementStatus(
      @JsonPropertyDescription("The flavor of machine. Absent: none fits.") String flavor,
      @JsonPropertyDescription("Why this one, in a sentence.") String reason,
      @JsonPropertyDescription("The flavors that do not fit.") List<RejectedFlavor> rejected) {

    public PlacementStatus {
      rejected = rejected == null ? List.of() : List.copyOf(rejected);
    }
  }

  /** A flavor that does not fit. */
  public record RejectedFlavor(
      @JsonPropertyDescription("The flavor.") String flavor,
      @JsonPropertyDescription("Why it does not fit, in a sentence.") String reason) {}

  /** How far a run is: the contract's Progress with numbers as text. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ProgressStatus(
      @JsonPropertyDescription("What it is doing.") Progress.Stage stage,
      @JsonPropertyDescription("How much of the work is done, 0 to 100.") Integer percent,
      @JsonPropertyDescription("Pass over the training documents, from 1.") Integer epoch,
      @JsonPropertyDescription("Current value of what is minimised.") String loss,
      @JsonPropertyDescription("Estimated seconds to the end.") Integer remainingSeconds,
      @JsonPropertyDescription("Values known so far, on the validation part.")
          List<JudgementStatus.Figure> metrics,
      @JsonPropertyDescription("When this was true.") String lastUpdatedTime) {

    public ProgressStatus {
      metrics = metrics == null ? List.of() : List.copyOf(metrics);
    }
  }

  /** What came out of a run. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Result(
      @JsonPropertyDescription("The version: digest of its package.") String version,
      @JsonPropertyDescription("Micro precision, recall and F1 on the holdout.")
          PrecisionRecall strict,
      @JsonPropertyDescription("The same with half a point for a sibling of a true subject.")
          PrecisionRecall lenient,
      @JsonPropertyDescription("What was measured on the holdout.") JudgementStatus judgement,
      @JsonPropertyDescription("How many documents were learnt.") Integer documents,
      @JsonPropertyDescription("Seconds from the start of the training to the package.")
          Integer trainSeconds) {}

  /** Precision, recall and their harmonic mean. */
  public record PrecisionRecall(
      @JsonPropertyDescription("Precision, 0 to 1.") String precision,
      @JsonPropertyDescription("Recall, 0 to 1.") String recall,
      @JsonPropertyDescription("F1, 0 to 1.") String f1) {}

  /** How a pod failed. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LastFailure(
      @JsonPropertyDescription(
              "Whose failure: PlanInvalid, DataInvalid, DeviceMemoryExhausted, Interrupted,"
                  + " MachineFailed, ProgramFailed, or a reason of Kubernetes such as OOMKilled.")
          String reason,
      @JsonPropertyDescription("What is wrong, where, and what to do.") String message,
      @JsonPropertyDescription("The pod.") String pod,
      @JsonPropertyDescription("Its exit code.") Integer exitCode) {}
}
