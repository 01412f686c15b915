package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.AlgorithmParameters;

/** Finds the family of parameters. */
public final class ClassifierFamilies {
  private ClassifierFamilies() {}

  /** The family that these parameters are of. */
  @SuppressWarnings("unchecked")
  public static <P extends AlgorithmParameters> ClassifierFamily<P> of(P parameters) {
    throw new UnsupportedOperationException("not written yet");
  }
}
