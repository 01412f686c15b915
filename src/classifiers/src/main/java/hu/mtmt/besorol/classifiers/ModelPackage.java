package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.contract.Suggestion;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A trained model as it is kept and served: a directory, opened. Thread-safe. */
public final class ModelPackage {
  private ModelPackage() {}

  /**
   * Opens a package: reads its manifest, verifies every file's digest and maps the weights.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException if it is not there, not a package, of a newer
   *     format, truncated or changed; the message names the file
   */
  public static ModelPackage open(Path directory) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Digest of the manifest. */
  public Digest version() {
    throw new UnsupportedOperationException("not written yet");
  }

  public ModelManifest manifest() {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The whole taxonomy and the level it was learnt at. */
  public TargetLevel target() {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Number in the taxonomy of every label. */
  public int[] subjects() {
    throw new UnsupportedOperationException("not written yet");
  }

  /** How good it is on the holdout, if it was judged. */
  public Optional<EvaluationReport> evaluation() {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Size of all its files, in bytes. */
  public long bytes() {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * Answers a document.
   *
   * @param ranked how many labels are ranked at least (as far as there are so many), beyond those
   *     that are the answer
   */
  public Answer answer(Document document, int ranked) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The final answer as suggestions of id and score. */
  public List<Suggestion> suggest(Document document) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The ranking: at most {@code limit} suggestions of at least {@code threshold}. */
  public List<Suggestion> rank(Document document, int limit, double threshold) {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * Answers the documents of {@code selftest.jsonl} and compares.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException if an answer is not the expected one: this
   *     machine or program computes differently from the one that trained
   */
  public void selfTest() {
    throw new UnsupportedOperationException("not written yet");
  }
}
