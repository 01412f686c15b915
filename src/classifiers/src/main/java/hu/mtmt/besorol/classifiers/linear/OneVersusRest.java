package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.contract.LinearParameters;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains the classifiers of all labels that have training documents, in groups of {@value
 * Lanes#COUNT} that are independent of each other: threads take one after the other, and each is
 * kept in a checkpoint when it is done.
 */
final class OneVersusRest {
  private final LinearParameters parameters;
  private final DocumentVectors vectors;
  private final TrainingContext context;
  private final int[] present;

  /**
   * @param labels how many labels there are
   */
  OneVersusRest(
      LinearParameters parameters, DocumentVectors vectors, int labels, TrainingContext context) {
    this.parameters = parameters;
    this.vectors = vectors;
    this.context = context;
    var frequencies = vectors.frequencies(labels);
    this.present = IntStream.range(0, labels).filter(l -> frequencies[l] > 0).toArray();
  }

  /**
   * The weights of all groups, in the order of their labels.
   *
   * @param minimumWeight smallest weight that is worth keeping, whatever its sign
   */
  List<LaneWeights> train(float minimumWeight) {
    int groups = Math.ceilDiv(present.length, Lanes.COUNT);
    var trained = new LaneWeights[groups];
    var checkpoints = Checkpoints.open(context, parameters, vectors.checksum(), Lanes.COUNT);
    var progress = new TrainingProgress(context.listener(), groups);
    BatchedWork.run(
        IntStream.range(0, groups).boxed(),
        1,
        context.threads(),
        context.cancelled(),
        () -> this,
        (self, group, batch) -> {
          trained[group] = checkpoints.read(Integer.toString(group), LaneWeights::read);
          if (trained[group] == null) {
            trained[group] = train(group, minimumWeight, progress);
            checkpoints.write(Integer.toString(group), trained[group]::write);
          }
          progress.finished(group);
        });
    return List.of(trained);
  }

  private LaneWeights train(int group, float minimumWeight, TrainingProgress progress) {
    int from = group * Lanes.COUNT;
    var labels = Arrays.copyOfRange(present, from, Math.min(from + Lanes.COUNT, present.length));
    return LaneSolver.of(vectors, labels, parameters, seed(group))
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
