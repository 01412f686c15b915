package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.corpus.Document;

/**
 * Turns documents into tf-idf vectors as {@link Weighting} says, with the n-grams of a {@link
 * Vocabulary}.
 *
 * <p>Not thread-safe: one for each thread. The vector holds until the next call.
 */
public final class Vectorizer {
  private final NgramExtractor extractor;
  private final Vocabulary vocabulary;
  private final Weighting weighting;
  private final SparseVector vector = new SparseVector();
  private byte[] spaces = new byte[1024];

  public Vectorizer(TextFeatures features, String defaultLanguage, Vocabulary vocabulary) {
    this.extractor = new NgramExtractor(features, defaultLanguage);
    this.weighting = new Weighting(features);
    this.vocabulary = vocabulary;
  }

  /** The vector of a document; it has no entries if no n-gram of the document is known. */
  public SparseVector vector(Document document) {
    return vector(words(document, null));
  }

  /** The words of a document, see {@link DocumentWords#of}. */
  public DocumentWords words(Document document, DocumentWords before) {
    return extractor.words(document, before);
  }

  /** The vector of a document, of whose words some may have been read already. */
  public SparseVector vector(DocumentWords words) {
    int ngrams = extractor.extract(words);
    vector.reset(ngrams);
    if (spaces.length < ngrams) {
      spaces = new byte[2 * ngrams];
    }
    for (int i = 0; i < ngrams; i++) {
      int feature = vocabulary.feature(extractor.hash(i));
      if (feature >= 0) {
        spaces[vector.size()] = (byte) extractor.space(i);
        vector.add(feature, Weighting.damped(extractor.count(i)) * vocabulary.idf(feature));
      }
    }
    weighting.normalize(vector.values(), spaces, 0, vector.size());
    return vector;
  }
}
