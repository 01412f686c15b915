package hu.mtmt.besorol.report;

import hu.mtmt.besorol.contract.Reason;
import java.util.List;

/**
 * A document whose answer is shown.
 *
 * @param document its number among the judged ones
 * @param decided what decided for its subjects, as far as that is to be shown
 */
public record Example(int document, List<Decided> decided) {
  public Example {
    decided = List.copyOf(decided);
  }

  /**
   * What decided about a subject.
   *
   * @param subject its number in the taxonomy
   * @param reasons the weightiest first
   */
  public record Decided(int subject, List<Reason> reasons) {
    public Decided {
      reasons = List.copyOf(reasons);
    }
  }
}
