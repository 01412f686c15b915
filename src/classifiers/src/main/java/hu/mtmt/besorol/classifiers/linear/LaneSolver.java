package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Shuffle;
import hu.mtmt.besorol.classifiers.text.LabelledVectors;
import hu.mtmt.besorol.contract.LinearParameters;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Trains the linear classifiers of up to {@value Lanes#COUNT} labels side by side, a lane for each:
 * passes over the documents in random order, and for every document and lane a step along that
 * document's vector, whose length the loss decides. Every vector has one entry more, a constant 1,
 * whose weight is the bias.
 *
 * <p>The result depends on data, parameters and seed alone: no other lane group and no thread has a
 * part in it.
 */
public abstract class LaneSolver {
  /** How many labels are trained side by side at most. */
  public static final int LANES = Lanes.COUNT;

  private static final int BETWEEN_QUESTIONS = 4096;

  private final LabelledVectors data;
  private final int[] labels;
  private final int lanes;
  private final int maximumEpochs;
  private final SplittableRandom random;

  /** Bit k of entry d: whether document d has the label of lane k. */
  private final byte[] positive;

  /** Squared lengths of the vectors, the constant included. */
  private final float[] squaredLengths;

  /** Bit k of entry d: whether lane k still looks at document d. */
  private final byte[] open;

  private final float[] weights;
  private final float[] biases = new float[Lanes.COUNT];
  private int epoch;
  private double loss;

  /**
   * @param data what is learnt
   * @param labels label of each lane, ascending; at most {@value Lanes#COUNT}
   * @param parameters when to stop at the latest
   * @param seed of the order of the documents
   */
  LaneSolver(LabelledVectors data, int[] labels, LinearParameters parameters, long seed) {
    this.data = data;
    this.labels = labels;
    this.lanes = labels.length;
    this.maximumEpochs = parameters.maximumEpochs();
    this.random = new SplittableRandom(seed);
    this.weights = new float[Math.multiplyExact(data.features(), Lanes.COUNT)];
    this.positive = new byte[data.size()];
    this.squaredLengths = new float[data.size()];
    this.open = new byte[data.size()];
    readDocuments();
  }

  /** The solver for a loss. */
  public static LaneSolver of(
      LabelledVectors data, int[] labels, LinearParameters parameters, long seed) {
    return switch (parameters.loss()) {
      case SQUARED_HINGE -> new SquaredHingeSolver(data, labels, parameters, seed);
      case LOGISTIC -> new LogisticSolver(data, labels, parameters, seed);
      case PASSIVE_AGGRESSIVE -> new PassiveAggressiveSolver(data, labels, parameters, seed);
      case CRAMMER_SINGER -> throw new IllegalArgumentException("learns all labels together");
    };
  }

  private void readDocuments() {
    for (int d = 0; d < data.size(); d++) {
      var block = data.blockOf(d);
      int row = data.rowOf(d);
      for (int label : data.labels(d)) {
        int lane = Arrays.binarySearch(labels, label);
        if (lane >= 0) {
          positive[d] |= (byte) (1 << lane);
        }
      }
      float squares = 1;
      for (int i = block.starts()[row]; i < block.starts()[row + 1]; i++) {
        squares += block.values()[i] * block.values()[i];
      }
      squaredLengths[d] = squares;
      open[d] = (byte) allLanes();
    }
  }

  /**
   * The step of one lane along one document: the weights change by {@code step · y · x}.
   *
   * @param document which
   * @param lane which
   * @param margin y wᵀx at the time
   * @param squaredLength ‖x‖²
   */
  abstract float step(int document, int lane, float margin, float squaredLength);

  /** What a margin costs by this loss, to show how the training goes. */
  abstract double loss(float margin);

  /**
   * Says, after a pass, for which of the {@code live} lanes another is needed: a bit for each lane.
   */
  abstract int nextPass(int live);

  /** The lanes' bits, all set. */
  final int allLanes() {
    return (1 << lanes) - 1;
  }

  final int lanes() {
    return lanes;
  }

  final int documents() {
    return data.size();
  }

  final boolean isPositive(int document, int lane) {
    return (positive[document] >>> lane & 1) != 0;
  }

  /** Lane {@code lane} does not look at {@code document} until it is reopened. */
  final void close(int document, int lane) {
    open[document] &= (byte) ~(1 << lane);
  }

  /** Lane {@code lane} looks at all documents again. */
  final void reopen(int lane) {
    for (int d = 0; d < open.length; d++) {
      open[d] |= (byte) (1 << lane);
    }
  }

  /** Mean loss over the documents and lanes of the last pass, each at the time of its visit. */
  final double meanLoss() {
    return loss;
  }

  /** How many passes were made. */
  final int epochs() {
    return epoch;
  }

  /** What {@link #train} tells after every pass. */
  public interface PassListener {
    void passed(int epoch, double meanLoss);
  }

  /**
   * Trains.
   *
   * @param minimumWeight smallest weight that is worth keeping, whatever its sign
   * @param cancelled asked every {@value #BETWEEN_QUESTIONS} documents
   * @throws CancelledException if it was cancelled
   */
  public final LaneWeights train(
      float minimumWeight, BooleanSupplier cancelled, PassListener listener) {
    var order = new int[data.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int live = allLanes();
    int active = order.length;
    while (live != 0 && epoch < maximumEpochs) {
      Shuffle.shuffle(order, active, random);
      pass(order, active, live, cancelled);
      epoch++;
      listener.passed(epoch, loss);
      live = nextPass(live);
      active = gather(order, live);
    }
    finish(weights, biases);
    return LaneWeights.of(weights, biases, labels, minimumWeight);
  }

  /** Lets a solver replace the last weights by what it really wants. */
  void finish(float[] weights, float[] biases) {}

  /** Sees every step that is made, for solvers that keep a second sum. */
  void stepped(int[] indices, float[] values, int from, int to, float[] factors) {}

  private void pass(int[] order, int active, int live, BooleanSupplier cancelled) {
    var margins = new float[Lanes.COUNT];
    var factors = new float[Lanes.COUNT];
    double losses = 0;
    long visits = 0;
    for (int i = 0; i < active; i++) {
      if (i % BETWEEN_QUESTIONS == 0 && cancelled.getAsBoolean()) {
        throw new CancelledException();
      }
      int d = order[i];
      int mask = open[d] & live;
      var block = data.blockOf(d);
      int row = data.rowOf(d);
      int from = block.starts()[row];
      int to = block.starts()[row + 1];
      Lanes.dot(weights, block.indices(), block.values(), from, to, margins);
      boolean changed = false;
      for (int k = 0; k < lanes; k++) {
        factors[k] = 0;
        if ((mask >>> k & 1) == 0) {
          continue;
        }
        float y = isPositive(d, k) ? 1 : -1;
        float margin = y * (margins[k] + biases[k]);
        losses += loss(margin);
        visits++;
        float step = y * step(d, k, margin, squaredLengths[d]);
        if (step != 0) {
          factors[k] = step;
          biases[k] += step;
          changed = true;
        }
      }
      if (changed) {
        Lanes.add(weights, block.indices(), block.values(), from, to, factors);
        stepped(block.indices(), block.values(), from, to, factors);
      }
    }
    loss = visits == 0 ? 0 : losses / visits;
  }

  /** Puts the documents that a live lane looks at in front; returns how many they are. */
  private int gather(int[] order, int live) {
    int front = 0;
    for (int i = 0; i < order.length; i++) {
      if ((open[order[i]] & live) != 0) {
        int d = order[front];
        order[front++] = order[i];
        order[i] = d;
      }
    }
    return front;
  }
}
