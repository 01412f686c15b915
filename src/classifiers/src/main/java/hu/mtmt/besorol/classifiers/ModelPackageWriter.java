package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a package: into a temporary directory beside its place, synchronised to the disk, and
 * renamed when complete, so that there is a whole package or none.
 *
 * <p>Use: {@link #begin}; the family trains into {@link #directory}; {@link #describe} makes the
 * unfinished package usable as a {@link ModelPackage}, so that it can be judged; {@link #publish}.
 * {@link #close} without {@code publish} leaves nothing behind.
 */
public final class ModelPackageWriter implements AutoCloseable {
  private ModelPackageWriter() {}

  /**
   * Begins a package.
   *
   * @param parent directory in which it will lie; made if missing
   * @throws hu.mtmt.besorol.contract.BesorolException if the directory cannot be written
   */
  public static ModelPackageWriter begin(Path parent) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Where the family writes its files. */
  public Path directory() {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * Adds taxonomy, labels and self-test and loads what was trained.
   *
   * @param manifest all but {@code files} and {@code figures}
   * @param subjects number in the taxonomy of every label
   * @param selfTest documents for the self-test
   */
  public ModelPackage describe(
      ModelManifest manifest, TargetLevel target, int[] subjects, List<Document> selfTest) {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * Completes the package and moves it to its place: {@code name}, or a directory named after the
   * version if that is null. If a package of that version is there already it is left as it is.
   *
   * @param evaluation how good it is, or null if it was not judged
   */
  public ModelPackage publish(EvaluationReport evaluation, String name) {
    throw new UnsupportedOperationException("not written yet");
  }

  @Override
  public void close() {}
}
