package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.bonsai.LabelTree.Branch;
import hu.mtmt.besorol.classifiers.bonsai.LabelTree.Leaf;
import hu.mtmt.besorol.classifiers.bonsai.LabelTree.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tree that the taxonomy itself is. A subject that is a label and has labels below it is a
 * branch with a leaf of its own as the first part.
 */
final class TaxonomyTree {
  private static final int ABOVE_ROOTS = -1;

  private final Labels labels;

  /** Subjects with labels at or below them, by their parents. */
  private final Map<Integer, TreeMap<Integer, Boolean>> children = new TreeMap<>();

  private TaxonomyTree(Labels labels) {
    this.labels = labels;
  }

  /**
   * The tree of some labels.
   *
   * @param present the labels that are learnt
   */
  static LabelTree of(Labels labels, int[] present) {
    var tree = new TaxonomyTree(labels);
    for (int label : present) {
      tree.add(labels.subject(label));
    }
    var root = tree.part(ABOVE_ROOTS, present);
    while (root instanceof Branch(var parts)
        && parts.size() == 1
        && parts.getFirst() instanceof Branch only) {
      root = only;
    }
    return LabelTree.of((Branch) root);
  }

  private void add(int subject) {
    var taxonomy = labels.target().taxonomy();
    for (int s = subject; s >= 0; s = taxonomy.parent(s)) {
      int parent = Math.max(ABOVE_ROOTS, taxonomy.parent(s));
      if (children.computeIfAbsent(parent, p -> new TreeMap<>()).put(s, true) != null) {
        return;
      }
    }
  }

  private Part part(int subject, int[] present) {
    List<Part> parts = new ArrayList<>();
    int label = subject == ABOVE_ROOTS ? -1 : labels.labelOf(subject);
    if (label >= 0 && java.util.Arrays.binarySearch(present, label) >= 0) {
      parts.add(new Leaf(label));
    }
    for (int child : children.getOrDefault(subject, new TreeMap<>()).keySet()) {
      parts.add(part(child, present));
    }
    return new Branch(parts);
  }
}
