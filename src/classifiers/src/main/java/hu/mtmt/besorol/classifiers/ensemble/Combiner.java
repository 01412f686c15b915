package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Scores;

/** Makes one score of what the members say. For the use of one thread. */
interface Combiner {
  /**
   * Scores the candidates of a document.
   *
   * @param candidates what the members say
   * @param length how many features the document has
   * @param scores gets logits; it is empty
   */
  void combine(Candidates candidates, int length, Scores scores);
}
