package hu.mtmt.besorol.inference;

/** Which subjects of a document are wanted. */
public sealed interface Selection {
  /** Those that the model decides for. */
  Selection DECISION = new Decision();

  /** Those that the model decides for, by the rule that was chosen on its validation part. */
  record Decision() implements Selection {}

  /**
   * The best ranked ones.
   *
   * @param limit at most so many
   * @param threshold of at least this score
   */
  record Ranking(int limit, double threshold) implements Selection {}
}
