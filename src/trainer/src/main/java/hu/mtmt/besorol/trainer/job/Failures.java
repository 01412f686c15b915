package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Tells what kind of failure something thrown is, and in words for a person. */
public final class Failures {
  private Failures() {}

  /** The failure that {@code thrown} stands for. */
  public static Failure of(Throwable thrown) {
    return switch (thrown) {
      case CancelledException _ ->
          new Failure(
              FailureKind.INTERRUPTED,
              "The work was asked to stop and did. With a directory for checkpoints the next"
                  + " attempt goes on from where it stopped.");
      case OutOfMemoryError e ->
          new Failure(
              FailureKind.DEVICE_MEMORY_EXHAUSTED,
              "The memory is used up (%s; the heap may grow to %d MiB): give it more (BESOROL_JAVA_OPTS=-Xmx…, or a larger flavor)."
                  .formatted(e.getMessage(), Runtime.getRuntime().maxMemory() >> 20));
      case UncheckedIOException e -> machine(e.getCause());
      case RuntimeException e when isOutOfMemory(e) -> of(e.getCause());
      case IOException e -> machine(e);
      default -> Failure.of(thrown);
    };
  }

  /**
   * Whether memory ended. HPPC tells of a hash table that cannot grow in an exception of its own.
   */
  static boolean isOutOfMemory(Throwable thrown) {
    return thrown instanceof OutOfMemoryError || thrown.getCause() instanceof OutOfMemoryError;
  }

  private static Failure machine(IOException e) {
    return new Failure(
        FailureKind.MACHINE_FAILED,
        "A file cannot be read or written (%s): check that its volume is there and has free space."
            .formatted(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
  }
}
