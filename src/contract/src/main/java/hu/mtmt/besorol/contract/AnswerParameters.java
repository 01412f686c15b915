package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * How the scores of a classifier become answers; the same for every family. What is chosen here is
 * chosen on the validation documents.
 *
 * @param objective what thresholds are chosen for
 * @param thresholds one for all subjects, or one for each
 * @param maximumSubjects the longest answer
 * @param calibration how raw scores become probabilities
 * @param consistent whether answers keep to the tree
 * @param backOffBelow where answers keep to the tree: a subject with a smaller score gives way to
 *     its parent
 */
public record AnswerParameters(
    @Default("StrictF1")
        @JsonPropertyDescription(
            "What thresholds are chosen for on the validation documents: StrictF1, LenientF1 or"
                + " MacroF1.")
        Objective objective,
    @Default("Global")
        @JsonPropertyDescription(
            "Global: one threshold for all subjects. PerSubject: one for each, drawn towards the"
                + " common one where a subject has few documents.")
        Thresholds thresholds,
    @Default("10")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription("Largest number of subjects in an answer.")
        Integer maximumSubjects,
    @Default("Platt")
        @JsonPropertyDescription(
            "How scores become probabilities: Platt (a sigmoid; few documents suffice) or Isotonic"
                + " (any rising steps; wants about 1,000 validation documents).")
        CalibrationMethod calibration,
    @Default("false")
        @JsonPropertyDescription(
            "Whether answers keep to the tree: an ancestor is never less likely than its"
                + " descendants.")
        Boolean consistent,
    @Default("0")
        @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.SHARE, message = Rules.SHARE_MESSAGE)
        @JsonPropertyDescription(
            "With consistent: a subject with a score below this gives way to its parent. A decimal"
                + " number from 0 to 1, in quotes.")
        String backOffBelow) {

  /** What thresholds are chosen for. */
  public enum Objective {
    @JsonProperty("StrictF1")
    STRICT_F1,
    @JsonProperty("LenientF1")
    LENIENT_F1,
    @JsonProperty("MacroF1")
    MACRO_F1
  }

  /** For whom a threshold holds. */
  public enum Thresholds {
    @JsonProperty("Global")
    GLOBAL,
    @JsonProperty("PerSubject")
    PER_SUBJECT
  }

  /** How raw scores become probabilities. */
  public enum CalibrationMethod {
    @JsonProperty("Platt")
    PLATT,
    @JsonProperty("Isotonic")
    ISOTONIC
  }

  /** {@link #backOffBelow} as a number. */
  public double backOffBelowValue() {
    return Double.parseDouble(backOffBelow);
  }
}
