package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.Shuffle;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.contract.BesorolException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A small network over the scores of all members for all labels, that adds to the logit of their
 * mean: what Annif calls nn_ensemble. The hidden layer is h = max(0, W x + b) with x the calibrated
 * score of each member for each label, most of them 0; a candidate's logit is that of the mean plus
 * vᵀh + c with v and c of its label. It is learnt with Adam (Kingma and Ba 2015) and dropout of the
 * hidden units (Srivastava et al. 2014), document by document, so the result depends on data and
 * seed alone. Only what a document touches is computed: its candidates' inputs and outputs.
 *
 * @param inputs W: weights of label l of member m begin at (m · labels + l) · {@value #HIDDEN}
 * @param inputBiases b
 * @param outputs v of each label
 * @param outputBiases c of each label
 */
record NeuralCombination(
    int labels, float[] inputs, float[] inputBiases, float[] outputs, float[] outputBiases)
    implements Combination {
  private static final int HIDDEN = 64;
  private static final int MOST_WEIGHTS = 1 << 25;

  /** One document in so many only says when to stop. */
  private static final int ASIDE = 8;

  private static final int EPOCHS = 30;
  private static final int PATIENCE = 3;
  private static final int BATCH = 32;

  NeuralCombination {
    if (inputs.length % HIDDEN != 0
        || inputBiases.length != HIDDEN
        || outputs.length != labels * HIDDEN
        || outputBiases.length != labels) {
      throw new IllegalArgumentException("weights that do not belong together");
    }
  }

  @Override
  public Combiner combiner() {
    var hidden = new float[HIDDEN];
    return (candidates, length, scores) -> {
      activate(candidates, hidden);
      for (int c = 0; c < candidates.size(); c++) {
        scores.add(candidates.label(c), logit(candidates, c, hidden));
      }
    };
  }

  private void activate(Candidates candidates, float[] hidden) {
    System.arraycopy(inputBiases, 0, hidden, 0, HIDDEN);
    for (int c = 0; c < candidates.size(); c++) {
      for (int m = 0; m < candidates.members(); m++) {
        float x = candidates.probability(m, c);
        if (x > 0) {
          int from = (m * labels + candidates.label(c)) * HIDDEN;
          for (int h = 0; h < HIDDEN; h++) {
            hidden[h] = Math.fma(x, inputs[from + h], hidden[h]);
          }
        }
      }
    }
    for (int h = 0; h < HIDDEN; h++) {
      hidden[h] = Math.max(0, hidden[h]);
    }
  }

  private float logit(Candidates candidates, int c, float[] hidden) {
    int label = candidates.label(c);
    float sum = candidates.logit(c) + outputBiases[label];
    for (int h = 0; h < HIDDEN; h++) {
      sum = Math.fma(outputs[label * HIDDEN + h], hidden[h], sum);
    }
    return sum;
  }

  private NeuralCombination copy() {
    return new NeuralCombination(
        labels, inputs.clone(), inputBiases.clone(), outputs.clone(), outputBiases.clone());
  }

  /**
   * Learns from documents whose rankings members made that had not learnt from them.
   *
   * @throws BesorolException if there are too many subjects for it
   */
  static NeuralCombination learn(
      StackedExamples examples,
      Mixture mixture,
      Labels labels,
      TrainingContext context,
      Progress progress) {
    check(mixture.members(), labels.size());
    return new Training(examples, mixture, labels.size(), context).train(progress);
  }

  /** Refuses, before anything is trained, more than it can learn. */
  static void check(int members, int labels) {
    if (isTooLarge(members, labels)) {
      throw BesorolException.plan(
          "Neural combines at most %d subjects of %d members, not %d: take combination Stacked, or set a lower level of the taxonomy."
              .formatted(MOST_WEIGHTS / HIDDEN / members, members, labels));
    }
  }

  /** Whether there are too many weights for it. */
  static boolean isTooLarge(int members, int labels) {
    return (long) members * labels * HIDDEN > MOST_WEIGHTS;
  }

  private static final class Training {
    private static final float DROPOUT = 0.2f;
    private static final float INITIAL = 0.1f;

    private final StackedExamples examples;
    private final TrainingContext context;
    private final SplittableRandom random;
    private final Candidates candidates;
    private final NeuralCombination network;
    private final Adam inputs;
    private final Adam inputBiases;
    private final Adam outputs;
    private final Adam outputBiases;
    private final float[] hidden = new float[HIDDEN];
    private final float[] errors = new float[HIDDEN];
    private final boolean[] dropped = new boolean[HIDDEN];

    Training(StackedExamples examples, Mixture mixture, int labels, TrainingContext context) {
      this.examples = examples;
      this.context = context;
      this.random = new SplittableRandom(context.seed());
      this.candidates = new Candidates(mixture, labels);
      this.network =
          new NeuralCombination(
              labels,
              new float[mixture.members() * labels * HIDDEN],
              new float[HIDDEN],
              new float[labels * HIDDEN],
              new float[labels]);
      for (int i = 0; i < network.inputs.length; i++) {
        network.inputs[i] = INITIAL * (2 * random.nextFloat() - 1);
      }
      this.inputs = new Adam(network.inputs, HIDDEN);
      this.inputBiases = new Adam(network.inputBiases, HIDDEN);
      this.outputs = new Adam(network.outputs, HIDDEN);
      this.outputBiases = new Adam(network.outputBiases, 1);
    }

    NeuralCombination train(Progress progress) {
      var order = new int[examples.size()];
      int learnt = 0;
      int kept = order.length;
      for (int document = 0; document < order.length; document++) {
        if (random.nextInt(ASIDE) == 0) {
          order[--kept] = document;
        } else {
          order[learnt++] = document;
        }
      }
      var best = network.copy();
      double bestLoss = loss(order, learnt);
      int bestEpoch = 0;
      for (int epoch = 1; epoch <= EPOCHS && epoch - bestEpoch <= PATIENCE; epoch++) {
        Shuffle.shuffle(order, learnt, random);
        pass(order, learnt);
        double loss = loss(order, learnt);
        progress.at((double) epoch / EPOCHS, epoch, loss);
        if (loss < bestLoss) {
          best = network.copy();
          bestLoss = loss;
          bestEpoch = epoch;
        }
      }
      return best;
    }

    private void pass(int[] order, int size) {
      for (int i = 0; i < size; i++) {
        learn(order[i]);
        if ((i + 1) % BATCH == 0 || i + 1 == size) {
          if (context.cancelled().getAsBoolean()) {
            throw new CancelledException();
          }
          inputs.step();
          inputBiases.step();
          outputs.step();
          outputBiases.step();
        }
      }
    }

    /** Adds a document to the gradients. */
    private void learn(int document) {
      candidates.of(examples.rankings(document));
      network.activate(candidates, hidden);
      for (int h = 0; h < HIDDEN; h++) {
        dropped[h] = random.nextFloat() < DROPOUT;
        hidden[h] = dropped[h] ? 0 : hidden[h] / (1 - DROPOUT);
      }
      Arrays.fill(errors, 0);
      for (int c = 0; c < candidates.size(); c++) {
        int label = candidates.label(c);
        float p = (float) (1 / (1 + StrictMath.exp(-network.logit(candidates, c, hidden))));
        float error = p - (right(document, label) ? 1 : 0);
        outputBiases.add(label, 0, error);
        for (int h = 0; h < HIDDEN; h++) {
          outputs.add(label, h, error * hidden[h]);
          errors[h] += error * network.outputs[label * HIDDEN + h];
        }
      }
      for (int h = 0; h < HIDDEN; h++) {
        errors[h] = hidden[h] > 0 ? errors[h] / (1 - DROPOUT) : 0;
        inputBiases.add(0, h, errors[h]);
      }
      for (int c = 0; c < candidates.size(); c++) {
        for (int m = 0; m < candidates.members(); m++) {
          float x = candidates.probability(m, c);
          if (x > 0) {
            int row = m * network.labels + candidates.label(c);
            for (int h = 0; h < HIDDEN; h++) {
              inputs.add(row, h, x * errors[h]);
            }
          }
        }
      }
    }

    private boolean right(int document, int label) {
      return Arrays.binarySearch(examples.truth(document), label) >= 0;
    }

    /** Mean loss of a candidate of the documents kept aside; of all where none are. */
    private double loss(int[] order, int learnt) {
      int from = learnt < order.length ? learnt : 0;
      double sum = 0;
      long count = 0;
      for (int i = from; i < order.length; i++) {
        candidates.of(examples.rankings(order[i]));
        network.activate(candidates, hidden);
        for (int c = 0; c < candidates.size(); c++) {
          double z = network.logit(candidates, c, hidden);
          z = right(order[i], candidates.label(c)) ? -z : z;
          sum += Math.max(z, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
          count++;
        }
      }
      return count == 0 ? 0 : sum / count;
    }
  }

  /** Adam for the rows of a matrix; a step moves the rows that got gradients. */
  private static final class Adam {
    private static final float RATE = 0.002f;
    private static final float MEAN = 0.9f;
    private static final float SQUARE = 0.999f;
    private static final float EPSILON = 1e-7f;

    private final float[] weights;
    private final int width;
    private final float[] gradients;
    private final float[] means;
    private final float[] squares;

    /** How many steps each row has made. */
    private final int[] steps;

    private final int[] touched;
    private final boolean[] isTouched;
    private int size;

    Adam(float[] weights, int width) {
      this.weights = weights;
      this.width = width;
      this.gradients = new float[weights.length];
      this.means = new float[weights.length];
      this.squares = new float[weights.length];
      this.steps = new int[weights.length / width];
      this.touched = new int[steps.length];
      this.isTouched = new boolean[steps.length];
    }

    void add(int row, int column, float gradient) {
      if (!isTouched[row]) {
        isTouched[row] = true;
        touched[size++] = row;
      }
      gradients[row * width + column] += gradient;
    }

    void step() {
      for (int i = 0; i < size; i++) {
        int row = touched[i];
        isTouched[row] = false;
        steps[row]++;
        float meanScale = (float) (1 / (1 - StrictMath.pow(MEAN, steps[row])));
        float squareScale = (float) (1 / (1 - StrictMath.pow(SQUARE, steps[row])));
        for (int w = row * width; w < (row + 1) * width; w++) {
          float g = gradients[w] / BATCH;
          gradients[w] = 0;
          means[w] = MEAN * means[w] + (1 - MEAN) * g;
          squares[w] = SQUARE * squares[w] + (1 - SQUARE) * g * g;
          weights[w] -=
              RATE * means[w] * meanScale / ((float) Math.sqrt(squares[w] * squareScale) + EPSILON);
        }
      }
      size = 0;
    }
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(labels);
    out.writeInt(inputs.length / HIDDEN / labels);
    for (var weights : new float[][] {inputs, inputBiases, outputs, outputBiases}) {
      for (float weight : weights) {
        out.writeFloat(weight);
      }
    }
  }

  static NeuralCombination read(DataInputStream in, int labels, int members) throws IOException {
    if (in.readInt() != labels || in.readInt() != members) {
      throw new IOException("a network of other subjects or members");
    }
    return new NeuralCombination(
        labels,
        floats(in, members * labels * HIDDEN),
        floats(in, HIDDEN),
        floats(in, labels * HIDDEN),
        floats(in, labels));
  }

  private static float[] floats(DataInputStream in, int size) throws IOException {
    var floats = new float[size];
    for (int i = 0; i < size; i++) {
      floats[i] = in.readFloat();
    }
    return floats;
  }
}
