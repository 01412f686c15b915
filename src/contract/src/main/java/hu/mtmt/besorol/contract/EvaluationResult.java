package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How a judgement ended.
 *
 * @param version which version was judged
 * @param judgement what was measured; null if it failed
 * @param failure why it failed, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationResult(Digest version, Judgement judgement, Failure failure)
    implements JobResult {

  @Override
  public List<String> brokenRules() {
    return (judgement == null) == (failure == null)
        ? List.of("write either judgement or failure")
        : List.of();
  }
}
