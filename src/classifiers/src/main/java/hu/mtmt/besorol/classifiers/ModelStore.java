package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.Digest;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the packages of a model's versions are kept. A version is there when its manifest is.
 * Thread-safe; any number of processes may share one. {@code toString} says where it is, for
 * messages.
 */
public interface ModelStore {
  /**
   * A directory on this machine in which new packages are made, named by {@link
   * hu.mtmt.besorol.contract.JobPlan#packageDirectory}, and in which what several trainings share
   * may be kept.
   */
  Path directory();

  /**
   * Whether a version is there; its package may still turn out damaged.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException if the store cannot be asked
   */
  boolean contains(Digest version);

  /**
   * Opens the package of a version, every digest verified; empty if it is not there.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException if it is damaged or cannot be read
   */
  Optional<ModelPackage> open(Digest version);

  /**
   * Keeps a package that was published in {@link #directory} under the name of its version. One
   * that is there already is left as it is, or mended.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException if it cannot be kept
   */
  void keep(ModelPackage model);

  /**
   * Removes a version.
   *
   * @return whether it was there
   * @throws hu.mtmt.besorol.contract.BesorolException if it cannot be removed
   */
  boolean remove(Digest version);
}
