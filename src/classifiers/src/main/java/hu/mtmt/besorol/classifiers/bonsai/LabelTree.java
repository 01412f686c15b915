package hu.mtmt.besorol.classifiers.bonsai;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A tree whose leaves are labels. Nodes are numbered so that a node comes before its children; node
 * 0 is the root.
 *
 * @param outputs what each node chooses among: the number of a child node, or {@code ~label}
 */
record LabelTree(int[][] outputs) {

  /** A part of a tree that is being made. */
  sealed interface Part {}

  /** A label. */
  record Leaf(int label) implements Part {}

  /** A node and what is below it. */
  record Branch(List<Part> parts) implements Part {}

  /** A branch whose parts are labels. */
  static Branch branchOf(IntStream labels) {
    return new Branch(labels.<Part>mapToObj(Leaf::new).toList());
  }

  /** The tree of a root; a branch of one part is replaced by that part, unless it is the root. */
  static LabelTree of(Branch root) {
    var nodes = new ArrayList<int[]>();
    number(root, nodes);
    return new LabelTree(nodes.toArray(int[][]::new));
  }

  private static int number(Branch branch, List<int[]> nodes) {
    int node = nodes.size();
    var outputs = new int[branch.parts.size()];
    nodes.add(outputs);
    for (int k = 0; k < outputs.length; k++) {
      outputs[k] =
          switch (simplified(branch.parts.get(k))) {
            case Leaf leaf -> ~leaf.label;
            case Branch child -> number(child, nodes);
          };
    }
    return node;
  }

  private static Part simplified(Part part) {
    return part instanceof Branch(var parts) && parts.size() == 1
        ? simplified(parts.getFirst())
        : part;
  }

  /** How many nodes there are, the leaves not counted. */
  int size() {
    return outputs.length;
  }

  /** The labels below a node, output by output. */
  int[][] labelsByOutput(int node) {
    return Arrays.stream(outputs[node])
        .mapToObj(output -> labels(output).toArray())
        .toArray(int[][]::new);
  }

  private IntStream labels(int output) {
    return output < 0
        ? IntStream.of(~output)
        : Arrays.stream(outputs[output]).flatMap(this::labels);
  }
}
