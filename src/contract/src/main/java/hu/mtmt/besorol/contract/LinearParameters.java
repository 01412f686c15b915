package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Parameters of the family {@code Linear}: for every subject one L2-regularised linear classifier
 * that tells its documents from all others (one versus rest). The objective for one subject, with
 * labels y = ±1 and loss ℓ, is ½‖w‖² + C Σ ℓ(y wᵀx).
 *
 * @param loss ℓ
 * @param cost C: the weight of the training documents against the regularisation
 * @param tolerance when to stop: the largest violation of the optimality conditions that is left,
 *     as in LIBLINEAR
 * @param maximumEpochs when to stop at the latest: passes over the training documents
 * @param features how text becomes a vector
 */
public record LinearParameters(
    @Default("SquaredHinge")
        @JsonPropertyDescription(
            "Loss that the training minimises: SquaredHinge (linear support vector machine),"
                + " Logistic (logistic regression), PassiveAggressive (on-line updates, a few fast"
                + " passes), or CrammerSinger (all subjects at once, for documents of one subject"
                + " each).")
        Loss loss,
    @Default("1.0")
        @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.POSITIVE, message = Rules.POSITIVE_MESSAGE)
        @JsonPropertyDescription(
            "Weight C of the training documents against the regularisation. Larger fits the"
                + " training documents more closely. A decimal number above 0, in quotes.")
        String cost,
    @Default("0.3")
        @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.POSITIVE, message = Rules.POSITIVE_MESSAGE)
        @JsonPropertyDescription(
            "Training of a subject stops when no optimality condition is violated by more than"
                + " this. Smaller is slower and more exact. A decimal number above 0, in quotes.")
        String tolerance,
    @Default("200")
        @Min(1)
        @Max(10_000)
        @JsonPropertyDescription(
            "Training of a subject stops after this many passes over the documents at the latest.")
        Integer maximumEpochs,
    @Default("{}") @JsonPropertyDescription("How the text of a document becomes a vector.")
        TextFeatures features)
    implements AlgorithmParameters {

  /** What a wrong or barely right answer costs, as a function of the margin m = y wᵀx. */
  public enum Loss {
    /** max(0, 1 − m)². */
    @JsonProperty("SquaredHinge")
    SQUARED_HINGE,
    /** log(1 + e⁻ᵐ). */
    @JsonProperty("Logistic")
    LOGISTIC,
    /**
     * On-line updates by the smallest change that gives margin 1, at most C (Crammer et al. 2006,
     * PA-I).
     */
    @JsonProperty("PassiveAggressive")
    PASSIVE_AGGRESSIVE,
    /**
     * max(0, 1 − (wᵧ − wᵣ)ᵀx) for the best other label r: all labels are learnt together, each
     * document has one (Crammer and Singer 2001).
     */
    @JsonProperty("CrammerSinger")
    CRAMMER_SINGER
  }

  /** {@link #cost} as a number. */
  public double costValue() {
    return Double.parseDouble(cost);
  }

  /** {@link #tolerance} as a number. */
  public double toleranceValue() {
    return Double.parseDouble(tolerance);
  }
}
