package hu.mtmt.besorol.contract;

/**
 * How a Job's pod ended: written to its termination message, at most {@value #MAXIMUM_BYTES} bytes.
 */
public sealed interface JobResult extends ContractDocument, CrossChecked
    permits TrainingResult, EvaluationResult, PruneResult {

  /** Where a pod writes its result: Kubernetes' own default. */
  String PATH = "/dev/termination-log";

  /** Kubernetes cuts longer termination messages. */
  int MAXIMUM_BYTES = 4096;

  /** Why there is no result, or null if there is one. */
  Failure failure();
}
