package hu.mtmt.besorol.contract;

import java.util.Objects;

/**
 * A failure that is told to a person: its message is a complete sentence that says what is wrong,
 * where, and what to do. Anything else that is thrown counts as a defect of the program.
 */
public final class BesorolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;

  public BesorolException(FailureKind kind, String message) {
    this(kind, message, null);
  }

  public BesorolException(FailureKind kind, String message, Throwable cause) {
    super(Objects.requireNonNull(message), cause);
    this.kind = Objects.requireNonNull(kind);
  }

  /** A wrong plan, manifest or command line. */
  public static BesorolException plan(String message) {
    return new BesorolException(FailureKind.PLAN_INVALID, message);
  }

  /** Wrong data. */
  public static BesorolException data(String message) {
    return new BesorolException(FailureKind.DATA_INVALID, message);
  }

  /** A failing machine: disk, volume, network. */
  public static BesorolException machine(String message, Throwable cause) {
    return new BesorolException(FailureKind.MACHINE_FAILED, message, cause);
  }

  public FailureKind kind() {
    return kind;
  }
}
