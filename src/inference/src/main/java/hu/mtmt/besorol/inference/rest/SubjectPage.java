package hu.mtmt.besorol.inference.rest;

import hu.mtmt.besorol.contract.EvaluationReport.SubjectResult;
import java.util.List;
import java.util.Map;

/**
 * A part of the subjects.
 *
 * @param total how many there are that were asked for
 * @param offset how many of them come before this part
 * @param subjects this part, in the order of the taxonomy
 */
public record SubjectPage(int total, int offset, List<Entry> subjects) {

  /**
   * A subject.
   *
   * @param id its id
   * @param labels its names by language
   * @param path ids from the root to it, both included
   * @param level 1 for a root
   * @param answered whether documents can be sorted into it; not so if no document taught it
   * @param result how well it is answered; null if that was not judged
   */
  public record Entry(
      String id,
      Map<String, String> labels,
      List<String> path,
      int level,
      boolean answered,
      SubjectResult result) {}
}
