package hu.mtmt.besorol.contract;

/** The parameters of one classifier family. */
public sealed interface AlgorithmParameters
    permits TfidfNearestParameters,
        LinearParameters,
        BonsaiParameters,
        DecisionTreeParameters,
        LabelMatchParameters,
        EnsembleParameters {}
