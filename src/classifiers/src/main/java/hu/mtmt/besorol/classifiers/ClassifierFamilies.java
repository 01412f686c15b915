package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.linear.LinearFamily;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.LinearParameters;

/** Finds the family of parameters. */
public final class ClassifierFamilies {
  private ClassifierFamilies() {}

  /** The family that these parameters are of. */
  @SuppressWarnings("unchecked") // each case names the family of exactly these parameters
  public static <P extends AlgorithmParameters> ClassifierFamily<P> of(P parameters) {
    return (ClassifierFamily<P>)
        switch ((AlgorithmParameters) parameters) {
          case LinearParameters linear -> new LinearFamily();
        };
  }
}
