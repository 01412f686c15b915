package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How a removal ended.
 *
 * @param removed how many packages were there and are gone now
 * @param failure why it failed, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PruneResult(Integer removed, Failure failure) implements JobResult {}
