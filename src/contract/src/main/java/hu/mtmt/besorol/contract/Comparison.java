package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/**
 * Two versions on the same documents: paired bootstrap over documents (Efron and Tibshirani 1993,
 * chapter 13; for text classifiers Berg-Kirkpatrick et al. 2012).
 *
 * @param metric by what
 * @param baseline the version compared with
 * @param confidence of the interval
 * @param difference value of the judged version minus value of the baseline
 * @param lower lower end of the percentile interval of the difference
 * @param upper upper end
 * @param documents how many documents both answered
 * @param obstacle why there is no comparison (other subjects, package gone), or null if there is
 *     one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Comparison(
    @Required Metric metric,
    @Required Digest baseline,
    @Required String confidence,
    Double difference,
    Double lower,
    Double upper,
    Integer documents,
    String obstacle)
    implements CrossChecked {

  @Override
  public List<String> brokenRules() {
    boolean figures = difference != null && lower != null && upper != null;
    return figures == (obstacle == null)
        ? List.of()
        : List.of("write either difference, lower and upper, or the obstacle to comparing");
  }

  /** The request that this comparison answers. */
  public ComparisonRequest request() {
    return new ComparisonRequest(metric, baseline, confidence);
  }
}
