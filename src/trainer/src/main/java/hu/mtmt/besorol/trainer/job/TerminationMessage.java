package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.PruneResult;
import hu.mtmt.besorol.contract.TrainingResult;
import java.util.List;

/**
 * Fits results into the termination message of a pod, of which Kubernetes keeps {@value
 * JobResult#MAXIMUM_BYTES} bytes.
 */
final class TerminationMessage {
  private TerminationMessage() {}

  /**
   * The result as bytes, few enough. What goes first are the last comparisons: whoever needs them
   * asks for them with an evaluation of their own. Then a failure's message is cut.
   */
  static byte[] of(JobResult result) {
    var bytes = ContractJson.writeLine(result);
    while (bytes.length > JobResult.MAXIMUM_BYTES) {
      result = shorter(result);
      bytes = ContractJson.writeLine(result);
    }
    return bytes;
  }

  private static JobResult shorter(JobResult result) {
    return switch (result) {
      case TrainingResult r ->
          new TrainingResult(
              r.version(),
              shorter(r.judgement()),
              r.trainSeconds(),
              r.documents(),
              r.footprint(),
              shorter(r.failure()));
      case EvaluationResult r ->
          new EvaluationResult(r.version(), shorter(r.judgement()), shorter(r.failure()));
      case PruneResult r -> new PruneResult(r.removed(), shorter(r.failure()));
    };
  }

  private static Judgement shorter(Judgement judgement) {
    if (judgement == null || judgement.comparisons().isEmpty()) {
      return judgement;
    }
    List<Comparison> comparisons = judgement.comparisons();
    return new Judgement(
        judgement.holdout(),
        judgement.taxonomy(),
        judgement.level(),
        judgement.grades(),
        judgement.figures(),
        comparisons.subList(0, comparisons.size() - 1));
  }

  /**
   * Characters outside of ASCII take up to three bytes, so a message may be too long all the same.
   */
  private static Failure shorter(Failure failure) {
    return failure == null
        ? null
        : new Failure(
            failure.kind(), failure.message().substring(0, failure.message().length() * 9 / 10));
  }
}
