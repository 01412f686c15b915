package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * A classifier family and its parameters: a discriminated union, {@code type} and the member of
 * that name.
 *
 * @param type which family
 * @param linear the parameters if it is {@link AlgorithmType#LINEAR}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "(self.type == 'Linear') == has(self.linear)", message = Algorithm.MEMBER)
public record Algorithm(
    @Required
        @JsonPropertyDescription(
            "Which classifier family learns; its parameters stand in the field of that name.")
        AlgorithmType type,
    @JsonPropertyDescription(
            "Parameters of type Linear: one linear classifier per subject on tf-idf features; {}"
                + " takes the defaults.")
        LinearParameters linear)
    implements CrossChecked {

  static final String MEMBER =
      "write the parameters in the field named like the type: type: Linear needs linear ({} takes"
          + " the defaults)";

  @Override
  public List<String> brokenRules() {
    return (type == AlgorithmType.LINEAR) == (linear != null) ? List.of() : List.of(MEMBER);
  }

  /** The family of {@code parameters} with them. */
  public static Algorithm of(AlgorithmParameters parameters) {
    return switch (parameters) {
      case LinearParameters linear -> new Algorithm(AlgorithmType.LINEAR, linear);
    };
  }

  /**
   * The parameters of the member that {@code type} names.
   *
   * @throws BesorolException if the member is missing
   */
  @JsonIgnore
  public AlgorithmParameters parameters() {
    var parameters =
        switch (type) {
          case LINEAR -> linear;
        };
    if (parameters == null) {
      throw BesorolException.plan(
          "algorithm.type is %s, but algorithm has no field for its parameters: add it ({} takes the defaults)."
              .formatted(type.written()));
    }
    return parameters;
  }
}
