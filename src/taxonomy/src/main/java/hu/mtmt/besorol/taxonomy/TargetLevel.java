package hu.mtmt.besorol.taxonomy;

import java.util.List;

/**
 * The subjects that are told apart: those of a taxonomy down to a level. Everything that is judged
 * or learnt is rolled up to it first.
 *
 * @param taxonomy all subjects
 * @param level the deepest level that is told apart (roots are 1), or null for all
 */
public record TargetLevel(Taxonomy taxonomy, Integer level) {

  /** The number that a subject counts as: its ancestor on the level, or itself. */
  public int rollUp(int subject) {
    return level == null ? subject : taxonomy.ancestorAt(subject, level);
  }

  /**
   * The numbers that a document's subjects count as, ascending, each once.
   *
   * @throws IllegalArgumentException if one is not in the taxonomy; the message names it
   */
  public int[] rollUp(List<String> subjects) {
    return subjects.stream()
        .mapToInt(
            id -> {
              int subject = taxonomy.indexOf(id);
              if (subject < 0) {
                throw new IllegalArgumentException("the taxonomy has no subject " + id);
              }
              return rollUp(subject);
            })
        .sorted()
        .distinct()
        .toArray();
  }

  /** Whether a subject is one of those that are told apart. */
  public boolean contains(int subject) {
    return level == null || taxonomy.level(subject) <= level;
  }
}
