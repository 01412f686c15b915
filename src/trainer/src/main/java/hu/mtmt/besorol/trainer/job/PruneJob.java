package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.ModelStore;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.contract.PruneResult;

/** Removes packages from a store. */
public final class PruneJob {
  private PruneJob() {}

  /**
   * Removes the packages of a plan; those that are not there count as removed.
   *
   * @param store of the packages
   * @throws hu.mtmt.besorol.contract.BesorolException if one cannot be removed
   */
  public static PruneResult run(PrunePlan plan, ModelStore store) {
    int removed = 0;
    for (var version : plan.versions()) {
      removed += store.remove(version) ? 1 : 0;
    }
    return new PruneResult(removed, null);
  }
}
