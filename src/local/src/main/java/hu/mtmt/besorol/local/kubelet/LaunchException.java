package hu.mtmt.besorol.local.kubelet;

/** A container cannot be started as things are. */
final class LaunchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * Says why.
   *
   * @param reason the one word that a kubelet uses
   * @param message a sentence
   */
  LaunchException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
