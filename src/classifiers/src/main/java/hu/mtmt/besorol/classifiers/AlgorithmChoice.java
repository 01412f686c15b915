package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.AlgorithmType;

/**
 * Which family suits data of a size and shape, where nobody says. The bounds follow the measured
 * table of {@code docs/benchmarks.md}: an ensemble was best on every set on which its combination
 * could be learnt.
 *
 * @param type the family
 * @param reason why, to be read by people
 */
public record AlgorithmChoice(AlgorithmType type, String reason) {
  /** With fewer documents nothing can be learnt that names of subjects do not say better. */
  private static final int FEW = 50;

  /** With fewer documents the combination of an ensemble is learnt from too few. */
  private static final int ENOUGH_TO_COMBINE = 500;

  /** With so many documents for each subject, words alone say enough of it. */
  private static final int ENOUGH_FOR_A_SUBJECT = 10;

  /** From here on the cost of a look at every subject is felt. */
  private static final int MANY_SUBJECTS = 5_000;

  private static final int MANY_DOCUMENTS = 1_000_000;

  /**
   * Chooses.
   *
   * @param documents how many training documents have subjects
   * @param subjects how many subjects they have
   */
  public static AlgorithmChoice of(int documents, int subjects) {
    if (documents < FEW) {
      return new AlgorithmChoice(
          AlgorithmType.LABEL_MATCH,
          "%d documents are too few to learn from, so subjects are found by their names"
              .formatted(documents));
    }
    if (subjects > MANY_SUBJECTS || documents > MANY_DOCUMENTS) {
      return new AlgorithmChoice(
          AlgorithmType.BONSAI,
          "with %d documents of %d subjects, trees of subjects keep the cost low"
              .formatted(documents, subjects));
    }
    if (documents < ENOUGH_TO_COMBINE && documents >= ENOUGH_FOR_A_SUBJECT * subjects) {
      return new AlgorithmChoice(
          AlgorithmType.LINEAR,
          "%d documents of %d subjects are enough for one classifier, not for a combination of several"
              .formatted(documents, subjects));
    }
    return new AlgorithmChoice(
        AlgorithmType.ENSEMBLE,
        "%d documents of %d subjects suffice for several classifiers that answer together"
            .formatted(documents, subjects));
  }
}
