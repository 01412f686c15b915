package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.corpus.Document;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * What turns documents into vectors: a vocabulary and how it was made. Thread-safe: it keeps as
 * many vectorizers as were ever needed at once, which with work that never blocks is one for each
 * core.
 */
public final class FeatureSpace {
  private final TextFeatures features;
  private final String defaultLanguage;
  private final Vocabulary vocabulary;
  private final ConcurrentLinkedDeque<Vectorizer> idle = new ConcurrentLinkedDeque<>();

  public FeatureSpace(TextFeatures features, String defaultLanguage, Vocabulary vocabulary) {
    this.features = features;
    this.defaultLanguage = defaultLanguage;
    this.vocabulary = vocabulary;
  }

  /** How many features there are. */
  public int size() {
    return vocabulary.size();
  }

  /** A vectorizer for the use of one thread. */
  public Vectorizer borrow() {
    var vectorizer = idle.pollFirst();
    return vectorizer == null ? new Vectorizer(features, defaultLanguage, vocabulary) : vectorizer;
  }

  /** Takes a vectorizer back; its last vector is no longer used. */
  public void giveBack(Vectorizer vectorizer) {
    idle.addFirst(vectorizer);
  }

  /**
   * The words or parts of words that each entry of a document's vector stands for, as they stand in
   * the document. Where several became one feature, the shortest, and of these the first.
   */
  public String[] terms(Document document, SparseVector vector) {
    var byFeature = Terms.of(features, defaultLanguage, vocabulary, document);
    var terms = new String[vector.size()];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = byFeature.getOrDefault(vector.index(i), "?");
    }
    return terms;
  }
}
