package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.Reason;
import java.util.List;

/** A trained classifier in memory, before its scores become answers. Thread-safe. */
public interface Scorer {

  /**
   * Scores the labels that come into question for a document. Nothing is added where the document
   * says nothing to this classifier, such as without any known word.
   *
   * @param scores gets raw scores, the higher the better; it is empty
   */
  void score(Query query, Scores scores);

  /**
   * What decided about a label of a document.
   *
   * @param limit how many reasons at most
   * @return those that counted most, for or against, the weightiest first
   */
  List<Reason> explain(Query query, int label, int limit);
}
