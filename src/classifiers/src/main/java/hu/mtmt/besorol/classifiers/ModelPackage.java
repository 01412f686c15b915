package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.answers.Answering;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.contract.Suggestion;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.TaxonomyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A trained model as it is kept and served: a directory, opened. Thread-safe. */
public final class ModelPackage {
  static final String TAXONOMY = "taxonomy.jsonl";
  static final String LABELS = "labels.txt";

  /** How the name of a report for people ends. */
  private static final String REPORT = ".html";

  /** How many reasons are usually told. */
  public static final int REASONS = 5;

  /** How far a score may be from the one of the machine that trained. */
  private static final double SCORE_TOLERANCE = 1e-4;

  private final Path directory;
  private final Digest version;
  private final ModelManifest manifest;
  private final Labels labels;
  private final Scorer scorer;
  private final Answering answering;

  /** Null until it is asked for: it is long, and whoever only answers can do without. */
  private volatile Optional<EvaluationReport> evaluation;

  /**
   * A package of files that are known to be whole.
   *
   * @param version null as long as it is not finished
   */
  ModelPackage(
      Path directory,
      Digest version,
      ModelManifest manifest,
      Labels labels,
      Scorer scorer,
      Answering answering) {
    this.directory = directory;
    this.version = version;
    this.manifest = manifest;
    this.labels = labels;
    this.scorer = scorer;
    this.answering = answering;
  }

  /** The same model in another state of its package. */
  ModelPackage with(Path directory, Digest version, ModelManifest manifest) {
    return new ModelPackage(directory, version, manifest, labels, scorer, answering);
  }

  /**
   * Opens a package: reads its manifest, verifies every file's digest and maps the weights.
   *
   * @throws BesorolException if it is not there, not a package, of a newer format, truncated or
   *     changed; the message names the file
   */
  public static ModelPackage open(Path directory) {
    var manifestFile = directory.resolve(ModelManifest.FILE);
    if (!Files.isRegularFile(manifestFile)) {
      throw BesorolException.data(
          Files.isDirectory(directory)
              ? "%s is not a model package: it has no %s. Name a directory that training has written."
                  .formatted(directory, ModelManifest.FILE)
              : "There is no model package %s: name a directory that training has written."
                  .formatted(directory));
    }
    try (var files = new VerifiedFiles(directory)) {
      var taxonomy = files.meanwhile(() -> TaxonomyFile.readJsonLines(directory.resolve(TAXONOMY)));
      var bytes = Files.readAllBytes(manifestFile);
      var manifest = readManifest(bytes, manifestFile);
      files.requireAll(manifest);
      files.verified(TAXONOMY);
      var target = new TargetLevel(files.await(taxonomy).taxonomy(), manifest.taxonomy().level());
      var labels = readLabels(files.verified(LABELS), manifest, target);
      files.verifyAll();
      return load(directory, Digest.of(bytes), manifest, labels);
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private static ModelManifest readManifest(byte[] bytes, Path file) {
    try {
      return ContractJson.read(bytes, ModelManifest.class, file.toString());
    } catch (BesorolException e) { // a package is data; its manifest is nobody's plan
      throw BesorolException.data(e.getMessage());
    }
  }

  /**
   * The files of a package in the order of their names, but for hidden ones, which volumes keep of
   * theirs.
   */
  static List<Path> files(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !nameIn(directory, file).matches("([.].*)|(.*/[.].*)"))
          .sorted()
          .toList();
    }
  }

  /** The name of a file in a package, with forward slashes. */
  static String nameIn(Path directory, Path file) {
    return directory.relativize(file).toString().replace('\\', '/');
  }

