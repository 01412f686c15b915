package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.JobPlan;
import hu.mtmt.besorol.contract.PrunePlan;
import hu.mtmt.besorol.contract.PruneResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Removes packages from a store. */
public final class PruneJob {
  private PruneJob() {}

  /**
   * Removes the packages of a plan; those that are not there count as removed.
   *
   * @param store directory of the packages
   * @throws BesorolException if one cannot be removed
   */
  public static PruneResult run(PrunePlan plan, Path store) {
    int removed = 0;
    for (var version : plan.versions()) {
      removed += remove(version, store) ? 1 : 0;
    }
    return new PruneResult(removed, null);
  }

  /** First under another name, so that nobody ever opens half a package. */
  private static boolean remove(Digest version, Path store) {
    var directory = store.resolve(JobPlan.packageDirectory(version));
    var doomed = store.resolve("removed-" + version.hex());
    try {
      boolean there = Files.isDirectory(directory);
      if (there) {
        Directories.delete(doomed);
        Files.move(directory, doomed, StandardCopyOption.ATOMIC_MOVE);
      }
      Directories.delete(doomed);
      return there;
    } catch (IOException e) {
      throw BesorolException.machine(
          "The package %s cannot be removed (%s): check the permissions of the store."
              .formatted(directory, e.getMessage()),
          e);
    }
  }
}
