package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * One training, complete: whoever has the plan and the files that it names can repeat it.
 *
 * @param taxonomy the subjects
 * @param level subjects below this level of the taxonomy count as their ancestor on it (the roots
 *     are level 1), or null for no roll-up
 * @param training documents to learn from
 * @param validation documents to choose thresholds and calibrate scores on, or null to split them
 *     off the training
 * @param validationFraction share of the training documents that is split off for validation if
 *     {@code validation} is null
 * @param holdout frozen documents that the version is judged on; null on a command line means no
 *     judgement
 * @param duplicates what happens to documents that are in the holdout too
 * @param algorithm what learns
 * @param seed of everything random
 * @param grades from which F1 on a subject counts as learnt
 * @param comparisons which paired comparisons are wanted
 * @param store directory of the model's packages; null on a command line, which names the package
 *     itself
 * @param checkpoints directory, or prefix in the bucket, for checkpoints of this training; null for
 *     none
 * @param storeBucket the bucket that {@code store} and {@code checkpoints} are in, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingPlan(
    @Required Source taxonomy,
    @Min(1) @Max(32) Integer level,
    @Required Source training,
    Source validation,
    @Default("0.1")
        @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(
            value = Rules.VALIDATION_FRACTION,
            message = Rules.VALIDATION_FRACTION_MESSAGE)
        String validationFraction,
    Source holdout,
    @Default("Refuse") DuplicatePolicy duplicates,
    @Required Algorithm algorithm,
    @Default("42") @Min(0) @Max(Integer.MAX_VALUE) Integer seed,
    @Default(Grades.DEFAULT) Grades grades,
    @Default("[]") @Size(max = 32) List<ComparisonRequest> comparisons,
    String store,
    String checkpoints,
    S3Bucket storeBucket)
    implements JobPlan {

  /** With a store on a volume, or none. */
  public TrainingPlan(
      Source taxonomy,
      Integer level,
      Source training,
      Source validation,
      String validationFraction,
      Source holdout,
      DuplicatePolicy duplicates,
      Algorithm algorithm,
      Integer seed,
      Grades grades,
      List<ComparisonRequest> comparisons,
      String store,
      String checkpoints) {
    this(
        taxonomy,
        level,
        training,
        validation,
        validationFraction,
        holdout,
        duplicates,
        algorithm,
        seed,
        grades,
        comparisons,
        store,
        checkpoints,
        null);
  }

  public TrainingPlan {
    comparisons = comparisons == null ? List.of() : List.copyOf(comparisons);
  }
}
