package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * From which F1 on a subject counts as learnt. A subject with fewer holdout documents than {@code
 * minimumDocuments} is blue: nothing can be said of it.
 *
 * @param green F1 from which on a subject is green
 * @param yellow F1 from which on a subject is yellow; below it is red
 * @param minimumDocuments fewest holdout documents that a grade can rest on
 */
@ValidationRule(value = "double(self.yellow) <= double(self.green)", message = Grades.ORDER)
public record Grades(
    @Default("0.7")
        @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.SHARE, message = Rules.SHARE_MESSAGE)
        @JsonPropertyDescription(
            "F1 from which on a subject is green. A decimal number from 0 to 1, in quotes.")
        String green,
    @Default("0.4")
        @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.SHARE, message = Rules.SHARE_MESSAGE)
        @JsonPropertyDescription(
            "F1 from which on a subject is yellow; below it is red. A decimal number from 0 to 1,"
                + " in quotes.")
        String yellow,
    @Default("1")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
            "Fewest documents of a subject in the holdout that a grade can rest on; a subject with"
                + " fewer is blue.")
        Integer minimumDocuments)
    implements CrossChecked {

  static final String ORDER = "yellow must not be larger than green";

  /** The grades of a model that names none, as a default in a schema. */
  public static final String DEFAULT =
      "{\"green\": \"0.7\", \"yellow\": \"0.4\", \"minimumDocuments\": 1}";

  /** What is to be thought of a subject. */
  public enum Grade {
    @JsonProperty("Green")
    GREEN,
    @JsonProperty("Yellow")
    YELLOW,
    @JsonProperty("Red")
    RED,
    /** Too few documents to judge it by. */
    @JsonProperty("Blue")
    BLUE
  }

  @Override
  public List<String> brokenRules() {
    return Double.parseDouble(yellow) <= Double.parseDouble(green) ? List.of() : List.of(ORDER);
  }

  /** The grade of a subject with {@code documents} in the holdout and this F1. */
  public Grade grade(int documents, double f1) {
    if (documents < minimumDocuments) {
      return Grade.BLUE;
    }
    if (f1 >= Double.parseDouble(green)) {
      return Grade.GREEN;
    }
    return f1 >= Double.parseDouble(yellow) ? Grade.YELLOW : Grade.RED;
  }
}
