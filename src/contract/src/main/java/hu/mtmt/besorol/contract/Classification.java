package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The answer for one document.
 *
 * @param id the document's id as it was sent; null if it had none
 * @param version the version that answered; null on the command line, where the user named the
 *     package
 * @param suggestions subjects, the best first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Classification(String id, Digest version, List<Suggestion> suggestions) {

  public Classification {
    suggestions = List.copyOf(suggestions);
  }
}
