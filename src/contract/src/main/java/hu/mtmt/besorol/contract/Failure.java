package hu.mtmt.besorol.contract;

/**
 * A failure as it crosses a process boundary.
 *
 * @param kind whose failure it is
 * @param message what is wrong, where, and what to do: a sentence for a person
 */
public record Failure(FailureKind kind, String message) {
  /** The longest message that is passed on, in characters; longer ones are cut. */
  public static final int MAXIMUM_LENGTH = 1024;

  public Failure {
    if (message != null && message.length() > MAXIMUM_LENGTH) {
      message = message.substring(0, MAXIMUM_LENGTH - 1) + "…";
    }
  }

  /**
   * What is told of {@code thrown}: itself if it was written for a person, otherwise a defect of
   * the program.
   */
  public static Failure of(Throwable thrown) {
    return thrown instanceof BesorolException e
        ? new Failure(e.kind(), e.getMessage())
        : new Failure(FailureKind.PROGRAM_FAILED, "Unexpected " + thrown);
  }
}
