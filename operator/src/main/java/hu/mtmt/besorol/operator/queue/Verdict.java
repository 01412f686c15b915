package hu.mtmt.besorol.operator.queue;

import java.util.List;

/** What the queue has decided about a run. */
public sealed interface Verdict {

  /**
   * It may take its machines, all of them now.
   *
   * @param flavor which
   * @param nodes how many
   */
  record Admit(String flavor, int nodes) implements Verdict {}

  /**
   * It waits.
   *
   * @param flavor the one that it prefers of those that it would take
   * @param missing how many nodes are missing
   * @param limit how many there are
   * @param ofQuota whether they are those of its namespace's quota
   * @param before how many runs wait for that flavor before it
   * @param holders who has them
   */
  record Wait(
      String flavor, int missing, int limit, boolean ofQuota, int before, List<Holder> holders)
      implements Verdict {
    public Wait {
      holders = List.copyOf(holders);
    }
  }

  /**
   * It makes room for another.
   *
   * @param other for which
   * @param priority of that one
   */
  record Leave(RunId other, int priority) implements Verdict {}
}
