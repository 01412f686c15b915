package hu.mtmt.besorol.files;

import hu.mtmt.besorol.contract.BesorolException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong with a file, collected so that a person can mend all of it at once. Of many
 * problems the first {@value #SHOWN} are told.
 */
public final class Problems {
  private static final int SHOWN = 20;

  private record Problem(long line, String text) {}

  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private long count;

  public Problems(InputFile file) {
    this.file = file.name();
  }

  /**
   * Adds a problem.
   *
   * @param line where, counted from 1, or 0 if the format has no lines to speak of
   * @param problem a clause with what is wrong and, where it is not plain, what to do
   */
  public void add(long line, String problem) {
    count++;
    if (problems.size() < SHOWN) {
      problems.add(new Problem(line, problem));
    }
  }

  /**
   * Does nothing if there are no problems.
   *
   * @throws BesorolException {@code DATA_INVALID} with all problems in the order of their lines
   */
  public void throwIfAny() {
    if (count == 0) {
      return;
    }
    var told =
        problems.stream()
            .sorted(Comparator.comparingLong(Problem::line))
            .map(p -> (p.line() == 0 ? file : file + ":" + p.line()) + ": " + p.text())
            .collect(Collectors.joining("\n"));
    throw BesorolException.data(
        count == 1
            ? told + "."
            : "%s has %d problems%s:\n%s"
                .formatted(
                    file, count, count > SHOWN ? ", the first " + SHOWN + " of them" : "", told));
  }
}