  private static Labels readLabels(Path file, ModelManifest manifest, TargetLevel target)
      throws IOException {
    var directory = file.getParent();
    var ids = Files.readAllLines(file);
    if (ids.size() != manifest.subjects()) {
      throw damaged(
          directory,
          LABELS,
          "has %d subjects, the manifest %d".formatted(ids.size(), manifest.subjects()));
    }
    var subjects =
        ids.stream()
            .mapToInt(
                id -> {
                  int subject = target.taxonomy().indexOf(id);
                  if (subject < 0) {
                    throw damaged(
                        directory,
                        LABELS,
                        "has a subject that %s lacks: %s".formatted(TAXONOMY, id));
                  }
                  return subject;
                })
            .toArray();
    return new Labels(target, subjects);
  }

  /** Loads what a family trained. */
  static ModelPackage load(Path directory, Digest version, ModelManifest manifest, Labels labels)
      throws IOException {
    var files = new ModelFiles(directory, labels, manifest.defaultLanguage());
    AlgorithmParameters parameters = manifest.algorithm().parameters();
    return new ModelPackage(
        directory,
        version,
        manifest,
        labels,
        ClassifierFamilies.of(parameters).load(parameters, files),
        Answering.read(manifest.algorithm().answers(), files, manifest.decision()));
  }

  /**
   * A failure of a package that is not as it was written.
   *
   * @param how what is wrong with the file
   */
  static BesorolException damaged(Path directory, String file, String how) {
    return BesorolException.data(
        "The model package %s is damaged: %s %s. Copy it again from where it is whole, or train it again."
            .formatted(directory, file, how));
  }

  /**
   * Digest of the manifest.
   *
   * @throws IllegalStateException if the package is not finished
   */
  public Digest version() {
    if (version == null) {
      throw new IllegalStateException("a package has a version when it is published");
    }
    return version;
  }

  public ModelManifest manifest() {
    return manifest;
  }

  /** Where it lies. */
  public Path directory() {
    return directory;
  }

  /** The whole taxonomy and the level it was learnt at. */
  public TargetLevel target() {
    return labels.target();
  }

  /** The subjects that it tells apart. */
  public Labels labels() {
    return labels;
  }

  /** Number in the taxonomy of every label. */
  public int[] subjects() {
    return labels.subjects();
  }

  /**
   * How good it is on the holdout, if it was judged.
   *
   * @throws BesorolException if its report cannot be read
   */
  public Optional<EvaluationReport> evaluation() {
    var known = evaluation;
    if (known == null) {
      var file = directory.resolve(EvaluationReport.FILE);
      known =
          Files.exists(file)
              ? Optional.of(ContractJson.read(file, EvaluationReport.class))
              : Optional.empty();
      evaluation = known;
    }
    return known;
  }

  /** Size of all its files but the manifest, in bytes. */
  public long bytes() {
    return manifest.files().stream().mapToLong(ModelManifest.PackageFile::bytes).sum();
  }

  /**
   * Copies what its family wrote, without what makes a package of it.
   *
   * @param target an empty directory
   */
  public void copyModel(Path target) throws IOException {
    var other = Set.of(TAXONOMY, LABELS, SelfTest.FILE, EvaluationReport.FILE, Answering.FILE);
    for (var file : manifest.files()) {
      if (!other.contains(file.path()) && !file.path().endsWith(REPORT)) {
        var copy = target.resolve(file.path());
        Files.createDirectories(copy.getParent());
        Files.copy(directory.resolve(file.path()), copy);
      }
    }
  }

  /**
   * Answers a document. A document without any known word gets no answer.
   *
   * @param ranked how many labels are ranked at least (as far as there are so many), beyond those
   *     that are the answer
   */
  public Answer answer(Document document, int ranked) {
    var scores = new Scores();
    try (var query = new Query(document)) {
      scorer.score(query, scores);
    }
    return answering.answer(scores, ranked);
  }

  /**
   * The same suggestions with what decided about each.
   *
   * @param limit how many reasons of a suggestion at most
   */
  public List<Suggestion> explain(Document document, List<Suggestion> suggestions, int limit) {
    try (var query = new Query(document)) {
      return suggestions.stream()
          .map(
              s ->
                  s.because(
                      scorer.explain(
                          query,
                          labels.labelOf(labels.target().taxonomy().indexOf(s.subject())),
                          limit)))
          .toList();
    }
  }

