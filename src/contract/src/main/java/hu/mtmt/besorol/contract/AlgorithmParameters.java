package hu.mtmt.besorol.contract;

/** The parameters of one classifier family. */
public sealed interface AlgorithmParameters
    permits TfidfNearestParameters,
        LinearParameters,
        BonsaiParameters,
        DecisionTreeParameters,
        LabelMatchParameters,
        EnsembleParameters {

  /** How text becomes vectors; null for a family that reads the text itself. */
  default TextFeatures features() {
    return null;
  }
}
