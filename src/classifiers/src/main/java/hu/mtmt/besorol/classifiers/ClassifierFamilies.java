package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.bonsai.BonsaiFamily;
import hu.mtmt.besorol.classifiers.ensemble.EnsembleFamily;
import hu.mtmt.besorol.classifiers.labelmatch.LabelMatchFamily;
import hu.mtmt.besorol.classifiers.linear.LinearFamily;
import hu.mtmt.besorol.classifiers.nearest.TfidfNearestFamily;
import hu.mtmt.besorol.classifiers.trees.DecisionTreeFamily;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.DecisionTreeParameters;
import hu.mtmt.besorol.contract.EnsembleParameters;
import hu.mtmt.besorol.contract.LabelMatchParameters;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.TfidfNearestParameters;

/** Finds the family of parameters. */
public final class ClassifierFamilies {
  private ClassifierFamilies() {}

  /** The family that these parameters are of. */
  @SuppressWarnings("unchecked") // each case names the family of exactly these parameters
  public static <P extends AlgorithmParameters> ClassifierFamily<P> of(P parameters) {
    return (ClassifierFamily<P>)
        switch ((AlgorithmParameters) parameters) {
          case TfidfNearestParameters p -> new TfidfNearestFamily();
          case LinearParameters p -> new LinearFamily();
          case BonsaiParameters p -> new BonsaiFamily();
          case DecisionTreeParameters p -> new DecisionTreeFamily();
          case LabelMatchParameters p -> new LabelMatchFamily();
          case EnsembleParameters p -> new EnsembleFamily();
        };
  }

  /** Whether it can propose subjects that have no training document. */
  public static boolean proposesUnlearnt(AlgorithmParameters parameters) {
    return switch (parameters) {
      case LabelMatchParameters p -> true;
      case EnsembleParameters p ->
          p.membersFor(Integer.MAX_VALUE).stream().anyMatch(m -> m.labelMatch() != null);
      default -> false;
    };
  }
}
