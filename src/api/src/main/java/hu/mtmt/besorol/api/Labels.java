package hu.mtmt.besorol.api;

/**
 * Labels and annotations of what Besorol creates. Selectors use them, so their values never change.
 */
public final class Labels {
  public static final String NAME = "app.kubernetes.io/name";
  public static final String INSTANCE = "app.kubernetes.io/instance";
  public static final String COMPONENT = "app.kubernetes.io/component";
  public static final String PART_OF = "app.kubernetes.io/part-of";
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** Name of the ClassifierModel that an object belongs to. */
  public static final String MODEL = ClassifierModel.GROUP + "/model";

  /** Name of the TrainingRun that an object belongs to. */
  public static final String RUN = ClassifierModel.GROUP + "/run";

  /**
   * Annotation: the version that an inference pod serves, that a Service's requests go to, or that
   * a Job judges, as a written digest.
   */
  public static final String VERSION = ClassifierModel.GROUP + "/version";

  /** The first digits of the version that an inference pod serves. */
  public static final String SHORT_VERSION = ClassifierModel.GROUP + "/short-version";

  /**
   * The first digits of the version whose requests an inference pod gets: its own, or in a canary
   * the serving one's.
   */
  public static final String ANSWERS_FOR = ClassifierModel.GROUP + "/answers-for";

  /** Annotation of a Job: the flavor of machine that it was placed on. */
  public static final String FLAVOR = ClassifierModel.GROUP + "/flavor";

  /** Annotation of a Job: why it was placed on that flavor, in a sentence. */
  public static final String PLACED_BECAUSE = ClassifierModel.GROUP + "/placed-because";

  /** Annotation of a Job: UID of the ClassifierModel that it works for. */
  public static final String MODEL_UID = ClassifierModel.GROUP + "/model-uid";

  /** Annotation of an inference pod: the version that was served when it began to be tried. */
  public static final String BASELINE = ClassifierModel.GROUP + "/baseline";

  /** Annotation of a Service: the platform whose pods get its requests. */
  public static final String PLATFORM = ClassifierModel.GROUP + "/platform";

  /** Annotation of a Service: where it can be reached from outside, if somebody made that so. */
  public static final String URL = ClassifierModel.GROUP + "/url";

  /** Value of {@link #PART_OF} and {@link #MANAGED_BY}. */
  public static final String BESOROL = "besorol";

  private Labels() {}

  /** Values of {@link #COMPONENT}. */
  public enum Component {
    TRAINING("training"),
    EVALUATION("evaluation"),
    PRUNING("pruning"),
    INFERENCE("inference");

    private final String value;

    Component(String value) {
      this.value = value;
    }

    public String value() {
      return value;
    }
  }
}
