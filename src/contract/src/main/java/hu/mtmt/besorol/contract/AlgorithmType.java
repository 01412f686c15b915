package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonValue;

/** The classifier families. */
public enum AlgorithmType {
  /** The nearest centroids of subjects in tf-idf space. */
  TFIDF_NEAREST("TfidfNearest", TfidfNearestParameters.class),
  /** One-versus-rest linear classifier on tf-idf features. */
  LINEAR("Linear", LinearParameters.class),
  /** Partitioned label trees with linear classifiers in their nodes. */
  BONSAI("Bonsai", BonsaiParameters.class),
  /** A decision tree, or a forest of them. */
  DECISION_TREE("DecisionTree", DecisionTreeParameters.class),
  /** Subjects whose labels occur in the text. */
  LABEL_MATCH("LabelMatch", LabelMatchParameters.class),
  /** Several classifiers that answer together. */
  ENSEMBLE("Ensemble", EnsembleParameters.class);

  private final String written;
  private final Class<? extends Record> parameters;

  <P extends Record & AlgorithmParameters> AlgorithmType(String written, Class<P> parameters) {
    this.written = written;
    this.parameters = parameters;
  }

  /**
   * The name in documents and manifests; its parameters stand in the field of that name in lower
   * camel case.
   */
  @JsonValue
  public String written() {
    return written;
  }

  /** The field of an algorithm in which the parameters stand. */
  public String field() {
    return Character.toLowerCase(written.charAt(0)) + written.substring(1);
  }

  /** The parameters that hold where nothing is written. */
  public AlgorithmParameters defaults() {
    return (AlgorithmParameters) ContractJson.defaults(parameters);
  }

  /**
   * Whether several processes, each on a node of its own, can train one version together, see
   * {@link ProcessGroup}. Parameters may speak against it: {@link Algorithm#trainsOnManyNodes}.
   */
  public boolean trainsOnManyNodes() {
    return switch (this) {
      case LINEAR, BONSAI -> true;
      case TFIDF_NEAREST, DECISION_TREE, LABEL_MATCH, ENSEMBLE -> false;
    };
  }

  /** As {@link #written}: what a command line shows and takes. */
  @Override
  public String toString() {
    return written;
  }
}
