package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import hu.mtmt.besorol.contract.Footprint;
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
    @JsonPropertyDescription("What it needs, as its pod has counted it.") Footprint footprint,
    @JsonPropertyDescription(
            "Jobs that were given up for a machine of another flavor, the oldest first.")
        List<Attempt> attempts,
    @JsonPropertyDescription("How it waits for machines. Absent: it never had to.")
        QueueStatus queue,
    @JsonPropertyDescription("How far it is.") ProgressStatus progress,
    @JsonPropertyDescription("What came out.") Result result,
    @JsonPropertyDescription("The newest failure of a pod, also if a retry followed.")
        LastFailure lastFailure,
    @JsonPropertyDescription(
            "UID of the model that has recorded the version. Absent: none has yet.")
        String recordedBy) {

  public TrainingRunStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
    attempts = attempts == null ? List.of() : List.copyOf(attempts);
  }

  /** Where a run was placed. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PlacementStatus(
      @JsonPropertyDescription("The flavor of machine. Absent: none fits.") String flavor,
      @JsonPropertyDescription("How many nodes of it.") Integer nodes,
      @JsonPropertyDescription(
              "Memory that a pod is expected to need, in MiB. Absent: the data was never read.")
          Long estimatedMemoryMiB,
      @JsonPropertyDescription(
              "Disk of its node that a pod is expected to need, in MiB. Absent: nothing like it was"
                  + " ever begun.")
          Long estimatedDiskMiB,
      @JsonPropertyDescription(
              "How long the training is expected to take there. Absent: nothing like it was ever"
                  + " trained.")
          Integer estimatedSeconds,
      @JsonPropertyDescription("Why this one, or what the run waits for, in a sentence.")
          String reason,
      @JsonPropertyDescription("The flavors that do not fit.") List<RejectedFlavor> rejected) {

    public PlacementStatus {
      rejected = rejected == null ? List.of() : List.copyOf(rejected);
    }
  }

  /** A flavor that does not fit. */
  public record RejectedFlavor(
      @JsonPropertyDescription("The flavor.") String flavor,
      @JsonPropertyDescription("Why it does not fit, in a sentence.") String reason) {}

  /** A Job that was given up: for a machine of another flavor, or as its result was lost. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Attempt(
      @JsonPropertyDescription("UID of the Job.") String jobUid,
      @JsonPropertyDescription("The flavor it was on.") String flavor,
      @JsonPropertyDescription("Memory that its pods got, in MiB.") Long memoryMiB,
      @JsonPropertyDescription(
              "OOMKilled or DeviceMemoryExhausted: it had too little memory. DiskExhausted: too"
                  + " little disk. NoNode: none was found within spec.placement.fallbackSeconds."
                  + " ResultMissing: its pod succeeded, and was gone before its result was read.")
          String reason,
      @JsonPropertyDescription(
              "How many of its pods failed; all together are at most spec.backoffLimit.")
          Integer failures,
      @JsonPropertyDescription("When it was given up.") String time) {

    /** The reason of a Job that found no node. */
    public static final String NO_NODE = "NoNode";

    /** The reason of a Job whose pod used more disk than its flavor has. */
    public static final String DISK_EXHAUSTED = "DiskExhausted";

    /** The reason of a Job whose pod succeeded and was gone before its result was read. */
    public static final String RESULT_MISSING = Conditions.Reason.RESULT_MISSING.written();

    /** Whether it was given up because of its memory. */
    public boolean tooLittleMemory() {
      return !foundNoNode() && !tooLittleDisk() && !lostItsResult();
    }

    /** Whether it was given up because of its disk. */
    public boolean tooLittleDisk() {
      return DISK_EXHAUSTED.equals(reason);
    }

    /** Whether it was given up because nobody knows what it has made. */
    public boolean lostItsResult() {
      return RESULT_MISSING.equals(reason);
    }

    /** Whether it was given up because there was no node. */
    public boolean foundNoNode() {
      return NO_NODE.equals(reason);
    }
  }

  /** How a run waits for machines. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record QueueStatus(
      @JsonPropertyDescription("Since when it waits, or waited last.") String sinceTime,
      @JsonPropertyDescription("When it was given machines last. Absent: it waits.")
          String admittedTime,
      @JsonPropertyDescription("How often it made room for a run of a higher priority.")
          Integer preemptions,
      @JsonPropertyDescription(
              "Minutes of machines (where they have GPUs: of GPUs) that were spent on work after"
                  + " the newest checkpoint when it made room, all times together.")
          Integer lostMinutes,
      @JsonPropertyDescription(
              "Why the pods of a run on several nodes were taken back. Absent: they were not, or"
                  + " all have started since.")
          TakenBack takenBack) {}

  /** Why the pods of a run on several nodes were taken back. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TakenBack(
      @JsonPropertyDescription("How often in succession.") Integer times,
      @JsonPropertyDescription("The flavor they were on.") String flavor,
      @JsonPropertyDescription("How many of them had started.") Integer started,
      @JsonPropertyDescription("Why, in a sentence.") String reason,
      @JsonPropertyDescription("When the run takes its turn again.") String retryTime) {}

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
      @JsonPropertyDescription("When the newest checkpoint was written. Absent: there is none.")
          String checkpointTime,
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
