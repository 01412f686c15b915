package hu.mtmt.besorol.contract;

import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * A paired comparison that a gate needs.
 *
 * @param metric by what; it must be {@link Metric#comparable}
 * @param baseline the version to compare with, in the same store
 * @param confidence of the interval, such as {@code "0.95"}
 */
public record ComparisonRequest(
    @Required Metric metric,
    @Required Digest baseline,
    @Required
        @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.CONFIDENCE, message = Rules.CONFIDENCE_MESSAGE)
        String confidence)
    implements CrossChecked {

  @Override
  public List<String> brokenRules() {
    return metric.comparable()
        ? List.of()
        : List.of(
            metric.written() + " cannot be compared: it is no function of the documents' answers");
  }
}
