package hu.mtmt.besorol.classifiers.labelmatch;

/** What the variables of a candidate count before any document was seen. */
final class PriorWeights {
  private PriorWeights() {}

  static double[] get() {
    return new double[LabelWeights.VARIABLES];
  }
}
