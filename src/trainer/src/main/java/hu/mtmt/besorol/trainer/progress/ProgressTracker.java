package hu.mtmt.besorol.trainer.progress;

import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.contract.Progress;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps how far a job is. Each stage has a share of the whole work; the percentage never falls, and
 * the remaining time is estimated from it and smoothed. Thread-safe.
 */
public final class ProgressTracker implements TrainingContext.Listener {
  private static final Map<Stage, Double> TRAINING_WEIGHTS =
      Map.of(
          Stage.READING, 0.06,
          Stage.FEATURES, 0.26,
          Stage.TRAINING, 0.50,
          Stage.CALIBRATING, 0.08,
          Stage.PACKAGING, 0.02,
          Stage.EVALUATING, 0.08);
  private static final Map<Stage, Double> EVALUATION_WEIGHTS =
      Map.of(Stage.READING, 0.2, Stage.EVALUATING, 0.8);

  /** Before this share and this time an estimate would be a guess. */
  private static final double SMALLEST_SHARE = 0.03;

  private static final Duration SHORTEST_TIME = Duration.ofSeconds(2);

  /** How much of a new estimate goes into the smoothed one. */
  private static final double SMOOTHING = 0.2;

  private final Map<Stage, Double> weights;
  private final Clock clock;
  private final Consumer<Progress> observer;
  private final Instant started;

  private Stage stage = Stage.READING;
  private double share;
  private Integer epoch;
  private Double loss;
  private Double totalSeconds;
  private Footprint footprint;
  private Supplier<Optional<Instant>> checkpoint = Optional::empty;
  private Instant updated;

  private ProgressTracker(Map<Stage, Double> weights, Clock clock, Consumer<Progress> observer) {
    this.weights = weights;
    this.clock = clock;
    this.observer = observer;
    this.started = clock.instant();
    this.updated = started;
  }

  /**
   * Of a training.
   *
   * @param observer is told whenever percentage or stage change; must be quick
   */
  public static ProgressTracker ofTraining(Clock clock, Consumer<Progress> observer) {
    return new ProgressTracker(TRAINING_WEIGHTS, clock, observer);
  }

  /**
   * Of a judgement or another short job.
   *
   * @param observer is told whenever percentage or stage change; must be quick
   */
  public static ProgressTracker ofEvaluation(Clock clock, Consumer<Progress> observer) {
    return new ProgressTracker(EVALUATION_WEIGHTS, clock, observer);
  }

  /**
   * Of a check of documents, which is reading.
   *
   * @param observer is told whenever percentage or stage change; must be quick
   */
  public static ProgressTracker ofCheck(Clock clock, Consumer<Progress> observer) {
    return new ProgressTracker(Map.of(Stage.READING, 1.0), clock, observer);
  }

  /**
   * Of a training only to look at what is learnt from.
   *
   * @param observer is told whenever percentage or stage change; must be quick
   */
  public static ProgressTracker ofNoiseCheck(Clock clock, Consumer<Progress> observer) {
    return new ProgressTracker(Map.of(Stage.FEATURES, 0.1, Stage.TRAINING, 0.9), clock, observer);
  }

  @Override
  public synchronized void at(Stage stage, double stageShare, Integer epoch, Double loss) {
    var before = percent();
    var stageBefore = this.stage;
    updated = clock.instant();
    if (stage.compareTo(this.stage) > 0) {
      this.stage = stage;
    }
    share = Math.max(share, shareAt(stage, stageShare));
    this.epoch = epoch == null ? this.epoch : epoch;
    this.loss = loss == null || !Double.isFinite(loss) ? this.loss : loss;
    estimate();
    if (percent() != before || this.stage != stageBefore) {
      observer.accept(current());
    }
  }

  /** A stage without passes and loss. */
  public void at(Stage stage, double stageShare) {
    at(stage, stageShare, null, null);
  }

  /** The data is read, and this is what the training needs. */
  public synchronized void needs(Footprint needed) {
    footprint = needed;
  }

  /** Whoever asks how far it is learns from {@code newest} when a checkpoint was written last. */
  public synchronized void checkpoints(Supplier<Optional<Instant>> newest) {
    checkpoint = newest;
  }

  /** Nothing is left to do. */
  public void done() {
    at(Stage.DONE, 1);
  }

  /** How far it is now. */
  public synchronized Progress current() {
    Integer remaining = null;
    if (stage == Stage.DONE) {
      remaining = 0;
    } else if (totalSeconds != null) {
      remaining = Math.clamp(Math.round(totalSeconds - elapsedSeconds()), 1, Integer.MAX_VALUE);
    }
    return new Progress(
        stage,
        percent(),
        epoch,
        loss,
        remaining,
        Map.of(),
        footprint,
        checkpoint.get().orElse(null),
        updated);
  }

  /** The percentage is rounded down, so 100 means that all is done. */
  private int percent() {
    return stage == Stage.DONE ? 100 : (int) Math.min(99, 100 * share + 1e-9);
  }

  private double shareAt(Stage stage, double stageShare) {
    double before = 0;
    for (var earlier : Stage.values()) {
      if (earlier.compareTo(stage) < 0) {
        before += weights.getOrDefault(earlier, 0.0);
      }
    }
    return before + weights.getOrDefault(stage, 0.0) * Math.clamp(stageShare, 0, 1);
  }

  private void estimate() {
    double elapsed = elapsedSeconds();
    if (share >= SMALLEST_SHARE && elapsed >= SHORTEST_TIME.toSeconds()) {
      double total = elapsed / share;
      totalSeconds =
          totalSeconds == null ? total : totalSeconds + SMOOTHING * (total - totalSeconds);
    }
  }

  private double elapsedSeconds() {
    return Duration.between(started, clock.instant()).toMillis() / 1000.0;
  }
}
