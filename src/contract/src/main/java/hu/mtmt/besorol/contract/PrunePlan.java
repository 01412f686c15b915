package hu.mtmt.besorol.contract;

import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * Packages to remove from the store. They are named one by one, so that a package that nobody has
 * recorded yet is never taken for an old one.
 *
 * @param store directory of the model's packages
 * @param versions which to remove; one that is not there counts as removed
 */
public record PrunePlan(@Required String store, @Required @Size(max = 1000) List<Digest> versions)
    implements JobPlan {

  public PrunePlan {
    versions = versions == null ? List.of() : List.copyOf(versions);
  }
}
