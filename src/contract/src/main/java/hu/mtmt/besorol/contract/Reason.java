package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something that spoke for or against a subject of a document.
 *
 * @param kind what it is
 * @param text the term, the neighbour's id, the label or the member's name
 * @param weight how much it counted, in the units of the classifier's raw score; negative if it
 *     spoke against
 */
public record Reason(Kind kind, String text, double weight) {

  /** What can decide. */
  public enum Kind {
    /** A word, a sequence of words or a part of a word of the document. */
    @JsonProperty("Term")
    TERM,
    /** A label of the subject that occurs in the document. */
    @JsonProperty("Label")
    LABEL,
    /** A classifier of an ensemble. */
    @JsonProperty("Member")
    MEMBER
  }
}
