package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a version must reach before it may serve: a bound for a metric, or a bound for its loss
 * against the serving version.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "[has(self.minimum), has(self.maximum), has(self.versusServing)].filter(b, b).size() == 1",
    message = Gate.ONE_BOUND)
@ValidationRule(
    value =
        "!has(self.versusServing) || !(self.metric in ['CalibrationError', 'GreenSubjects',"
            + " 'RedSubjects', 'LatencyP95Millis', 'PackageMiB'])",
    message = Gate.COMPARABLE)
public record Gate(
    @Required
        @Size(min = 1, max = 63)
        @ValidationRule(
            value = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
            message = "write lower-case letters, digits and hyphens")
        @JsonPropertyDescription("Name of the gate in statuses and events.")
        String name,
    @Required
        @JsonPropertyDescription(
            "What is measured on the holdout. Shares such as StrictF1 go from 0 to 1;"
                + " LatencyP95Millis is in milliseconds; PackageMiB is in MiB.")
        Metric metric,
    @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.NOT_NEGATIVE, message = Rules.NOT_NEGATIVE_MESSAGE)
        @JsonPropertyDescription(
            "The metric must be at least this. A decimal number of 0 or more, in quotes.")
        String minimum,
    @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.NOT_NEGATIVE, message = Rules.NOT_NEGATIVE_MESSAGE)
        @JsonPropertyDescription(
            "The metric must be at most this. A decimal number of 0 or more, in quotes.")
        String maximum,
    @JsonPropertyDescription(
            "The metric must not be lost against the version that serves, on the same documents"
                + " (paired bootstrap). Passed while nothing serves.")
        VersusServing versusServing)
    implements CrossChecked {

  static final String ONE_BOUND =
      "write exactly one of minimum, maximum and versusServing; a second bound is a gate of its"
          + " own";
  static final String COMPARABLE =
      "versusServing compares answers document by document; for this metric write minimum or"
          + " maximum";

  @Override
  public List<String> brokenRules() {
    var broken = new ArrayList<String>();
    if (Stream.of(minimum, maximum, versusServing).filter(Objects::nonNull).count() != 1) {
      broken.add(ONE_BOUND);
    }
    if (versusServing != null && !metric.comparable()) {
      broken.add(COMPARABLE);
    }
    return broken;
  }

  /** A bound for the loss against the serving version. */
  public record VersusServing(
      @Default("0")
          @Size(max = Rules.DECIMAL_LENGTH)
          @ValidationRule(value = Rules.SHARE, message = Rules.SHARE_MESSAGE)
          @JsonPropertyDescription(
              "Largest loss that is accepted: the lower end of the interval of the difference must"
                  + " not be below minus this. A decimal number from 0 to 1, in quotes.")
          String maxLoss,
      @Default("0.95")
          @Size(max = Rules.DECIMAL_LENGTH)
          @ValidationRule(value = Rules.CONFIDENCE, message = Rules.CONFIDENCE_MESSAGE)
          @JsonPropertyDescription("Confidence of the interval, from 0.5 to below 1, in quotes.")
          String confidence) {}
}
