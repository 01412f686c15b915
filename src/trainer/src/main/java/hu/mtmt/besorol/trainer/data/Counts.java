package hu.mtmt.besorol.trainer.data;

import java.util.ArrayList;
import java.util.List;

/**
 * How many documents of a file are used, and how many are left out and why.
 *
 * @param used how many are used
 * @param withoutText how many have nothing to learn from
 * @param withoutSubjects how many have no subjects: not known, so nothing to learn or to judge
 * @param duplicates how many are in the holdout too and were dropped
 */
public record Counts(int used, int withoutText, int withoutSubjects, int duplicates) {

  /** What was left out, as words; empty if nothing was. */
  public String leftOut() {
    var parts = new ArrayList<String>();
    add(parts, withoutText, "without text");
    add(parts, withoutSubjects, "without subjects");
    add(parts, duplicates, "also in the holdout");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, int count, String why) {
    if (count > 0) {
      parts.add(count + " " + why);
    }
  }
}
