package hu.mtmt.besorol.corpus;

/**
 * Splits documents off for validation. What happens to a document depends on the seed and on its
 * text alone, so it is the same in every order of the file and on any number of threads, and
 * documents of the same text stay together.
 *
 * @param validationFraction share of the documents that is split off, between 0 and 1: every
 *     document has this chance, so the share that comes out is near it, not exactly it
 * @param seed of the choice
 */
public record Split(double validationFraction, long seed) {
  public Split {
    if (!(validationFraction >= 0 && validationFraction <= 1)) {
      throw new IllegalArgumentException("not a share: " + validationFraction);
    }
  }

  /** Whether a document is split off. */
  public boolean isValidation(Document document) {
    long hash =
        Fingerprint.mix(
            Fingerprint.identity(document) ^ Fingerprint.mix(seed ^ 0x9e3779b97f4a7c15L));
    return (hash >>> 11) * 0x1p-53 < validationFraction;
  }
}
