package hu.mtmt.besorol.classifiers.trees;

import com.carrotsearch.hppc.IntArrayList;
import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Grows one tree for all labels together. A decision compares the value of one feature with a
 * threshold; the one is taken that makes the Gini impurities of the labels, summed, fall most: with
 * pₗ the share of a node's documents that have label l, Σₗ pₗ (1 − pₗ), each side counting by its
 * documents. A leaf answers with the shares of its documents.
 *
 * <p>Documents without the feature have value 0 and need not be visited: what they have is the
 * whole node less those with it. So a node costs the entries of its documents, not documents times
 * features.
 *
 * <p>With a part of the features for each decision, those are drawn as entries of the node's
 * documents: a feature that many of them have is drawn more likely than one of few, which could
 * split off few only.
 *
 * <p>The shares of a leaf may be shrunk towards those of the nodes above it, the more the fewer
 * documents these have (Agarwal et al. 2022, "Hierarchical Shrinkage", section 2): a leaf of a
 * single tree has so few documents that its own shares are little more than chance. Not
 * thread-safe.
 */
final class TreeGrower {
  /** A gain below this is a rounding error. */
  private static final double NO_GAIN = 1e-9;

  /** How often features are drawn for a node where none helps. */
  private static final int DRAWS = 5;

  private final DocumentVectors vectors;
  private final int minimumDocuments;
  private final int maximumDepth;

  /** How many features are drawn for a decision; 0 for all. */
  private final int drawn;

  private final double shrinkage;
  private final BooleanSupplier cancelled;

  /** By feature: its place among the candidates, or -1. */
  private final int[] placeOf;

  /** The features that come into question for a decision. */
  private final IntArrayList candidates = new IntArrayList();

  /** By label: how many of the node's documents have it. */
  private final int[] inNode;

  private final IntArrayList labelsOfNode = new IntArrayList();

  /** By label: how many of the documents above a threshold have it. */
  private final int[] above;

  private int[] ends = new int[64];

  /** Value (upper 32 bits) and document of entries, by candidate. */
  private long[] entries = new long[1024];

  private int[] documents;
  private byte[] weights;
  private SplittableRandom random;
  private Tree tree;

  /** Sum of the squares of {@link #inNode}. */
  private double squares;

  /** Sum of {@link #inNode}. */
  private long labelled;

  private int weight;

  private double bestGain;
  private int bestFeature;
  private float bestThreshold;

  /**
   * @param labels how many labels there are
   * @param drawn how many features are drawn for each decision; 0 for all
   * @param shrinkage how many documents a node has that counts half as much as the one above it; 0
   *     for leaves that answer with their own shares
   */
  TreeGrower(
      DocumentVectors vectors,
      int labels,
      int minimumDocuments,
      int maximumDepth,
      int drawn,
      double shrinkage,
      BooleanSupplier cancelled) {
    this.vectors = vectors;
    this.minimumDocuments = minimumDocuments;
    this.maximumDepth = maximumDepth;
    this.drawn = drawn;
    this.shrinkage = shrinkage;
    this.cancelled = cancelled;
    this.placeOf = new int[vectors.features()];
    this.inNode = new int[labels];
    this.above = new int[labels];
    Arrays.fill(placeOf, -1);
  }

  /**
   * Documents {@code from} to {@code to} of {@link #documents} are below a node.
   *
   * @param inherited by label: what the nodes above add to the share
   * @param own how much the node's own share counts beside that
   */
  private record Task(int node, int from, int to, int depth, float[] inherited, double own) {}

  /**
   * Grows a tree.
   *
   * @param weights how often each document counts; 0 for not at all
   */
  Tree grow(byte[] weights, SplittableRandom random) {
    this.weights = weights;
    this.random = random;
    this.tree = new Tree();
    documents = new int[weights.length];
    int size = 0;
    for (int d = 0; d < weights.length; d++) {
      if (weights[d] > 0) {
        documents[size++] = d;
      }
    }
    var tasks = new ArrayDeque<Task>();
    tasks.push(new Task(tree.reserve(), 0, size, 0, new float[inNode.length], 1));
    while (!tasks.isEmpty()) {
      if (cancelled.getAsBoolean()) {
        throw new CancelledException();
      }
      grow(tasks.pop(), tasks);
    }
    return tree;
  }

