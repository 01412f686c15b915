package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * Packages to remove from the store. They are named one by one, so that a package that nobody has
 * recorded yet is never taken for an old one.
 *
 * @param store directory of the model's packages, or their prefix in the bucket
 * @param versions which to remove; one that is not there counts as removed
 * @param storeBucket the bucket that {@code store} is in, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PrunePlan(
    @Required String store, @Required @Size(max = 1000) List<Digest> versions, S3Bucket storeBucket)
    implements JobPlan {

  /** With a store on a volume. */
  public PrunePlan(String store, List<Digest> versions) {
    this(store, versions, null);
  }

  public PrunePlan {
    versions = versions == null ? List.of() : List.copyOf(versions);
  }
}
