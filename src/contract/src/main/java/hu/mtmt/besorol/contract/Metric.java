package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a version can be measured by. The formulas are in {@code hu.mtmt.besorol.evaluation}; here
 * is what gates, statuses and reports need to know of each.
 */
public enum Metric {
  /** Micro precision over all (document, subject) pairs: |T∩P| / |P|. */
  STRICT_PRECISION("StrictPrecision", Unit.SHARE, true),
  /** Micro recall over all (document, subject) pairs: |T∩P| / |T|. */
  STRICT_RECALL("StrictRecall", Unit.SHARE, true),
  /** Harmonic mean of strict precision and strict recall. */
  STRICT_F1("StrictF1", Unit.SHARE, true),
  /** Strict precision where a wrong subject with the parent of a true one counts one half. */
  LENIENT_PRECISION("LenientPrecision", Unit.SHARE, true),
  /** Harmonic mean of lenient precision and strict recall. */
  LENIENT_F1("LenientF1", Unit.SHARE, true),
  /** Mean over subjects that occur in the holdout of each subject's own F1. */
  MACRO_F1("MacroF1", Unit.SHARE, true),
  /** Mean over documents of each document's own F1. */
  DOCUMENT_F1("DocumentF1", Unit.SHARE, true),
  /** Micro F1 over the subjects and all their ancestors. */
  HIERARCHICAL_F1("HierarchicalF1", Unit.SHARE, true),
  /**
   * Mean over documents of the normalised discounted cumulative gain of the ten best ranked
   * subjects.
   */
  NDCG_AT_10("NdcgAt10", Unit.SHARE, true),
  /** Share of documents whose best ranked subject is true. */
  PRECISION_AT_1("PrecisionAt1", Unit.SHARE, true),
  /** Mean share of true subjects among the three best ranked. */
  PRECISION_AT_3("PrecisionAt3", Unit.SHARE, true),
  /** Mean share of true subjects among the five best ranked. */
  PRECISION_AT_5("PrecisionAt5", Unit.SHARE, true),
  /**
   * Expected calibration error of the scores: mean distance of a score from the share of right
   * subjects at it.
   */
  CALIBRATION_ERROR("CalibrationError", Unit.SHARE, false),
  /** Number of subjects graded green. */
  GREEN_SUBJECTS("GreenSubjects", Unit.COUNT, true),
  /** Number of subjects graded red. */
  RED_SUBJECTS("RedSubjects", Unit.COUNT, false),
  /**
   * Time to answer one document, 95th percentile, in milliseconds, measured in the pod that judges.
   */
  LATENCY_P95_MILLIS("LatencyP95Millis", Unit.MILLISECONDS, false),
  /** Size of the package in MiB. */
  PACKAGE_MIB("PackageMiB", Unit.MEBIBYTES, false);

  /** What a value of a metric counts. */
  public enum Unit {
    /** A number from 0 to 1. */
    SHARE,
    /** A whole number of things. */
    COUNT,
    MILLISECONDS,
    MEBIBYTES
  }

  private final String written;
  private final Unit unit;
  private final boolean higherBetter;

  Metric(String written, Unit unit, boolean higherBetter) {
    this.written = written;
    this.unit = unit;
    this.higherBetter = higherBetter;
  }

  public Unit unit() {
    return unit;
  }

  /** Whether a larger value is the better one. */
  public boolean higherBetter() {
    return higherBetter;
  }

  /**
   * Whether two versions can be compared by this metric on the same documents with a paired
   * bootstrap: it must be a function of the documents' answers alone.
   */
  public boolean comparable() {
    return unit == Unit.SHARE && this != CALIBRATION_ERROR;
  }

  /** Whether the same package on the same documents always has the same value: not so for times. */
  public boolean reproducible() {
    return unit != Unit.MILLISECONDS;
  }

  /** The name in documents and manifests: {@code StrictF1}. */
  @JsonValue
  public String written() {
    return written;
  }

  /**
   * The metric of that written name.
   *
   * @throws IllegalArgumentException if there is none; the message names those that exist
   */
  public static Metric ofWritten(String name) {
    return Arrays.stream(values())
        .filter(m -> m.written.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is not a metric: write one of %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Metric::written)
                                .collect(Collectors.joining(", ")))));
  }
}