  private void grow(Task task, ArrayDeque<Task> tasks) {
    count(task);
    if (task.to - task.from < 2 * minimumDocuments
        || task.depth == maximumDepth
        || labelled - squares / weight < NO_GAIN // all have the same labels
        || !findDecision(task)) {
      finish(task);
      return;
    }
    double own = weight / (weight + shrinkage);
    var inherited = inherited(task, own);
    int middle = partition(task);
    int above = tree.reserve();
    int others = tree.reserve();
    tree.decide(task.node, bestFeature, bestThreshold, above, others);
    tasks.push(new Task(others, middle, task.to, task.depth + 1, inherited, own));
    tasks.push(new Task(above, task.from, middle, task.depth + 1, inherited, own));
  }

  private void count(Task task) {
    for (var label : labelsOfNode) {
      inNode[label.value] = 0;
    }
    labelsOfNode.elementsCount = 0;
    weight = 0;
    labelled = 0;
    for (int i = task.from; i < task.to; i++) {
      int d = documents[i];
      weight += weights[d];
      for (int label : vectors.labels(d)) {
        if (inNode[label] == 0) {
          labelsOfNode.add(label);
        }
        inNode[label] += weights[d];
        labelled += weights[d];
      }
    }
    squares = 0;
    for (var label : labelsOfNode) {
      squares += (double) inNode[label.value] * inNode[label.value];
    }
  }

  /** What the nodes below a node inherit if their own shares count {@code own}. */
  private float[] inherited(Task task, double own) {
    if (own == task.own) {
      return task.inherited;
    }
    var inherited = task.inherited.clone();
    for (var label : labelsOfNode) {
      inherited[label.value] += (float) ((task.own - own) * inNode[label.value] / weight);
    }
    return inherited;
  }

  private void finish(Task task) {
    var labels =
        shrinkage == 0 ? labelsOfNode.toArray() : IntStream.range(0, inNode.length).toArray();
    Arrays.sort(labels);
    int first = tree.labels().size();
    for (int label : labels) {
      float share = (float) (task.inherited[label] + task.own * inNode[label] / weight);
      if (share >= ForestScorer.LEAST_SHARE) {
        tree.labels().add(label);
        tree.shares().add(share);
      }
    }
    tree.finish(task.node, first, weight);
  }

  private boolean findDecision(Task task) {
    bestGain = NO_GAIN;
    bestFeature = -1;
    for (int draw = 0; bestFeature < 0 && draw < (drawn == 0 ? 1 : DRAWS); draw++) {
      if (drawn > 0) {
        draw(task);
      } else {
        takeAll(task);
      }
      gather(task);
      for (int c = 0; c < candidates.size(); c++) {
        consider(candidates.get(c), c == 0 ? 0 : ends[c - 1], ends[c], task.to - task.from);
        placeOf[candidates.get(c)] = -1;
      }
      candidates.elementsCount = 0;
    }
    return bestFeature >= 0;
  }

  private void draw(Task task) {
    for (int i = 0; i < drawn; i++) {
      int d = documents[random.nextInt(task.from, task.to)];
      var block = vectors.blockOf(d);
      int start = block.starts()[vectors.rowOf(d)];
      int length = block.starts()[vectors.rowOf(d) + 1] - start;
      if (length > 0) {
        add(block.indices()[start + random.nextInt(length)]);
      }
    }
  }

  private void takeAll(Task task) {
    for (int i = task.from; i < task.to; i++) {
      int d = documents[i];
      var block = vectors.blockOf(d);
      int end = block.starts()[vectors.rowOf(d) + 1];
      for (int e = block.starts()[vectors.rowOf(d)]; e < end; e++) {
        add(block.indices()[e]);
      }
    }
  }

