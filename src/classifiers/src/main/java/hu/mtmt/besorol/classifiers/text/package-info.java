/**
 * How text becomes a sparse vector.
 *
 * <pre>
 * Document ─ {@link hu.mtmt.besorol.classifiers.text.LanguageAnalyzers} ─▶ tokens
 *          ─ {@link hu.mtmt.besorol.classifiers.text.NgramExtractor} ────▶ n-grams with counts, as 64-bit hashes
 *          ─ {@link hu.mtmt.besorol.classifiers.text.Vocabulary} ────────▶ feature numbers and inverse document frequencies
 *          ─ {@link hu.mtmt.besorol.classifiers.text.Vectorizer} ────────▶ tf-idf vector of length one
 * </pre>
 */
package hu.mtmt.besorol.classifiers.text;
