package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.TaxonomyFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a package: into a temporary directory beside its place, synchronised to the disk, and
 * renamed when complete, so that there is a whole package or none.
 *
 * <p>Use: {@link #begin}; the family trains into {@link #directory}; {@link #describe} makes the
 * unfinished package usable as a {@link ModelPackage}, so that it can be judged; {@link #publish}.
 * {@link #close} without {@code publish} leaves nothing behind. What a process that was killed left
 * behind is deleted by the next one that begins a package in the same place.
 */
public final class ModelPackageWriter implements AutoCloseable {
  private final Path parent;
  private final Workplace workplace;
  private ModelPackage described;

  private ModelPackageWriter(Path parent, Workplace workplace) {
    this.parent = parent;
    this.workplace = workplace;
  }

  /**
   * Begins a package.
   *
   * @param parent directory in which it will lie; made if missing
   * @throws BesorolException if the directory cannot be written
   */
  public static ModelPackageWriter begin(Path parent) {
    try {
      Files.createDirectories(parent);
      return new ModelPackageWriter(parent, Workplace.in(parent));
    } catch (IOException e) {
      throw failed(parent, e);
    }
  }

  /** Where the family writes its files. */
  public Path directory() {
    return workplace.directory();
  }

  /**
   * Adds taxonomy, labels and self-test and loads what was trained.
   *
   * @param manifest all but {@code files} and {@code figures}
   * @param labels what it tells apart
   * @param selfTest documents for the self-test
   */
  public ModelPackage describe(ModelManifest manifest, Labels labels, List<Document> selfTest) {
    try {
      write(ModelPackage.TAXONOMY, TaxonomyFile.write(labels.target().taxonomy()));
      Files.write(directory().resolve(ModelPackage.LABELS), labels.ids());
      var answering = ModelPackage.load(directory(), null, manifest, labels);
      var cases =
          selfTest.stream()
              .map(d -> new SelfTest.Case(d, answering.rank(d, SelfTest.RANKED, 0)))
              .toList();
      write(SelfTest.FILE, SelfTest.write(cases));
      described = answering.with(directory(), null, complete(manifest, Map.of()));
      return described;
    } catch (IOException e) {
      throw failed(parent, e);
    }
  }

  /**
   * Completes the package and moves it to its place: {@code name}, or a directory named after the
   * version if that is null. If a whole package of that version is there already it is left as it
   * is.
   *
   * @param evaluation how good it is, or null if it was not judged; of its metrics, those that are
   *     not reproducible are left out
   * @throws BesorolException if it cannot be written, or another package has the name
   */
  public ModelPackage publish(EvaluationReport evaluation, String name) {
    try {
      var report = evaluation == null ? null : reproducible(evaluation);
      if (report != null) {
        write(EvaluationReport.FILE, ContractJson.write(report));
      }
      var manifest =
          complete(described.manifest(), report == null ? Map.of() : report.overall().metrics());
      var bytes = ContractJson.write(manifest);
      var version = Digest.of(bytes);
      var place = parent.resolve(name == null ? version.value().replace(':', '-') : name);
      write(ModelManifest.FILE, bytes);
      synchronizeAll(directory());
      if (move(place, version)) {
        return described.with(place, version, manifest);
      }
      return ModelPackage.open(place);
    } catch (IOException e) {
      throw failed(parent, e);
    }
  }

  /**
   * Moves the finished package to its place. What is there of the same version but damaged is
   * replaced.
   *
   * @return false if it was there already
   */
  private boolean move(Path place, Digest version) throws IOException {
    try {
      Files.move(directory(), place, StandardCopyOption.ATOMIC_MOVE);
      synchronize(parent);
      return true;
    } catch (FileSystemException e) { // which one it is differs between systems
      if (!Files.exists(place)) {
        throw e;
      }
    }
    var manifest = place.resolve(ModelManifest.FILE);
    if (!Files.exists(manifest) || !Digest.of(manifest).equals(version)) {
      throw BesorolException.plan(
          "%s is there already and is not this package: name another place, or delete it first."
              .formatted(place));
    }
    if (isWhole(place)) {
      return false;
    }
    workplace.discard(place);
    Files.move(directory(), place, StandardCopyOption.ATOMIC_MOVE);
    synchronize(parent);
    return true;
  }

  private static boolean isWhole(Path place) {
    try {
      ModelPackage.open(place);
      return true;
    } catch (BesorolException e) {
      return false;
    }
  }

  /** The manifest with the files that are there now. */
  private ModelManifest complete(ModelManifest manifest, Map<Metric, Double> figures)
      throws IOException {
    var files = new ArrayList<ModelManifest.PackageFile>();
    for (var file : ModelPackage.files(directory())) {
      files.add(
          new ModelManifest.PackageFile(
              ModelPackage.nameIn(directory(), file), Files.size(file), Digest.of(file)));
    }
    return new ModelManifest(
        manifest.algorithm(),
        manifest.taxonomy(),
        manifest.training(),
        manifest.validation(),
        manifest.holdout(),
        manifest.seed(),
        manifest.codeVersion(),
        manifest.defaultLanguage(),
        manifest.subjects(),
        manifest.decision(),
        figures,
        files);
  }

  private static EvaluationReport reproducible(EvaluationReport report) {
    return new EvaluationReport(
        report.documents(),
        report.taxonomy(),
        report.level(),
        reproducible(report.overall()),
        report.levels().stream().map(ModelPackageWriter::reproducible).toList(),
        report.branches().stream().map(ModelPackageWriter::reproducible).toList(),
        report.subjects());
  }

  private static EvaluationReport.Slice reproducible(EvaluationReport.Slice slice) {
    var metrics = new TreeMap<>(slice.metrics());
    metrics.keySet().removeIf(m -> !m.reproducible());
    return new EvaluationReport.Slice(
        slice.name(),
        slice.documents(),
        slice.trueSubjects(),
        slice.answeredSubjects(),
        slice.rightSubjects(),
        metrics);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(directory().resolve(name), bytes, StandardOpenOption.CREATE_NEW);
  }

  /** Waits until everything in a directory is on the disk. */
  static void synchronizeAll(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.toList()) {
        synchronize(file);
      }
    }
  }

  /** Waits until a file, or the names in a directory, are on the disk. */
  static void synchronize(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static BesorolException failed(Path parent, IOException e) {
    return BesorolException.machine(
        "The model package cannot be written to %s (%s): check that the disk is not full and can be written."
            .formatted(parent, e),
        e);
  }

  /** Deletes what was not published. */
  @Override
  public void close() {
    workplace.close();
  }
}
