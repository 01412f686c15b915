package hu.mtmt.besorol.inference;

/** Which subjects of a document are wanted, and whether with reasons. */
public sealed interface Selection {
  /** Whether it is wanted what decided. */
  boolean explain();

  /** The same without reasons. */
  default Selection withoutReasons() {
    return switch (this) {
      case Decision _ -> new Decision(false);
      case Ranking(int limit, double threshold, boolean _) -> new Ranking(limit, threshold, false);
    };
  }

  /** Those that the model decides for, by the rule that was chosen on its validation part. */
  record Decision(boolean explain) implements Selection {}

  /**
   * The best ranked ones.
   *
   * @param limit at most so many
   * @param threshold of at least this score
   */
  record Ranking(int limit, double threshold, boolean explain) implements Selection {}
}