  /** The final answer as suggestions of id and score. */
  public List<Suggestion> suggest(Document document) {
    var answer = answer(document, 0);
    return suggestions(answer, answer.decided());
  }

  /** The ranking: at most {@code limit} suggestions of at least {@code threshold}. */
  public List<Suggestion> rank(Document document, int limit, double threshold) {
    var answer = answer(document, limit);
    int length = 0;
    while (length < Math.min(limit, answer.labels().length)
        && answer.scores()[length] > 0
        && answer.scores()[length] >= threshold) {
      length++;
    }
    return suggestions(answer, length);
  }

  private List<Suggestion> suggestions(Answer answer, int length) {
    return IntStream.range(0, length)
        .mapToObj(i -> new Suggestion(id(answer.labels()[i]), answer.scores()[i]))
        .toList();
  }

  private String id(int label) {
    return labels.id(label);
  }

  /**
   * Answers the documents of {@code selftest.jsonl} and compares: the subjects that were ranked
   * best must have the scores that they had then, and no other subject a better one.
   *
   * @return the documents by a digest of what they say, each with the subject that was ranked best,
   *     or an empty text if none was
   * @throws BesorolException if an answer is not the expected one: this machine or program computes
   *     differently from the one that trained
   */
  public Map<String, String> selfTest() {
    try {
      var cases = SelfTest.read(Files.readAllBytes(directory.resolve(SelfTest.FILE)));
      var best = new TreeMap<String, String>();
      for (int line = 1; line <= cases.size(); line++) {
        var c = cases.get(line - 1);
        check(line, c);
        best.put(
            Digest.of(ContractJson.writeLine(c.document())).abbreviated(),
            c.suggestions().isEmpty() ? "" : c.suggestions().getFirst().subject());
      }
      return best;
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private static BesorolException unreadable(Path directory, IOException e) {
    return BesorolException.machine(
        "The model package %s cannot be read (%s): check its volume and permissions."
            .formatted(directory, e),
        e);
  }

  private void check(int line, SelfTest.Case expected) {
    // two subjects of nearly the same score may change places, also at the end
    var answer = answer(expected.document(), 2 * SelfTest.RANKED);
    for (int rank = 0; rank < expected.suggestions().size(); rank++) {
      var wanted = expected.suggestions().get(rank);
      boolean same =
          rank < answer.labels().length
              && close(answer.scores()[rank], wanted.score())
              && close(scoreOf(wanted.subject(), answer), wanted.score());
      if (!same) {
        throw new BesorolException(
            FailureKind.MACHINE_FAILED,
            "The model package %s fails its self-test: for the document of line %d of %s, %s (%.4f) was expected at rank %d, not %s. This machine or this version of Besorol computes differently from the one that trained: use the version that trained it (%s), or train it again."
                .formatted(
                    directory,
                    line,
                    SelfTest.FILE,
                    wanted.subject(),
                    wanted.score(),
                    rank + 1,
                    rank < answer.labels().length
                        ? "%s (%.4f)".formatted(id(answer.labels()[rank]), answer.scores()[rank])
                        : "nothing",
                    manifest.codeVersion()));
      }
    }
  }

  /** The score of a subject in an answer; NaN if it is not ranked. */
  private double scoreOf(String id, Answer answer) {
    int label = labels.labelOf(labels.target().taxonomy().indexOf(id));
    for (int rank = 0; rank < answer.labels().length; rank++) {
      if (answer.labels()[rank] == label) {
        return answer.scores()[rank];
      }
    }
    return Double.NaN;
  }

  private static boolean close(double a, double b) {
    return Math.abs(a - b) <= SCORE_TOLERANCE;
  }
}
