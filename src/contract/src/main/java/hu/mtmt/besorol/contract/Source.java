package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * Where a process reads a file.
 *
 * @param location an absolute path (in a pod, below a mounted volume), or an {@code https:} address
 * @param digest of the bytes as they lie there, compressed or not; null only on a command line,
 *     where the user vouches
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Source(@Required @Size(min = 1, max = 2048) String location, Digest digest) {}
