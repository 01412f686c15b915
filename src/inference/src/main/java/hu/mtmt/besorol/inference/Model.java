package hu.mtmt.besorol.inference;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.contract.Classification;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Reason;
import hu.mtmt.besorol.contract.Suggestion;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.inference.Selection.Decision;
import hu.mtmt.besorol.inference.Selection.Ranking;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A package that is fit to serve: verified, loaded and self-tested. Thread-safe. */
public final class Model {
  private static final double SCORE_UNIT = 1e6;

  private final ModelPackage modelPackage;
  private final Map<String, Named> subjects;
  private final Map<String, String> probe;

  private Model(ModelPackage modelPackage, Map<String, String> probe) {
    this.modelPackage = modelPackage;
    this.probe = probe;
    var taxonomy = modelPackage.target().taxonomy();
    this.subjects = HashMap.newHashMap(modelPackage.subjects().length);
    for (int subject : modelPackage.subjects()) {
      subjects.put(
          taxonomy.subject(subject).id(),
          new Named(taxonomy.subject(subject).labels(), taxonomy.pathIds(subject)));
    }
  }

  /** What an answer says of a subject beside its score. */
  private record Named(Map<String, String> labels, List<String> path) {}

  /**
   * Opens a package and lets it pass its self-test.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException if it is not fit to serve
   */
  public static Model load(Path directory) {
    return of(ModelPackage.open(directory));
  }

  /**
   * Lets a package that was opened pass its self-test.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException if it is not fit to serve
   */
  static Model of(ModelPackage modelPackage) {
    return new Model(modelPackage, modelPackage.selfTest());
  }

  public Digest version() {
    return modelPackage.version();
  }

  /** What was loaded. */
  public ModelPackage modelPackage() {
    return modelPackage;
  }

  /** The documents that the package tests itself with: see {@link ModelPackage#selfTest}. */
  Map<String, String> probe() {
    return probe;
  }

  /** Answers one document. */
  public Classification classify(Document document, Selection selection) {
    var suggestions =
        switch (selection) {
          case Decision _ -> modelPackage.suggest(document);
          case Ranking(int limit, double threshold, boolean _) ->
              modelPackage.rank(document, limit, threshold);
        };
    var told =
        selection.explain()
            ? modelPackage.explain(document, suggestions, ModelPackage.REASONS)
            : suggestions;
    return new Classification(document.id(), version(), told.stream().map(this::named).toList());
  }

  private Suggestion named(Suggestion bare) {
    var named = subjects.get(bare.subject());
    return new Suggestion(
        bare.subject(),
        rounded(bare.score()),
        named.labels(),
        named.path(),
        bare.reasons() == null ? null : bare.reasons().stream().map(Model::rounded).toList());
  }

  private static Reason rounded(Reason reason) {
    return new Reason(reason.kind(), reason.text(), rounded(reason.weight()));
  }

  /** Scores are computed as 32-bit numbers; more digits would be noise on the wire. */
  private static double rounded(double score) {
    return Math.round(score * SCORE_UNIT) / SCORE_UNIT;
  }

  /** Whether documents can be sorted into the subject of that id. */
  public boolean answers(String subject) {
    return subjects.containsKey(subject);
  }
}
