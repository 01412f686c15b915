/**
 * How text becomes a sparse vector.
 *
 * <pre>
 * Document ─ {@link hu.mtmt.besorol.classifiers.text.Words} ──────────▶ words, as hashes of their stems
 *          ─ {@link hu.mtmt.besorol.classifiers.text.NgramExtractor} ─▶ n-grams with counts, as hashes
 *          ─ {@link hu.mtmt.besorol.classifiers.text.Vocabulary} ─────▶ features with inverse document frequencies
 *          ─ {@link hu.mtmt.besorol.classifiers.text.Weighting} ──────▶ tf-idf vector of length one
 * </pre>
 *
 * <p>{@link hu.mtmt.besorol.classifiers.text.DocumentVectors} does this for the documents to learn
 * from and chooses the vocabulary, {@link hu.mtmt.besorol.classifiers.text.Vectorizer} for a
 * document to answer: both give the same vector, bit by bit.
 */
package hu.mtmt.besorol.classifiers.text;
