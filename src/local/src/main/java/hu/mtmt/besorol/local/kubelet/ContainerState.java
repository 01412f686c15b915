package hu.mtmt.besorol.local.kubelet;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a container at an instant.
 *
 * @param name of the container
 * @param phase what it is doing
 * @param last how it ended the last time, if it was started again or is about to be
 * @param restarts how often it was started again
 * @param started whether its startup probe, if it has one, has succeeded
 * @param ready whether its readiness probe, if it has one, succeeds
 */
record ContainerState(
    String name, Phase phase, Optional<Ended> last, int restarts, boolean started, boolean ready) {

  /** What a container is doing. */
  sealed interface Phase {}

  /**
   * It does not run yet, or not again.
   *
   * @param reason one word
   * @param message a sentence, or empty
   */
  record Waiting(String reason, String message) implements Phase {}

  /** It runs. */
  record Running(Instant since) implements Phase {}

  /** It has ended, for good if it is the {@link #phase}. */
  record Ended(int exitCode, String reason, String message, Instant started, Instant finished)
      implements Phase {}

  static ContainerState creating(String name, int restarts) {
    return new ContainerState(
        name, new Waiting("ContainerCreating", ""), Optional.empty(), restarts, false, false);
  }

  boolean ended() {
    return phase instanceof Ended;
  }
}
