package hu.mtmt.besorol.taxonomy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A forest of subjects. Subjects are numbered from 0 in the order in which the file has them; the
 * numbers are what the rest of the program computes with. Immutable.
 */
public final class Taxonomy {
  private final List<Subject> subjects;
  private final Map<String, Integer> indexes;
  private final int[] parents;
  private final int[] levels;

  private Taxonomy(List<Subject> subjects, Map<String, Integer> indexes, int[] parents) {
    this.subjects = List.copyOf(subjects);
    this.indexes = indexes;
    this.parents = parents;
    this.levels = new int[parents.length];
    for (int i = 0; i < parents.length; i++) {
      levels[i] = level(i, parents);
    }
  }

  /**
   * A taxonomy of these subjects.
   *
   * @throws IllegalArgumentException if two have one id, a parent is missing, or parents form a
   *     cycle; readers of files find these before and name the line
   */
  public static Taxonomy of(List<Subject> subjects) {
    var indexes = new HashMap<String, Integer>(subjects.size() * 2);
    for (var subject : subjects) {
      if (indexes.put(subject.id(), indexes.size()) != null) {
        throw new IllegalArgumentException("two subjects have the id " + subject.id());
      }
    }
    var parents = new int[subjects.size()];
    for (int i = 0; i < parents.length; i++) {
      var parent = subjects.get(i).parent();
      if (parent != null && !indexes.containsKey(parent)) {
        throw new IllegalArgumentException(
            "the parent %s of %s is missing".formatted(parent, subjects.get(i).id()));
      }
      parents[i] = parent == null ? -1 : indexes.get(parent);
    }
    return new Taxonomy(subjects, indexes, parents);
  }

  /** Steps to a root, the root being 1; more steps than subjects mean a cycle. */
  private static int level(int subject, int[] parents) {
    int level = 0;
    for (int s = subject; s >= 0; s = parents[s]) {
      if (++level > parents.length) {
        throw new IllegalArgumentException("the parents of a subject form a cycle");
      }
    }
    return level;
  }

  /** How many subjects there are. */
  public int size() {
    return parents.length;
  }

  /** All subjects in the order of their numbers. */
  public List<Subject> subjects() {
    return subjects;
  }

  public Subject subject(int index) {
    return subjects.get(index);
  }

  /** Number of the subject with that id, or -1 if there is none. */
  public int indexOf(String id) {
    return indexes.getOrDefault(id, -1);
  }

  /** Number of the wider subject, or -1 for a root. */
  public int parent(int subject) {
    return parents[subject];
  }

  /** Level of a subject: 1 for a root. */
  public int level(int subject) {
    return levels[subject];
  }

  /** The deepest level; 0 if there are no subjects. */
  public int depth() {
    return Arrays.stream(levels).max().orElse(0);
  }

  /** The root above a subject, or the subject itself if it is one. */
  public int root(int subject) {
    return ancestorAt(subject, 1);
  }

  /**
   * The subject that {@code subject} counts as when subjects are told apart down to {@code level}
   * only: its ancestor on that level, or itself if it is not below it.
   */
  public int ancestorAt(int subject, int level) {
    int s = subject;
    while (levels[s] > level) {
      s = parents[s];
    }
    return s;
  }

  /** Numbers from the root to the subject, both included. */
  public int[] path(int subject) {
    var path = new int[levels[subject]];
    for (int s = subject, i = path.length; i-- > 0; s = parents[s]) {
      path[i] = s;
    }
    return path;
  }

  /** Ids from the root to the subject, both included. */
  public List<String> pathIds(int subject) {
    var ids = new ArrayList<String>(levels[subject]);
    for (int s : path(subject)) {
      ids.add(subjects.get(s).id());
    }
    return ids;
  }

  /**
   * Whether the two have the same parent and are not the same; roots are no siblings of each other.
   */
  public boolean siblings(int a, int b) {
    return a != b && parents[a] >= 0 && parents[a] == parents[b];
  }
}
