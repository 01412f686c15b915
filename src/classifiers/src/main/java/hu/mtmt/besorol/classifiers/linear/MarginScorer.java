package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.text.Vectorizer;
import hu.mtmt.besorol.classifiers.text.Vocabulary;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.corpus.Document;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Computes the margins of documents. Thread-safe: it keeps as many vectorizers as were ever needed
 * at once, which with work that never blocks is one for each core.
 */
final class MarginScorer {
  private final TextFeatures features;
  private final String defaultLanguage;
  private final Vocabulary vocabulary;
  private final Weights weights;
  private final ConcurrentLinkedDeque<Vectorizer> idle = new ConcurrentLinkedDeque<>();

  MarginScorer(
      TextFeatures features, String defaultLanguage, Vocabulary vocabulary, Weights weights) {
    this.features = features;
    this.defaultLanguage = defaultLanguage;
    this.vocabulary = vocabulary;
    this.weights = weights;
  }

  int labels() {
    return weights.labels();
  }

  /**
   * The margin of every label for a document.
   *
   * @param margins gets them
   * @return whether any n-gram of the document is known; if not, the margins say nothing
   */
  boolean margins(Document document, float[] margins) {
    var vectorizer = idle.pollFirst();
    if (vectorizer == null) {
      vectorizer = new Vectorizer(features, defaultLanguage, vocabulary);
    }
    var vector = vectorizer.vector(document);
    weights.margins(vector, margins);
    boolean known = vector.size() > 0;
    idle.addFirst(vectorizer); // not in finally: a vectorizer that failed may be broken
    return known;
  }
}
