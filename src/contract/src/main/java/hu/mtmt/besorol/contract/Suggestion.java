package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * A subject for a document.
 *
 * @param subject its id
 * @param score calibrated: about this share of suggestions with this score are right
 * @param labels its names by language; null where only ids are wanted
 * @param path ids from the root to the subject, both included; null where only ids are wanted
 * @param reasons what decided, the weightiest first; null where nobody asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Suggestion(
    String subject,
    double score,
    Map<String, String> labels,
    List<String> path,
    List<Reason> reasons) {

  /** The same with what decided. */
  public Suggestion because(List<Reason> reasons) {
    return new Suggestion(subject, score, labels, path, reasons);
  }

  /** A suggestion of id and score alone. */
  public Suggestion(String subject, double score) {
    this(subject, score, null, null, null);
  }
}
