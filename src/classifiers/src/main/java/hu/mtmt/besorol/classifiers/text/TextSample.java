package hu.mtmt.besorol.classifiers.text;

import com.carrotsearch.hppc.LongIntHashMap;
import com.carrotsearch.hppc.cursors.IntCursor;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.corpus.Document;
import java.util.List;

/**
 * How many n-grams documents have, by a sample of them. That of different ones grows with a power
 * of the number of documents (Heaps' law), which the two halves of the sample tell.
 *
 * @param ngrams different n-grams of a document, the mean
 * @param different different n-grams of all documents of the sample
 * @param documents how many documents the sample has
 * @param growth exponent of the number of documents
 * @param keptShare share of the different n-grams that is in documents enough to become features
 */
public record TextSample(
    double ngrams, double different, int documents, double growth, double keptShare) {
  private static final double SLOWEST_GROWTH = 0.3;

  /**
   * Of at least one document.
   *
   * @param defaultLanguage language of documents that name none
   */
  public static TextSample of(
      List<Document> sample, TextFeatures features, String defaultLanguage) {
    var extractor = new NgramExtractor(features, defaultLanguage);
    var frequencies = new LongIntHashMap();
    long ngrams = 0;
    int half = 0;
    for (int document = 0; document < sample.size(); document++) {
      if (document == sample.size() / 2) {
        half = frequencies.size();
      }
      int size = extractor.extract(sample.get(document));
      for (int i = 0; i < size; i++) {
        frequencies.addTo(extractor.hash(i), 1);
      }
      ngrams += size;
    }
    int different = frequencies.size();
    int kept = 0;
    for (IntCursor frequency : frequencies.values()) {
      kept += frequency.value >= features.minimumDocuments() ? 1 : 0;
    }
    double growth = half == 0 ? 1 : StrictMath.log((double) different / half) / StrictMath.log(2);
    return new TextSample(
        (double) ngrams / sample.size(),
        different,
        sample.size(),
        Math.clamp(growth, SLOWEST_GROWTH, 1),
        different == 0 ? 0 : (double) kept / different);
  }

  /** How many different n-grams so many documents have. */
  public double differentIn(int documents) {
    return different * StrictMath.pow((double) documents / this.documents, growth);
  }
}
