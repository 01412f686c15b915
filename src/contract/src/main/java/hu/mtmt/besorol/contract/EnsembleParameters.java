package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * Parameters of the family {@code Ensemble}: several classifiers that answer together.
 *
 * @param members the classifiers
 * @param combination how their scores become one
 * @param folds in how many parts the training documents are divided, each scored by members that
 *     learnt from the others
 */
public record EnsembleParameters(
    @Default(DEFAULT_MEMBERS)
        @Size(min = 1, max = 16)
        @JsonPropertyDescription(
            "The classifiers that answer together: each an algorithm, or the version of an earlier"
                + " run.")
        List<EnsembleMember> members,
    @Default("Stacked")
        @JsonPropertyDescription(
            "How scores are combined: Mean (weighted mean), Stacked (boosted trees re-rank the"
                + " candidates of all members) or Neural (a small network over all scores).")
        Combination combination,
    @Default("3")
        @Min(2)
        @Max(10)
        @JsonPropertyDescription(
            "The training documents are divided into so many parts; the combination learns from"
                + " scores that each part gets from members that learnt from the others.")
        Integer folds)
    implements AlgorithmParameters {

  private static final String DEFAULT_MEMBERS =
      """
      [{"type": "Linear", "linear": {}},
       {"type": "Bonsai", "bonsai": {}},
       {"type": "TfidfNearest", "tfidfNearest": {}},
       {"type": "LabelMatch", "labelMatch": {}}]\
      """;

  public EnsembleParameters {
    members = members == null ? null : List.copyOf(members);
  }

  /** How the members' scores become one. */
  public enum Combination {
    @JsonProperty("Mean")
    MEAN,
    @JsonProperty("Stacked")
    STACKED,
    @JsonProperty("Neural")
    NEURAL
  }
}
