package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.JobPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A store that is a directory, one directory in it a version.
 *
 * @param directory made when the first package is
 */
public record DirectoryStore(Path directory) implements ModelStore {
  @Override
  public boolean contains(Digest version) {
    return Files.isDirectory(place(version));
  }

  @Override
  public Optional<ModelPackage> open(Digest version) {
    return contains(version) ? Optional.of(open(place(version), version)) : Optional.empty();
  }

  /** Opens the package in a directory, which must be that of the version. */
  static ModelPackage open(Path directory, Digest version) {
    var model = ModelPackage.open(directory);
    if (!model.version().equals(version)) {
      throw BesorolException.data(
          "%s holds version %s: it was changed or renamed. Copy it again from where it is whole."
              .formatted(directory, model.version()));
    }
    return model;
  }

  /** It was published in its place. */
  @Override
  public void keep(ModelPackage model) {}

  /** First under another name, so that nobody ever opens half a package. */
  @Override
  public boolean remove(Digest version) {
    var place = place(version);
    var doomed = directory.resolve("removed-" + version.hex());
    try {
      boolean there = Files.isDirectory(place);
      if (there) {
        Directories.delete(doomed);
        Files.move(place, doomed, StandardCopyOption.ATOMIC_MOVE);
      }
      Directories.delete(doomed);
      return there;
    } catch (IOException e) {
      throw BesorolException.machine(
          "The package %s cannot be removed (%s): check the permissions of the store."
              .formatted(place, e.getMessage()),
          e);
    }
  }

  private Path place(Digest version) {
    return directory.resolve(JobPlan.packageDirectory(version));
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
