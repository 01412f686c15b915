package hu.mtmt.besorol.trainer.progress;

import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells of several jobs, one after the other, as of one. Jobs that an earlier attempt finished take
 * no time and do not count for the time that is left.
 */
public final class Steps {
  /** Before so much is done an estimate would be a guess. */
  private static final double SMALLEST_SHARE = 0.02;

  private final Clock clock;
  private final Consumer<Progress> observer;
  private Instant started;
  private double doneBefore;

  /**
   * @param observer is told how far all of them are
   */
  public Steps(Clock clock, Consumer<Progress> observer) {
    this.clock = clock;
    this.observer = observer;
  }

  /**
   * The observer of a step.
   *
   * @param before the share of the whole that the steps before it were
   * @param share its own share of the whole
   */
  public Consumer<Progress> step(double before, double share) {
    return progress -> {
      if (progress.stage() != Stage.DONE) {
        tell(progress, before + share * progress.percent() / 100);
      }
    };
  }

  private synchronized void tell(Progress progress, double done) {
    if (started == null) {
      started = clock.instant();
      doneBefore = done;
    }
    observer.accept(
        new Progress(
            progress.stage(),
            (int) Math.min(99, 100 * done),
            progress.epoch(),
            progress.loss(),
            remainingSeconds(done),
            Map.of(),
            progress.footprint(),
            progress.checkpointTime(),
            progress.lastUpdatedTime()));
  }

  private Integer remainingSeconds(double done) {
    double own = done - doneBefore;
    if (own < SMALLEST_SHARE) {
      return null;
    }
    double seconds = Duration.between(started, clock.instant()).toMillis() / 1000.0;
    return (int) Math.ceil(seconds * (1 - done) / own);
  }
}
