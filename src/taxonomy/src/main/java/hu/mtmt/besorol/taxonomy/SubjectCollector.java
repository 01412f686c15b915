package hu.mtmt.besorol.taxonomy;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.files.InputFile;
import hu.mtmt.besorol.files.Problems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Collects the subjects of a file and checks that they form a forest. */
final class SubjectCollector {
  private final InputFile file;
  private final Problems problems;
  private final List<Subject> subjects = new ArrayList<>();
  private final List<Long> lines = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();

  SubjectCollector(InputFile file) {
    this.file = file;
    this.problems = new Problems(file);
  }

  /**
   * Adds a subject, or a problem if its id will not do.
   *
   * @param line where it stands, or 0 if the format does not tell
   */
  void add(long line, Subject subject) {
    var id = subject.id();
    if (id == null || id.isBlank()) {
      problem(line, "the subject has no id, or an empty one");
    } else if (id.chars().anyMatch(Character::isISOControl)) {
      problem(line, "the id of a subject has a line break or another control character in it");
    } else if (indexes.containsKey(id)) {
      long first = lines.get(indexes.get(id));
      problem(line, "the id %s is taken already%s".formatted(id, inLine(first)));
    } else if (subjects.size() == TaxonomyFile.MAXIMUM_SUBJECTS) {
      throw BesorolException.data(
          "%s has more than %d subjects: leave out what is not told apart."
              .formatted(file.name(), TaxonomyFile.MAXIMUM_SUBJECTS));
    } else {
      indexes.put(id, subjects.size());
      subjects.add(subject);
      lines.add(line);
    }
  }

  /** Adds something else that is wrong with the file. */
  void problem(long line, String problem) {
    problems.add(line, problem);
  }

  /**
   * The forest.
   *
   * @throws BesorolException {@code DATA_INVALID} with all problems
   */
  Taxonomy taxonomy() {
    for (int i = 0; i < subjects.size(); i++) {
      var parent = subjects.get(i).parent();
      if (parent != null && !indexes.containsKey(parent)) {
        problem(
            lines.get(i),
            "the parent %s of %s is not in the file".formatted(parent, subjects.get(i).id()));
      }
    }
    findCycles();
    problems.throwIfAny();
    if (subjects.isEmpty()) {
      throw BesorolException.data(
          "%s has no subjects: in JSON lines and CSV they are lines with an id, in SKOS resources of the type skos:Concept."
              .formatted(file.name()));
    }
    return Taxonomy.of(subjects);
  }

  /** Walks up from every subject; who meets its own walk has found a cycle that nobody met yet. */
  private void findCycles() {
    var walks = new int[subjects.size()];
    for (int i = 0; i < walks.length; i++) {
      int s = i;
      while (s >= 0 && walks[s] == 0) {
        walks[s] = i + 1;
        s = indexes.getOrDefault(subjects.get(s).parent(), -1);
      }
      if (s >= 0 && walks[s] == i + 1) {
        reportCycle(s);
      }
    }
  }

  private void reportCycle(int start) {
    var members = new ArrayList<Integer>();
    for (int s = start;
        members.isEmpty() || s != start;
        s = indexes.get(subjects.get(s).parent())) {
      members.add(s);
    }
    int first = members.indexOf(members.stream().min(Integer::compare).orElseThrow());
    Collections.rotate(members, -first);
    members.add(members.getFirst());
    var walk =
        members.size() > 12
            ? "%s → … → %s"
                .formatted(
                    ids(members.subList(0, 6)),
                    ids(members.subList(members.size() - 5, members.size())))
            : ids(members);
    problem(
        lines.get(members.getFirst()),
        "the parents form a cycle (%s): give one of them another parent, or none".formatted(walk));
  }

  private String ids(List<Integer> members) {
    return members.stream().map(m -> subjects.get(m).id()).collect(Collectors.joining(" → "));
  }

  private static String inLine(long line) {
    return line == 0 ? "" : ", in line " + line;
  }
}
