package hu.mtmt.besorol.classifiers.trees;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import hu.mtmt.besorol.contract.DecisionTreeParameters;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Grows the trees of a forest, each on documents drawn with replacement, as many as there are; a
 * single tree is grown on all documents and looks at all features. Trees are independent of each
 * other: threads take one after the other, and each is kept in a checkpoint when it is done.
 */
final class ForestTraining {
  /**
   * For each decision of a forest so many times the root of the number of features are drawn: of
   * texts, Breiman's root alone seldom draws a word that tells a rare subject, and with many more
   * the trees become alike.
   */
  private static final int DRAWN_ROOTS = 3;

  /**
   * Of a single tree, the largest that Agarwal et al. try. The trees of a forest make up for each
   * other's chance, and would each become several times as large.
   */
  private static final double SHRINKAGE = 100;

  private final DecisionTreeParameters parameters;
  private final DocumentVectors vectors;
  private final int labels;
  private final TrainingContext context;

  ForestTraining(
      DecisionTreeParameters parameters,
      DocumentVectors vectors,
      int labels,
      TrainingContext context) {
    this.parameters = parameters;
    this.vectors = vectors;
    this.labels = labels;
    this.context = context;
  }

  /** The trees. */
  List<Tree> train() {
    var trees = new Tree[parameters.trees()];
    var checkpoints = Checkpoints.open(context, parameters, vectors.checksum());
    var done = new AtomicInteger();
    BatchedWork.run(
        IntStream.range(0, trees.length).boxed(),
        1,
        context.threads(),
        context.cancelled(),
        this::grower,
        (grower, number, batch) -> {
          var part = "tree-" + number;
          trees[number] = checkpoints.read(part, Tree::read);
          if (trees[number] == null) {
            var random = random(number);
            trees[number] = grower.grow(weights(random), random);
            checkpoints.write(part, trees[number]::write);
          }
          int grown = done.incrementAndGet();
          context.listener().at(Stage.TRAINING, (double) grown / trees.length, grown, null);
        });
    return List.of(trees);
  }

  private boolean single() {
    return parameters.trees() == 1;
  }

  private TreeGrower grower() {
    return new TreeGrower(
        vectors,
        labels,
        parameters.minimumDocuments(),
        parameters.maximumDepth(),
        single() ? 0 : (int) Math.ceil(DRAWN_ROOTS * Math.sqrt(vectors.features())),
        single() ? SHRINKAGE : 0,
        () -> context.cancelled().getAsBoolean() || Thread.currentThread().isInterrupted());
  }

  /** Every tree draws numbers of its own, whichever thread grows it. */
  SplittableRandom random(int tree) {
    return new SplittableRandom(((long) context.seed() << Integer.SIZE) + tree);
  }

  /** How often each document counts in a tree. */
  byte[] weights(SplittableRandom random) {
    var weights = new byte[vectors.size()];
    if (single()) {
      Arrays.fill(weights, (byte) 1);
      return weights;
    }
    for (int i = 0; i < weights.length; i++) {
      int d = random.nextInt(weights.length);
      weights[d] = (byte) Math.min(weights[d] + 1, Byte.MAX_VALUE);
    }
    return weights;
  }

  /**
   * The out-of-bag error of a forest (Breiman 2001, section 3.1): every document is answered by the
   * trees that it was not drawn for.
   *
   * @return the error, or null for a single tree
   */
  OutOfBag outOfBag(Forest forest) {
    if (single()) {
      return null;
    }
    var drawn = new byte[forest.size()][];
    for (int tree = 0; tree < drawn.length; tree++) {
      drawn[tree] = bits(weights(random(tree)));
    }
    var answered = new AtomicInteger();
    var wrong = new AtomicInteger();
    BatchedWork.run(
        IntStream.range(0, vectors.size()).boxed(),
        BatchedWork.DOCUMENTS,
        context.threads(),
        context.cancelled(),
        () -> new ForestScorer.Worker(forest),
        (worker, number, batch) -> {
          var vector = new SparseVector();
          for (int document : batch) {
            vectors.copy(document, vector);
            worker.spread(vector);
            for (int tree = 0; tree < drawn.length; tree++) {
              if ((drawn[tree][document / 8] >> document % 8 & 1) == 0) {
                worker.add(tree);
              }
            }
            int best = worker.best();
            if (best >= 0) {
              answered.incrementAndGet();
              if (Arrays.binarySearch(vectors.labels(document), best) < 0) {
                wrong.incrementAndGet();
              }
            }
            worker.clear(vector);
          }
        });
    int documents = answered.get();
    return new OutOfBag(documents, documents == 0 ? null : (double) wrong.get() / documents);
  }

  private static byte[] bits(byte[] weights) {
    var bits = new byte[Math.ceilDiv(weights.length, 8)];
    for (int d = 0; d < weights.length; d++) {
      if (weights[d] > 0) {
        bits[d / 8] |= (byte) (1 << d % 8);
      }
    }
    return bits;
  }
}
