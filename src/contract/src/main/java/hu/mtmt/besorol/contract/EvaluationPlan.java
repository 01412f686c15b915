package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * One judgement of a version that is in the store already: wanted when gates were added or changed,
 * or when another version serves than the one it was compared with.
 *
 * @param version which
 * @param taxonomy the subjects
 * @param level subjects below this level count as their ancestor on it, or null
 * @param holdout frozen documents that the version is judged on
 * @param grades from which F1 on a subject counts as learnt
 * @param comparisons which paired comparisons are wanted
 * @param store directory of the model's packages, or their prefix in the bucket
 * @param storeBucket the bucket that {@code store} is in, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationPlan(
    @Required Digest version,
    @Required Source taxonomy,
    @Min(1) @Max(32) Integer level,
    @Required Source holdout,
    @Default(Grades.DEFAULT) Grades grades,
    @Default("[]") @Size(max = 32) List<ComparisonRequest> comparisons,
    @Required String store,
    S3Bucket storeBucket)
    implements JobPlan {

  /** With a store on a volume. */
  public EvaluationPlan(
      Digest version,
      Source taxonomy,
      Integer level,
      Source holdout,
      Grades grades,
      List<ComparisonRequest> comparisons,
      String store) {
    this(version, taxonomy, level, holdout, grades, comparisons, store, null);
  }

  public EvaluationPlan {
    comparisons = comparisons == null ? List.of() : List.copyOf(comparisons);
  }
}
