package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How a removal ended.
 *
 * @param removed how many packages were there and are gone now
 * @param failure why it failed, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PruneResult(Integer removed, Failure failure) implements JobResult {

  @Override
  public List<String> brokenRules() {
    return (removed == null) == (failure == null)
        ? List.of("write either removed or failure")
        : List.of();
  }
}
