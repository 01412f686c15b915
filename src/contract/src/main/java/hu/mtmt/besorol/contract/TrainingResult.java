package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How a training ended.
 *
 * @param version digest of the package's {@code model.json}; null if it failed
 * @param judgement what was measured on the holdout; null if it failed
 * @param trainSeconds wall-clock time from start to package, over all attempts as far as
 *     checkpoints know
 * @param documents how many training documents were learnt
 * @param footprint what it needed, or null if it failed before its data was read
 * @param failure why it failed, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingResult(
    Digest version,
    Judgement judgement,
    Integer trainSeconds,
    Integer documents,
    Footprint footprint,
    Failure failure)
    implements JobResult {

  @Override
  public List<String> brokenRules() {
    return (version == null) == (failure == null)
        ? List.of("write either version or failure")
        : List.of();
  }

  /** Of a training that failed before its data was read. */
  public static TrainingResult failed(Failure failure) {
    return failed(failure, null);
  }

  /** Of a training that failed. */
  public static TrainingResult failed(Failure failure, Footprint footprint) {
    return new TrainingResult(null, null, null, null, footprint, failure);
  }
}
