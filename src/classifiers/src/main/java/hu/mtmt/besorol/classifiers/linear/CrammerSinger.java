package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.LinearParameters;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Trains the classifiers of all labels together so that each document's own label wins (Crammer and
 * Singer 2001): minimises ½ Σ‖wₘ‖² + C Σ max(0, 1 + maxₘ≠ᵧ wₘᵀx − wᵧᵀx) by the sequential dual
 * method of Keerthi, Sundararajan, Chang, Hsieh and Lin (2008), the same as LIBLINEAR's solver 4.
 * Documents must have one label each.
 *
 * <p>Every vector has one entry more, a constant 1, whose weight is the bias. A step changes the
 * dual variables αₘ of one document, which sum to 0; labels whose α stays at its bound are left out
 * until the others are settled.
 *
 * <p>Every {@value #EPOCHS_OF_A_ROUND} passes all labels are looked at again and the weights are
 * summed up anew from the α, which rids them of rounding errors. There a checkpoint needs the α
 * only. One document after the other is looked at, so one thread works.
 */
final class CrammerSinger {
  private static final int EPOCHS_OF_A_ROUND = 20;
  private static final int BETWEEN_QUESTIONS = 1024;

  /** Smaller changes and violations are rounding errors. */
  private static final float NOTHING = 1e-7f;

  /** Share of the memory that training may take. */
  private static final double SHARE_OF_MEMORY = 0.6;

  private static final String PART = "round";

  private final LinearParameters parameters;
  private final DocumentVectors vectors;
  private final TrainingContext context;
  private final float cost;
  private final float tolerance;

  /** The labels that have documents: class m is label {@code labels[m]}. */
  private final int[] labels;

  private final int classes;

  /** Class of each document. */
  private final int[] classOf;

  /** By feature, the bias last, and class. */
  private final float[] weights;

  /** By document and class: at most C for the document's own class, at most 0 for others. */
  private final float[] alphas;

  /** By document: its classes, those that are looked at in front. */
  private final char[] classOrder;

  /** How many classes of a document are looked at; one is none, as α sum to 0. */
  private final int[] open;

  private final float[] gradients;
  private final float[] offsets;
  private final float[] sorted;
  private final int[] shut;
  private int epoch;
  private float shrinkBelow;
  private boolean settled;

  /**
   * Prepares.
   *
   * @param labels how many labels there are
   * @throws BesorolException if documents have several labels, or the memory does not suffice
   */
  CrammerSinger(
      LinearParameters parameters, DocumentVectors vectors, int labels, TrainingContext context) {
    refuseSeveral(vectors);
    this.parameters = parameters;
    this.vectors = vectors;
    this.context = context;
    this.cost = (float) parameters.costValue();
    this.tolerance = (float) parameters.toleranceValue();
    this.shrinkBelow = Math.max(10 * tolerance, 1);
    var frequencies = vectors.frequencies(labels);
    this.labels = IntStream.range(0, labels).filter(l -> frequencies[l] > 0).toArray();
    this.classes = this.labels.length;
    refuseTooLarge(vectors, classes, Runtime.getRuntime().maxMemory());
    this.classOf =
        IntStream.range(0, vectors.size())
            .map(d -> Arrays.binarySearch(this.labels, vectors.labels(d)[0]))
            .toArray();
    this.weights = new float[(vectors.features() + 1) * classes];
    this.alphas = new float[vectors.size() * classes];
    this.classOrder = new char[alphas.length];
    this.open = new int[vectors.size()];
    this.gradients = new float[classes];
    this.offsets = new float[classes];
    this.sorted = new float[classes];
    this.shut = new int[classes];
  }

  private static void refuseSeveral(DocumentVectors vectors) {
    long several =
        IntStream.range(0, vectors.size()).filter(d -> vectors.labels(d).length > 1).count();
    if (several > 0) {
      throw BesorolException.data(
          "The loss CrammerSinger learns from documents of one subject each, but %d of the %d training documents have several: take the loss SquaredHinge."
              .formatted(several, vectors.size()));
    }
  }

  /**
   * Refuses what would not fit.
   *
   * @param memory how much there is, in bytes
   */
  static void refuseTooLarge(DocumentVectors vectors, int classes, long memory) {
    long numbers = (vectors.features() + 1L + vectors.size()) * classes;
    long bytes = numbers * Float.BYTES + (long) vectors.size() * classes * Character.BYTES;
    if (bytes > SHARE_OF_MEMORY * memory || numbers > Integer.MAX_VALUE - 8) {
      throw BesorolException.plan(
          "The loss CrammerSinger needs %,d MiB for %,d features, %,d documents and %,d subjects, but may use %,d MiB: give the training more memory, lower features.maximumFeatures, or take the loss SquaredHinge."
              .formatted(
                  bytes >> 20,
                  vectors.features(),
                  vectors.size(),
                  classes,
                  (long) (SHARE_OF_MEMORY * memory) >> 20));
    }
  }

  /**
   * Trains.
   *
   * @param minimumWeight smallest weight that is worth keeping, whatever its sign
   * @return the weights of all labels that have documents, in the order of the labels
   * @throws CancelledException if the context asked it to stop
   */
  List<LaneWeights> train(float minimumWeight) {
    var checkpoints = Checkpoints.open(context, parameters, vectors.checksum(), classes);
    var progress = new TrainingProgress(context.listener(), 1);
    checkpoints.read(PART, this::read);
    while (!settled && epoch < parameters.maximumEpochs()) {
      sumUpWeights();
      round(progress);
      checkpoints.write(PART, this::write);
    }
    progress.finished(0);
    sumUpWeights();
    return kept(minimumWeight);
  }

  private boolean read(DataInputStream in) throws IOException {
    epoch = in.readInt();
    shrinkBelow = in.readFloat();
    settled = in.readBoolean();
    for (int left = in.readInt(); left > 0; left--) {
      alphas[in.readInt()] = in.readFloat();
    }
    return true;
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeInt(epoch);
    out.writeFloat(shrinkBelow);
    out.writeBoolean(settled);
    int size = 0;
    for (float alpha : alphas) {
      size += alpha != 0 ? 1 : 0;
    }
    out.writeInt(size);
    for (int i = 0; i < alphas.length; i++) {
      if (alphas[i] != 0) {
        out.writeInt(i);
        out.writeFloat(alphas[i]);
      }
    }
  }

  private void sumUpWeights() {
    Arrays.fill(weights, 0);
    for (int d = 0; d < open.length; d++) {
      for (int m = 0; m < classes; m++) {
        float alpha = alphas[d * classes + m];
        if (alpha != 0) {
          add(d, m, alpha);
        }
      }
    }
  }

  /** Adds {@code step} times a document's vector to the weights of a class. */
  private void add(int document, int m, float step) {
    var block = vectors.blockOf(document);
    int row = vectors.rowOf(document);
    for (int i = block.starts()[row]; i < block.starts()[row + 1]; i++) {
      weights[block.indices()[i] * classes + m] += step * block.values()[i];
    }
    weights[weights.length - classes + m] += step;
  }

  private void round(TrainingProgress progress) {
    openAll();
    boolean all = true;
    int last = Math.min(epoch + EPOCHS_OF_A_ROUND, parameters.maximumEpochs());
    while (!settled && epoch < last) {
      var pass = pass();
      epoch++;
      progress.passed(0, epoch, pass.loss);
      if (pass.violation >= shrinkBelow) {
        all = false;
      } else if (pass.violation < tolerance && all) {
        settled = true;
      } else {
        openAll();
        all = true;
        shrinkBelow = Math.max(shrinkBelow / 2, tolerance);
      }
    }
  }

  private void openAll() {
    Arrays.fill(open, classes);
    for (int i = 0; i < classOrder.length; i++) {
      classOrder[i] = (char) (i % classes);
    }
  }

  /**
   * What a pass met.
   *
   * @param violation largest violation of optimality
   * @param loss mean of the documents that were looked at, each at the time of its visit
   */
  private record Pass(double violation, double loss) {}

  private Pass pass() {
    // the order follows from the seed and the number of the pass, so it needs no checkpoint
    var random = new SplittableRandom(((long) context.seed() << Integer.SIZE) + epoch);
    var order = IntStream.range(0, open.length).filter(d -> open[d] > 1).toArray();
    double violation = 0;
    double losses = 0;
    for (int i = 0; i < order.length; i++) {
      if (i % BETWEEN_QUESTIONS == 0
          && (context.cancelled().getAsBoolean() || Thread.currentThread().isInterrupted())) {
        throw new CancelledException();
      }
      int j = i + random.nextInt(order.length - i);
      int document = order[j];
      order[j] = order[i];
      losses += gradients(document);
      violation = Math.max(violation, step(document));
    }
    return new Pass(violation, order.length == 0 ? 0 : losses / order.length);
  }

  /**
   * Computes ∂/∂αₘ of the dual problem, wₘᵀx + 1 for other classes than the document's own, for the
   * classes that are looked at.
   *
   * @return the loss
   */
  private float gradients(int document) {
    var block = vectors.blockOf(document);
    int row = vectors.rowOf(document);
    System.arraycopy(weights, weights.length - classes, gradients, 0, classes);
    int first = document * classes;
    boolean few = 4 * open[document] < classes;
    for (int i = block.starts()[row]; i < block.starts()[row + 1]; i++) {
      int at = block.indices()[i] * classes;
      float value = block.values()[i];
      if (few) {
        for (int k = 0; k < open[document]; k++) {
          int m = classOrder[first + k];
          gradients[m] += weights[at + m] * value;
        }
      } else {
        for (int m = 0; m < classes; m++) {
          gradients[m] += weights[at + m] * value;
        }
      }
    }
    float own = gradients[classOf[document]];
    float best = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < open[document]; k++) {
      int m = classOrder[first + k];
      if (m != classOf[document]) {
        gradients[m] += 1;
        best = Math.max(best, gradients[m]);
      }
    }
    return Math.max(0, best - own);
  }

  /** Makes a step; returns the violation of optimality before it. */
  private float step(int document) {
    int own = classOf[document];
    int first = document * classes;
    float least = Float.POSITIVE_INFINITY; // over the α that may grow
    float most = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < open[document]; k++) {
      int m = classOrder[first + k];
      if (alphas[first + m] < bound(m == own)) {
        least = Math.min(least, gradients[m]);
      }
      most = Math.max(most, gradients[m]);
    }
    shut(document, least);
    if (open[document] <= 1 || most - least <= NOTHING) {
      return 0;
    }
    solve(document);
    return most - least;
  }

  private float bound(boolean own) {
    return own ? cost : 0;
  }

  /** Looks no more at classes whose α is at its bound and wants to stay there. */
  private void shut(int document, float least) {
    int own = classOf[document];
    int first = document * classes;
    int kept = 0;
    int shutNow = 0;
    for (int k = 0; k < open[document]; k++) {
      char m = classOrder[first + k];
      if (alphas[first + m] == bound(m == own) && gradients[m] < least) {
        shut[shutNow++] = m;
      } else {
        classOrder[first + kept++] = m;
      }
    }
    for (int k = 0; k < shutNow; k++) {
      classOrder[first + kept + k] = (char) shut[k];
    }
    open[document] = kept;
  }

  /**
   * Minimises the dual problem over the α of one document: αₘ = min(boundₘ, (β − offsetₘ) / ‖x‖²)
   * with the β that makes them sum to 0, which is found over the sorted offsets.
   */
  private void solve(int document) {
    int own = classOf[document];
    int first = document * classes;
    int size = open[document];
    float square = squaredLength(document);
    for (int k = 0; k < size; k++) {
      int m = classOrder[first + k];
      offsets[k] = gradients[m] - square * alphas[first + m];
      sorted[k] = -(offsets[k] + (m == own ? square * cost : 0));
    }
    Arrays.sort(sorted, 0, size); // negated: the largest first
    float beta = -sorted[0] - square * cost;
    int r = 1;
    for (; r < size && beta < r * -sorted[r]; r++) {
      beta -= sorted[r];
    }
    beta /= r;
    for (int k = 0; k < size; k++) {
      int m = classOrder[first + k];
      float alpha = Math.min(bound(m == own), (beta - offsets[k]) / square);
      float change = alpha - alphas[first + m];
      alphas[first + m] = alpha;
      if (Math.abs(change) >= NOTHING) {
        add(document, m, change);
      }
    }
  }

  private float squaredLength(int document) {
    var block = vectors.blockOf(document);
    int row = vectors.rowOf(document);
    float squares = 1;
    for (int i = block.starts()[row]; i < block.starts()[row + 1]; i++) {
      squares += block.values()[i] * block.values()[i];
    }
    return squares;
  }

  private List<LaneWeights> kept(float minimumWeight) {
    var groups = new ArrayList<LaneWeights>();
    for (int from = 0; from < classes; from += Lanes.COUNT) {
      int to = Math.min(from + Lanes.COUNT, classes);
      var lanes = new float[vectors.features() * Lanes.COUNT];
      for (int f = 0; f < vectors.features(); f++) {
        System.arraycopy(weights, f * classes + from, lanes, f * Lanes.COUNT, to - from);
      }
      int bias = weights.length - classes;
      groups.add(
          LaneWeights.of(
              lanes,
              Arrays.copyOfRange(weights, bias + from, bias + to),
              Arrays.copyOfRange(labels, from, to),
              minimumWeight));
    }
    return groups;
  }
}
