package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.TrainingContext.Listener;
import hu.mtmt.besorol.contract.Progress.Stage;

/**
 * How far the training of all lane groups is. How many passes a group needs is not known before, so
 * each pass counts for a tenth of what was left of its group. Thread-safe.
 */
final class TrainingProgress {
  private static final double SHARE_OF_PASS = 0.1;

  private final Listener listener;
  private final double[] done;

  TrainingProgress(Listener listener, int groups) {
    this.listener = listener;
    this.done = new double[groups];
  }

  synchronized void passed(int group, int epoch, double loss) {
    done[group] += (1 - done[group]) * SHARE_OF_PASS;
    listener.at(Stage.TRAINING, share(), epoch, loss);
  }

  synchronized void finished(int group) {
    done[group] = 1;
    listener.at(Stage.TRAINING, share(), null, null);
  }

  private double share() {
    double sum = 0;
    for (double share : done) {
      sum += share;
    }
    return sum / done.length;
  }
}
