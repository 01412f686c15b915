package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.Progress;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * The surroundings of a training.
 *
 * @param seed of everything random
 * @param threads how many threads may work
 * @param heap how large the heap may grow, in bytes: as far as it suffices, members of an ensemble
 *     are trained at once
 * @param checkpoints directory for checkpoints, which are those of this very plan; null for none
 * @param store the packages of earlier versions, and where what several trainings share may be
 *     kept; null for none
 * @param cancelled whether to write a checkpoint and stop with a {@link CancelledException}
 * @param listener is told how far it is
 * @param team the processes that train together
 */
public record TrainingContext(
    int seed,
    int threads,
    long heap,
    Path checkpoints,
    ModelStore store,
    BooleanSupplier cancelled,
    Listener listener,
    Team team) {

  /** Surroundings of a process that trains alone. */
  public TrainingContext(
      int seed,
      int threads,
      long heap,
      Path checkpoints,
      ModelStore store,
      BooleanSupplier cancelled,
      Listener listener) {
    this(seed, threads, heap, checkpoints, store, cancelled, listener, Team.ALONE);
  }

  /** The same with the heap of this program. */
  public TrainingContext(
      int seed,
      int threads,
      Path checkpoints,
      ModelStore store,
      BooleanSupplier cancelled,
      Listener listener) {
    this(seed, threads, Runtime.getRuntime().maxMemory(), checkpoints, store, cancelled, listener);
  }

  /** Is told how far a training is; called often, from any thread. */
  public interface Listener {
    /**
     * @param stage what is being done
     * @param share of the stage that is done, 0 to 1
     * @param epoch pass over the training documents from 1, or null
     * @param loss of the last pass, or null
     */
    void at(Progress.Stage stage, double share, Integer epoch, Double loss);
  }

  /** The same for a part of the work, with checkpoints of its own. */
  public TrainingContext part(String name, int threads, Listener listener) {
    return new TrainingContext(
        seed,
        threads,
        heap,
        checkpoints == null ? null : checkpoints.resolve(name),
        store,
        cancelled,
        listener,
        team);
  }
}
