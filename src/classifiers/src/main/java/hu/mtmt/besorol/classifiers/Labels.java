package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.Arrays;
import java.util.List;

/**
 * The subjects that a classifier tells apart, numbered from 0 in the order of the taxonomy.
 * Immutable.
 */
public final class Labels {
  private final TargetLevel target;
  private final int[] subjects;

  /**
   * @param target the taxonomy they are of
   * @param subjects number in the taxonomy of each label, ascending
   */
  public Labels(TargetLevel target, int[] subjects) {
    this.target = target;
    this.subjects = subjects.clone();
  }

  /** How many labels there are. */
  public int size() {
    return subjects.length;
  }

  /** The taxonomy. */
  public TargetLevel target() {
    return target;
  }

  /** Number in the taxonomy of a label. */
  public int subject(int label) {
    return subjects[label];
  }

  /** Number in the taxonomy of every label. */
  public int[] subjects() {
    return subjects.clone();
  }

  /** The label of a subject of the taxonomy, or -1 if it is none. */
  public int labelOf(int subject) {
    return Math.max(-1, Arrays.binarySearch(subjects, subject));
  }

  /** Id of a label's subject. */
  public String id(int label) {
    return target.taxonomy().subject(subjects[label]).id();
  }

  /** Ids of all labels' subjects. */
  public List<String> ids() {
    return Arrays.stream(subjects).mapToObj(s -> target.taxonomy().subject(s).id()).toList();
  }
}
