package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.IndependentParts;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.linear.LaneSolver;
import hu.mtmt.besorol.classifiers.linear.LaneWeights;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.contract.LinearParameters;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/**
 * Learns the classifiers of a tree: for every output of a node one that tells the documents that go
 * that way from the node's others. Groups of outputs are learnt independently of each other; some
 * at a time are a portion, see {@link IndependentParts}.
 */
final class TreeTraining {
  /**
   * Weights that are nearer to 0 are not kept: they are many, and no answer hangs on them. It is
   * more than in {@code Linear}, since there are several trees.
   */
  private static final float MINIMUM_WEIGHT = 0.05f;

  /** In how many portions a tree is learnt, if it has enough groups. */
  private static final int PORTIONS = 64;

  private final LinearParameters parameters;
  private final DocumentVectors vectors;
  private final int[][] documentsByLabel;
  private final TrainingContext context;

  /**
   * @param documentsByLabel the documents of each label, ascending
   */
  TreeTraining(
      LinearParameters parameters,
      DocumentVectors vectors,
      int[][] documentsByLabel,
      TrainingContext context) {
    this.parameters = parameters;
    this.vectors = vectors;
    this.documentsByLabel = documentsByLabel;
    this.context = context;
  }

  /** A node that is learnt: its documents are found when they are first needed. */
  private static final class Work {
    final int node;
    final int[][] labelsByOutput;
    final long documents;
    private int groupsToDo;
    private NodeVectors found;

    Work(int node, int[][] labelsByOutput, long documents) {
      this.node = node;
      this.labelsByOutput = labelsByOutput;
      this.documents = documents;
      this.groupsToDo = groups();
    }

    int groups() {
      return Math.ceilDiv(labelsByOutput.length, LaneSolver.LANES);
    }

    synchronized NodeVectors vectors(NodeVectors.Finder finder) {
      if (found == null) {
        found = finder.find(labelsByOutput);
      }
      return found;
    }

    synchronized void groupDone() {
      groupsToDo--;
      if (groupsToDo == 0) {
        found = null;
      }
    }
  }

  /** Outputs of a node that are learnt side by side. */
  private record Group(Work work, int number) {
    int[] outputs() {
      int from = number * LaneSolver.LANES;
      return IntStream.range(from, Math.min(from + LaneSolver.LANES, work.labelsByOutput.length))
          .toArray();
    }
  }

  /** Groups that are kept in one checkpoint. */
  private record Portion(int number, List<Group> groups) {
    long cost() {
      return groups.stream().mapToLong(g -> g.work.documents).sum();
    }
  }

  /**
   * The nodes, packed; null in a process that does not lead its team.
   *
   * @param number of the tree
   * @param done told the share that is done
   */
  PackedNode[] train(LabelTree tree, int number, Checkpoints checkpoints, DoubleConsumer done) {
    var works = IntStream.range(0, tree.size()).mapToObj(node -> work(tree, node)).toList();
    var portions = portions(works);
    var trained = new LaneWeights[tree.size()][];
    Arrays.setAll(trained, node -> new LaneWeights[works.get(node).groups()]);
    long all = portions.stream().mapToLong(Portion::cost).sum();
    var soFar = new long[1];
    new IndependentParts<>(context, checkpoints, TreeTraining::read, TreeTraining::write)
        .run(
            portions.stream().map(p -> number + "-" + p.number).toList(),
            () -> new NodeVectors.Finder(vectors, documentsByLabel),
            (finder, p) ->
                portions.get(p).groups.stream().map(g -> train(g, number, finder)).toList(),
            (p, weights) -> {
              var portion = portions.get(p);
              for (int g = 0; g < weights.size(); g++) {
                var group = portion.groups.get(g);
                trained[group.work.node][group.number] = weights.get(g);
              }
              synchronized (soFar) {
                soFar[0] += portion.cost();
                done.accept((double) soFar[0] / all);
              }
            });
    if (!context.team().leads()) {
      return null;
    }
    return packed(tree, trained);
  }

  private static List<LaneWeights> read(DataInputStream in) throws IOException {
    var groups = new ArrayList<LaneWeights>();
    for (int left = in.readInt(); left > 0; left--) {
      groups.add(LaneWeights.read(in));
    }
    return groups;
  }

  private static void write(List<LaneWeights> groups, DataOutputStream out) throws IOException {
    out.writeInt(groups.size());
    for (var group : groups) {
      group.write(out);
    }
  }

  private Work work(LabelTree tree, int node) {
    var labelsByOutput = tree.labelsByOutput(node);
    long documents =
        Arrays.stream(labelsByOutput)
            .flatMapToInt(Arrays::stream)
            .mapToLong(label -> documentsByLabel[label].length)
            .sum();
    return new Work(node, labelsByOutput, documents);
  }

  /** Large nodes first, so that threads end at about the same time. */
  private static List<Portion> portions(List<Work> works) {
    var groups =
        works.stream()
            .sorted(Comparator.comparingLong((Work w) -> -w.documents))
            .flatMap(w -> IntStream.range(0, w.groups()).mapToObj(g -> new Group(w, g)))
            .toList();
    long most = groups.stream().mapToLong(g -> g.work.documents).sum() / PORTIONS;
    var portions = new ArrayList<Portion>();
    var next = new ArrayList<Group>();
    long cost = 0;
    for (var group : groups) {
      if (!next.isEmpty() && cost + group.work.documents > most) {
        portions.add(new Portion(portions.size(), List.copyOf(next)));
        next.clear();
        cost = 0;
      }
      next.add(group);
      cost += group.work.documents;
    }
    portions.add(new Portion(portions.size(), List.copyOf(next)));
    return portions;
  }

  private LaneWeights train(Group group, int tree, NodeVectors.Finder finder) {
    var node = group.work.vectors(finder);
    var weights =
        LaneSolver.of(node, group.outputs(), parameters, seed(tree, group))
            .train(
                MINIMUM_WEIGHT,
                () -> context.cancelled().getAsBoolean() || Thread.currentThread().isInterrupted(),
                (epoch, loss) -> {});
    var features = weights.features();
    for (int i = 0; i < features.length; i++) {
      features[i] = node.global(features[i]);
    }
    group.work.groupDone();
    return weights;
  }

  /** Every group draws numbers of its own, whichever thread learns it. */
  private long seed(int tree, Group group) {
    long place = ((long) tree << 24) + group.work.node;
    var random = new SplittableRandom(((long) context.seed() << Integer.SIZE) + place);
    return random.nextLong() + group.number;
  }

  private PackedNode[] packed(LabelTree tree, LaneWeights[][] trained) {
    var nodes = new PackedNode[tree.size()];
    BatchedWork.run(
        IntStream.range(0, nodes.length).boxed(),
        1,
        context.threads(),
        context.cancelled(),
        () -> this,
        (self, batch, one) -> {
          int node = one.getFirst();
          nodes[node] = PackedNode.of(tree.outputs()[node], List.of(trained[node]));
          trained[node] = null;
        });
    return nodes;
  }
}
