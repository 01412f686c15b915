package hu.mtmt.besorol.evaluation.gates;

/**
 * What a gate says of a version.
 *
 * @param gate its name
 * @param state whether it was passed
 * @param value what was measured, for people; null if nothing was
 * @param wanted what the gate asks for, for people
 */
public record GateOutcome(String gate, State state, String value, String wanted) {

  /** Whether a gate was passed. */
  public enum State {
    PASSED,
    FAILED,
    /** What it needs has not been measured yet. */
    UNMEASURED
  }
}
