package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Whose failure it is. The kind decides what happens next: the exit code of a process, whether a
 * Job is retried, and the reason in a status condition.
 */
public enum FailureKind {
  /**
   * The plan, the manifest or the command line is wrong: a person must change it. Never retried.
   */
  PLAN_INVALID("PlanInvalid", 2),

  /**
   * The data is wrong (unreadable, unknown subject, digest differs, …): a person must change it.
   * Never retried.
   */
  DATA_INVALID("DataInvalid", 3),

  /** The device has too little memory for the work: retried on a larger one. */
  DEVICE_MEMORY_EXHAUSTED("DeviceMemoryExhausted", 4),

  /** The work was asked to stop and wrote a checkpoint: retried from there. */
  INTERRUPTED("Interrupted", 75),

  /** The machine failed (disk full, volume not readable, network): retried. */
  MACHINE_FAILED("MachineFailed", 1),

  /** A defect of the program: retried, and worth a bug report. */
  PROGRAM_FAILED("ProgramFailed", 1);

  private final String written;
  private final int exitCode;

  FailureKind(String written, int exitCode) {
    this.written = written;
    this.exitCode = exitCode;
  }

  /** The name in documents, conditions and metrics: {@code DataInvalid}. */
  @JsonValue
  public String written() {
    return written;
  }

  /**
   * The exit code of a process that ends with this kind of failure; 0 means success and belongs to
   * none.
   */
  public int exitCode() {
    return exitCode;
  }
}
