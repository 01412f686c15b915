package hu.mtmt.besorol.report.picture;

import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.EvaluationReport.SubjectResult;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Where the bubbles lie. Every subject that is told apart is a bubble whose area is proportional to
 * its frequency; what has the same parent lies together in the parent's circle. A subject that has
 * narrower ones lies beside them with its own documents, if it has any.
 *
 * @param bubbles those around others before them
 * @param width of the rectangle around all of them, which begins at the origin
 * @param height of that rectangle
 */
public record BubbleLayout(List<Bubble> bubbles, double width, double height) {
  /** The longer side of the picture. */
  public static final double SIDE = 1000;

  /** Space around a bubble, as a share of its radius. */
  private static final double GAP = 0.06;

  /** Space between bubbles and the circle around them, as a share of that circle's radius. */
  private static final double MARGIN = 0.05;

  /** Subjects of the least documents are as large as if they had this share of the most. */
  private static final double SMALLEST = 1.0 / 2000;

  /** The layout of a report's subjects. */
  public static BubbleLayout of(TargetLevel target, EvaluationReport report) {
    var results = new SubjectResult[target.taxonomy().size()];
    for (var result : report.subjects()) {
      results[target.taxonomy().indexOf(result.subject())] = result;
    }
    return new Layers(target, results).layout();
  }

  /** How many documents are known to have a subject: learnt and judged ones. */
  public static int frequency(SubjectResult result) {
    return Objects.requireNonNullElse(result.trainingDocuments(), 0) + result.documents();
  }

  /** Something that lies in a circle: its radius is found first, then its place beside others. */
  private static final class Node {
    final Bubble bubble;
    final List<Node> children = new ArrayList<>();
    double r;
    double x;
    double y;

    Node(Bubble bubble) {
      this.bubble = bubble;
    }
  }

  /** The forest under one root, in layers, so that no taxonomy is too deep for the stack. */
  private static final class Layers {
    private final Node root = new Node(null);
    private final List<Node> nodes = new ArrayList<>();

    Layers(TargetLevel target, SubjectResult[] results) {
      var taxonomy = target.taxonomy();
      int most = 1;
      var hasChildren = new boolean[results.length];
      for (int s = 0; s < results.length; s++) {
        if (results[s] != null) {
          most = Math.max(most, frequency(results[s]));
          if (taxonomy.parent(s) >= 0) {
            hasChildren[taxonomy.parent(s)] = true;
          }
        }
      }
      double least = most * SMALLEST;
      var groups = new Node[results.length];
      var byLevel =
          IntStream.range(0, results.length)
              .filter(s -> results[s] != null)
              .boxed()
              .sorted(Comparator.comparingInt(taxonomy::level))
              .toList();
      nodes.add(root);
      for (int s : byLevel) {
        int parent = taxonomy.parent(s);
        var around = parent < 0 ? root : groups[parent];
        int level = taxonomy.level(s);
        if (hasChildren[s]) {
          groups[s] = add(around, new Bubble(s, true, level, null, 0, null));
          around = groups[s];
        }
        int frequency = frequency(results[s]);
        if (!hasChildren[s] || frequency > 0 || results[s].answered() > 0) {
          var own = add(around, new Bubble(s, false, level, null, frequency, results[s].grade()));
          own.r = Math.sqrt(Math.max(frequency, least));
        }
      }
    }

    private Node add(Node parent, Bubble bubble) {
      var node = new Node(bubble);
      parent.children.add(node);
      nodes.add(node);
      return node;
    }

    BubbleLayout layout() {
      nodes.reversed().forEach(Layers::pack); // children before their parents
      var outer = root.children;
      double left = outer.stream().mapToDouble(c -> c.x - c.r).min().orElse(0);
      double top = outer.stream().mapToDouble(c -> c.y - c.r).min().orElse(0);
      double width = outer.stream().mapToDouble(c -> c.x + c.r).max().orElse(0) - left;
      double height = outer.stream().mapToDouble(c -> c.y + c.r).max().orElse(0) - top;
      double scale = outer.isEmpty() ? 1 : SIDE / Math.max(width, height);
      root.x = -left;
      root.y = -top;
      var bubbles = new ArrayList<Bubble>(nodes.size());
      for (var node : nodes) { // parents before their children
        for (var child : node.children) {
          child.x += node.x;
          child.y += node.y;
        }
        if (node != root) {
          var b = node.bubble;
          var circle = new Circle(node.x, node.y, node.r).scaled(scale);
          bubbles.add(
              new Bubble(b.subject(), b.group(), b.level(), circle, b.frequency(), b.grade()));
        }
      }
      return new BubbleLayout(List.copyOf(bubbles), width * scale, height * scale);
    }

    private static void pack(Node node) {
      var children = node.children;
      if (children.isEmpty()) {
        return;
      }
      // Stable: subjects of one size stay in the taxonomy's order.
      children.sort(Comparator.comparingDouble((Node child) -> child.r).reversed());
      var places =
          CirclePacking.pack(children.stream().mapToDouble(c -> c.r * (1 + GAP)).toArray());
      for (int i = 0; i < children.size(); i++) {
        children.get(i).x = places.get(i).x();
        children.get(i).y = places.get(i).y();
      }
      node.r = EnclosingCircle.of(places).r() * (1 + MARGIN);
    }
  }
}
