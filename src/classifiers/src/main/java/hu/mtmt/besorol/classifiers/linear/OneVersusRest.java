package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.IndependentParts;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.contract.LinearParameters;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains the classifiers of all labels that have training documents, in groups of {@value
 * Lanes#COUNT} that are independent of each other: see {@link IndependentParts}.
 */
final class OneVersusRest {
  private final LinearParameters parameters;
  private final DocumentVectors vectors;
  private final TrainingContext context;
  private final int[] frequencies;
  private final int[] present;

  /**
   * @param labels how many labels there are
   */
  OneVersusRest(
      LinearParameters parameters, DocumentVectors vectors, int labels, TrainingContext context) {
    this.parameters = parameters;
    this.vectors = vectors;
    this.context = context;
    this.frequencies = vectors.frequencies(labels);
    this.present = IntStream.range(0, labels).filter(l -> frequencies[l] > 0).toArray();
  }

  /**
   * The weights of all groups, in the order of their labels; in a process that does not lead, null
   * for those that others learnt.
   *
   * @param minimumWeight smallest weight that is worth keeping, whatever its sign
   */
  List<LaneWeights> train(float minimumWeight) {
    int groups = Math.ceilDiv(present.length, Lanes.COUNT);
    var trained = new LaneWeights[groups];
    var checkpoints = Checkpoints.open(context, parameters, vectors.checksum(), Lanes.COUNT);
    var progress = new TrainingProgress(context.listener(), groups);
    var order = largestFirst(groups);
    new IndependentParts<>(
            context, checkpoints, LaneWeights::read, (weights, out) -> weights.write(out))
        .run(
            Arrays.stream(order).mapToObj(Integer::toString).toList(),
            () -> this,
            (self, part) -> train(order[part], minimumWeight, progress),
            (part, weights) -> {
              trained[order[part]] = weights;
              progress.finished(order[part]);
            });
    return Arrays.asList(trained);
  }

  /** Groups of many documents take longest: they come first, so that all end at about one time. */
  private int[] largestFirst(int groups) {
    return IntStream.range(0, groups)
        .boxed()
        .sorted(Comparator.comparingLong((Integer g) -> -documents(g)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private long documents(int group) {
    return Arrays.stream(labels(group)).mapToLong(label -> frequencies[label]).sum();
  }

  private int[] labels(int group) {
    int from = group * Lanes.COUNT;
    return Arrays.copyOfRange(present, from, Math.min(from + Lanes.COUNT, present.length));
  }

  private LaneWeights train(int group, float minimumWeight, TrainingProgress progress) {
    return LaneSolver.of(vectors, labels(group), parameters, seed(group))
        .train(
            minimumWeight,
            () -> context.cancelled().getAsBoolean() || Thread.currentThread().isInterrupted(),
            (epoch, loss) -> progress.passed(group, epoch, loss));
  }

  /** Every group draws numbers of its own, whichever thread trains it. */
  private long seed(int group) {
    return ((long) context.seed() << Integer.SIZE) + group;
  }
}
