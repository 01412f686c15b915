package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * Where a process reads a file.
 *
 * @param location an absolute path (in a pod, below a mounted volume), an {@code https:} address,
 *     or an object's key if {@code s3} is given
 * @param digest of the bytes as they lie there, compressed or not; null only on a command line,
 *     where the user vouches
 * @param s3 the bucket with the object {@code location}, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Source(
    @Required @Size(min = 1, max = 2048) String location, Digest digest, S3Bucket s3) {

  /** A file, or what is behind an address. */
  public Source(String location, Digest digest) {
    this(location, digest, null);
  }
}
