package hu.mtmt.besorol.report;

import java.util.List;

/**
 * A document whose answer is shown.
 *
 * @param document its number among the judged ones
 * @param reasons what decided for the answered subjects; empty if the classifier cannot say
 */
public record Example(int document, List<Reason> reasons) {
  public Example {
    reasons = List.copyOf(reasons);
  }

  /**
   * What decided for a subject.
   *
   * @param subject its number in the taxonomy
   * @param parts the largest first
   */
  public record Reason(int subject, List<Part> parts) {
    public Reason {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A part of what decided.
   *
   * @param text a term, a neighbour's title, a member's name
   * @param weight how much it spoke for the subject, or against it if negative, in the classifier's
   *     own unit
   */
  public record Part(String text, double weight) {}
}
