package hu.mtmt.besorol.classifiers;

/** A training was asked to stop and did; what it had finished is in the checkpoint. */
public final class CancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CancelledException() {
    super("the training was asked to stop", null, false, false);
  }
}