  private void add(int feature) {
    if (placeOf[feature] < 0) {
      placeOf[feature] = candidates.size();
      candidates.add(feature);
    }
  }

  /** Puts the entries of the node's documents in the order of candidates and values. */
  private void gather(Task task) {
    if (ends.length < candidates.size()) {
      ends = new int[2 * candidates.size()];
    }
    Arrays.fill(ends, 0, candidates.size(), 0);
    for (int i = task.from; i < task.to; i++) {
      int d = documents[i];
      var block = vectors.blockOf(d);
      int end = block.starts()[vectors.rowOf(d) + 1];
      for (int e = block.starts()[vectors.rowOf(d)]; e < end; e++) {
        int place = placeOf[block.indices()[e]];
        if (place >= 0) {
          ends[place]++;
        }
      }
    }
    int size = 0;
    for (int c = 0; c < candidates.size(); c++) {
      int length = ends[c];
      ends[c] = size; // where the next entry goes; the end when all are there
      size += length;
    }
    if (entries.length < size) {
      entries = new long[size + size / 2];
    }
    for (int i = task.from; i < task.to; i++) {
      int d = documents[i];
      var block = vectors.blockOf(d);
      int end = block.starts()[vectors.rowOf(d) + 1];
      for (int e = block.starts()[vectors.rowOf(d)]; e < end; e++) {
        int place = placeOf[block.indices()[e]];
        if (place >= 0) {
          // the bits of floats above 0 have the order of the floats
          entries[ends[place]++] = (long) Float.floatToIntBits(block.values()[e]) << 32 | d;
        }
      }
    }
  }

  /** Considers all thresholds of a feature, from the largest value down to "has it at all". */
  private void consider(int feature, int from, int to, int size) {
    if (to - from < minimumDocuments) {
      return;
    }
    Arrays.sort(entries, from, to);
    double squaresAbove = 0;
    double products = 0;
    int weightAbove = 0;
    for (int i = to - 1; i >= from; i--) {
      int d = (int) entries[i];
      int w = weights[d];
      weightAbove += w;
      for (int label : vectors.labels(d)) {
        squaresAbove += 2.0 * w * above[label] + w * w;
        products += (double) w * inNode[label];
        above[label] += w;
      }
      float value = value(i);
      float below = i > from ? value(i - 1) : 0;
      int count = to - i;
      if (value == below || count < minimumDocuments || size - count < minimumDocuments) {
        continue;
      }
      double squaresBelow = squares - 2 * products + squaresAbove;
      double gain =
          squaresAbove / weightAbove + squaresBelow / (weight - weightAbove) - squares / weight;
      if (gain > bestGain || gain == bestGain && feature < bestFeature) {
        bestGain = gain;
        bestFeature = feature;
        float middle = below + (value - below) / 2;
        bestThreshold = middle < value ? middle : below;
      }
    }
    for (int i = from; i < to; i++) {
      for (int label : vectors.labels((int) entries[i])) {
        above[label] = 0;
      }
    }
  }

  private float value(int entry) {
    return Float.intBitsToFloat((int) (entries[entry] >>> 32));
  }

  /** Puts the documents above the threshold in front; returns where the others begin. */
  private int partition(Task task) {
    int front = task.from;
    for (int i = task.from; i < task.to; i++) {
      int d = documents[i];
      if (value(d, bestFeature) > bestThreshold) {
        documents[i] = documents[front];
        documents[front++] = d;
      }
    }
    return front;
  }

  private float value(int document, int feature) {
    var block = vectors.blockOf(document);
    int row = vectors.rowOf(document);
    int place =
        Arrays.binarySearch(block.indices(), block.starts()[row], block.starts()[row + 1], feature);
    return place < 0 ? 0 : block.values()[place];
  }
}
