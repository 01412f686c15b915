package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import hu.mtmt.besorol.contract.Metric;
import java.util.List;

/**
 * What was measured of a version, as far as gates need it: the contract's Judgement with numbers as
 * text.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JudgementStatus(
    @JsonPropertyDescription(
            "What the figures rest on: a digest over holdout, taxonomy, level and grades. When"
                + " those of the model differ, the version is judged again.")
        String basis,
    @JsonPropertyDescription("Every metric's value.") List<Figure> figures,
    @JsonPropertyDescription("Comparisons with versions that served.")
        List<ComparisonStatus> comparisons) {

  public JudgementStatus {
    figures = figures == null ? List.of() : List.copyOf(figures);
    comparisons = comparisons == null ? List.of() : List.copyOf(comparisons);
  }

  /** A metric's value. */
  public record Figure(
      @JsonPropertyDescription("Name of the metric.") Metric name,
      @JsonPropertyDescription("Its value.") String value) {}

  /** A paired comparison on the holdout. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ComparisonStatus(
      @JsonPropertyDescription("By which metric.") Metric metric,
      @JsonPropertyDescription("Version compared with.") String baseline,
      @JsonPropertyDescription("Confidence of the interval.") String confidence,
      @JsonPropertyDescription("Value of this version minus value of the baseline.")
          String difference,
      @JsonPropertyDescription("Lower end of the interval of the difference.") String lower,
      @JsonPropertyDescription("Upper end of the interval of the difference.") String upper,
      @JsonPropertyDescription("How many documents both answered.") Integer documents,
      @JsonPropertyDescription("Why the two cannot be compared. Absent: they can.")
          String obstacle) {}
}
