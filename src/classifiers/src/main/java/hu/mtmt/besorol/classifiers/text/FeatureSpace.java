package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.classifiers.Pool;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.corpus.Document;

/** What turns documents into vectors: a vocabulary and how it was made. Thread-safe. */
public final class FeatureSpace {
  private final TextFeatures features;
  private final String defaultLanguage;
  private final Vocabulary vocabulary;
  private final Pool<Vectorizer> vectorizers;

  public FeatureSpace(TextFeatures features, String defaultLanguage, Vocabulary vocabulary) {
    this.features = features;
    this.defaultLanguage = defaultLanguage;
    this.vocabulary = vocabulary;
    this.vectorizers = new Pool<>(() -> new Vectorizer(features, defaultLanguage, vocabulary));
  }

  /** How many features there are. */
  public int size() {
    return vocabulary.size();
  }

  /** A vectorizer for the use of one thread. */
  public Vectorizer borrow() {
    return vectorizers.borrow();
  }

  /** Takes a vectorizer back; its last vector is no longer used. */
  public void giveBack(Vectorizer vectorizer) {
    vectorizers.giveBack(vectorizer);
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
