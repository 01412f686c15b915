package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingContext.Listener;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Work on the members of an ensemble: on as many at once as there is memory for, beginning with
 * those that need most, which take longest too. Each has as many threads as if it were alone, since
 * a member seldom keeps all of them busy. What members learn does not depend on it.
 */
final class MemberWork {
  /** Estimates are too low rather than too high. */
  private static final int SAFETY = 2;

  private final TrainingContext context;
  private final ModelFiles files;
  private final long[] needs;
  private final int atOnce;

  /** Share of the work on all members. */
  private final double whole;

  /** Share of the work on each member that is done. */
  private final double[] done;

  /**
   * @param needs what the training of each member needs, in bytes
   * @param held what is there anyway, in bytes
   * @param whole share of the training that is the work on members
   */
  MemberWork(long[] needs, long held, double whole, TrainingContext context, ModelFiles files) {
    this.context = context;
    this.files = files;
    this.needs = needs;
    this.atOnce = atOnce(needs, held, context);
    this.whole = whole;
    this.done = new double[needs.length];
  }

  /** So many that any of them fit, but no more than there are threads. */
  private static int atOnce(long[] needs, long held, TrainingContext context) {
    var largestFirst = Arrays.stream(needs).map(n -> -n).sorted().map(n -> -n).toArray();
    int most = Math.min(needs.length, context.threads());
    long sum = held;
    for (int count = 0; count < most; count++) {
      sum += largestFirst[count];
      if (sum > context.heap() / SAFETY) {
        return Math.max(1, count);
      }
    }
    return most;
  }

  /** Works on a member. */
  @FunctionalInterface
  interface Work {
    void on(int member) throws IOException;
  }

  /**
   * Works on every member. The first failure ends it, and the work on others with it.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException if a file cannot be written
   * @throws hu.mtmt.besorol.classifiers.CancelledException if the context asked it to stop
   */
  void forEach(Work work) {
    BatchedWork.run(
        IntStream.range(0, needs.length)
            .boxed()
            .sorted(Comparator.comparing(member -> -needs[member])),
        1,
        atOnce,
        context.cancelled(),
        () -> work,
        (same, number, batch) -> {
          try {
            same.on(batch.getFirst());
          } catch (IOException e) {
            throw files.unwritable(e);
          }
        });
  }

  /**
   * Is told how far the work on a member is.
   *
   * @param from share of it that was done before
   * @param part share of it that is being done
   */
  Listener listener(int member, double from, double part) {
    return (stage, share, epoch, loss) ->
        tell(member, stage, share, from + part * share, epoch, loss);
  }

  private void tell(
      int member, Stage stage, double ofStage, double ofMember, Integer epoch, Double loss) {
    double share = stage == Stage.TRAINING ? reached(member, ofMember) : ofStage;
    context.listener().at(stage, share, epoch, loss);
  }

  /** Notes that so much of the work on a member is done; returns the share of the training. */
  private synchronized double reached(int member, double share) {
    done[member] = Math.max(done[member], share);
    return whole * Arrays.stream(done).sum() / done.length;
  }
}
