package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.corpus.Document;

/** A trained classifier in memory. Thread-safe. */
public interface Classifier {
  /** How many labels it scores. */
  int labels();

  /**
   * Scores every label for a document.
   *
   * @param scores gets, for each label, a calibrated score from 0 to 1
   */
  void scores(Document document, float[] scores);
}
