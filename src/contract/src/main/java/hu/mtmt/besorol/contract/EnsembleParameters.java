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
            "How scores are combined: Mean (weighted mean), Stacked (boosted trees and a small"
                + " network re-rank the candidates of all members) or Neural (the network alone).")
        Combination combination,
    @Default("3")
        @Min(2)
        @Max(10)
        @JsonPropertyDescription(
            "The training documents are divided into so many parts; Stacked and Neural learn from"
                + " scores that each part gets from members that learnt from the others. Of many"
                + " documents one part of 60,000 is enough.")
        Integer folds)
    implements AlgorithmParameters {

  /** All members read the same features, so that a document is split into words once. */
  private static final String FEATURES =
      """
      {"fields": [{"name": "Title", "separateWeight": "0.5"}, {"name": "Abstract"},
                  {"name": "Keywords"}, {"name": "Journal"}]}\
      """;

  private static final String DEFAULT_MEMBERS =
      "[{\"type\": \"Linear\", \"linear\": {\"features\": "
          + FEATURES
          + "}}, {\"type\": \"TfidfNearest\", \"tfidfNearest\": {\"features\": "
          + FEATURES
          + "}}, {\"type\": \"LabelMatch\", \"labelMatch\": {}}]";

  public EnsembleParameters {
    members = members == null ? null : List.copyOf(members);
  }

  /** How the members' scores become one. */
  public enum Combination {
    /** The weighted mean of calibrated scores; nothing is learnt of single subjects. */
    @JsonProperty("Mean")
    MEAN,
    /** Boosted trees and a network that correct the mean of each candidate. */
    @JsonProperty("Stacked")
    STACKED,
    /** The network alone. */
    @JsonProperty("Neural")
    NEURAL
  }
}
