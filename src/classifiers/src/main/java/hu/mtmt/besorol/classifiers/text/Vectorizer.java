package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.corpus.Document;
import java.util.Arrays;

/**
 * Turns documents into tf-idf vectors: log₂(1 + tf) · idf, where tf is the weighted count of an
 * n-gram in the document and idf = ln((1 + N) / (1 + df)) + 1; every space is scaled to its weight
 * and the whole vector to length one. The logarithm of counts is Salton and Buckley's (1988)
 * damping in a form that suits weights below one; the idf is scikit-learn's smooth one.
 *
 * <p>Not thread-safe: one for each thread. The vector holds until the next call.
 */
public final class Vectorizer {
  private static final double LN_2 = StrictMath.log(2);

  private final NgramExtractor extractor;
  private final Vocabulary vocabulary;
  private final double[] spaceWeights;
  private final double[] squares;
  private final SparseVector vector = new SparseVector();
  private byte[] spaces = new byte[1024];

  public Vectorizer(TextFeatures features, String defaultLanguage, Vocabulary vocabulary) {
    this.extractor = new NgramExtractor(features, defaultLanguage);
    this.vocabulary = vocabulary;
    this.spaceWeights = new double[NgramExtractor.spaces(features)];
    this.spaceWeights[0] = 1;
    for (int f = 0; f < features.fields().size(); f++) {
      spaceWeights[f + 1] = features.fields().get(f).separateWeightValue();
    }
    this.squares = new double[spaceWeights.length];
  }

  /** The vector of a document; it has no entries if no n-gram of the document is known. */
  public SparseVector vector(Document document) {
    int ngrams = extractor.extract(document);
    if (spaces.length < ngrams) {
      spaces = new byte[2 * ngrams];
    }
    vector.clear();
    Arrays.fill(squares, 0);
    for (int i = 0; i < ngrams; i++) {
      long slot = vocabulary.find(extractor.hash(i));
      if (slot >= 0) {
        double value = log2(1 + extractor.count(i)) * vocabulary.idf(slot);
        int space = extractor.space(i);
        squares[space] += value * value;
        spaces[vector.size()] = (byte) space;
        vector.add(vocabulary.feature(slot), (float) value);
      }
    }
    normalize();
    return vector;
  }

  private void normalize() {
    double total = 0;
    for (int s = 0; s < squares.length; s++) {
      if (squares[s] > 0) {
        total += spaceWeights[s] * spaceWeights[s];
      }
    }
    for (int i = 0; i < vector.size(); i++) {
      int space = spaces[i];
      vector.multiply(i, (float) (spaceWeights[space] / Math.sqrt(squares[space] * total)));
    }
  }

  private static double log2(double x) {
    return x == 2 ? 1 : StrictMath.log(x) / LN_2; // most n-grams occur once
  }
}
