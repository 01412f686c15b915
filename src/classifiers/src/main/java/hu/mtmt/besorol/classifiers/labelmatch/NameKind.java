package hu.mtmt.besorol.classifiers.labelmatch;

/** What a text says about the subject that it is found by; the more telling first. */
enum NameKind {
  /** The label of the subject. */
  PREFERRED,
  /** Another name of the subject. */
  ALTERNATIVE,
  /** A part of a label that lists several things, as in "Statistics, Probability". */
  PART,
  /** A name of a subject below the level that is told apart, which counts as this one. */
  NARROWER,
  /** What belongs to the subject: its words count, not their order. */
  DESCRIPTION;

  private static final NameKind[] ALL = values();

  static NameKind of(int ordinal) {
    return ALL[ordinal];
  }
}
