package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Parameters of the family {@code Ensemble}: several classifiers that answer together.
 *
 * @param members the classifiers, or null for those that suit the number of documents, see {@link
 *     #membersFor}
 * @param combination how their scores become one
 * @param folds in how many parts the training documents are divided, each scored by members that
 *     learnt from the others
 */
public record EnsembleParameters(
    @Size(min = 1, max = 16)
        @JsonPropertyDescription(
            "The classifiers that answer together: each an algorithm, or the version of an earlier"
                + " run. If it is not given, Linear, TfidfNearest and LabelMatch, and of at most"
                + " 100,000 training documents a Linear on words and parts of words.")
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

  /** Of more training documents, characters take too much time and memory. */
  private static final int MOST_FOR_CHARACTERS = 100_000;

  /** The members that are on words read the same features: a document becomes a vector once. */
  private static final String WORDS =
      """
      {"fields": [{"name": "Title", "separateWeight": "0.5"}, {"name": "Abstract"},
                  {"name": "Keywords"}, {"name": "Journal"}]}\
      """;

  private static final String ON_WORDS =
      """
      {"members": [{"type": "Linear", "linear": {"features": %1$s}},
                   {"type": "TfidfNearest", "tfidfNearest": {"features": %1$s}},
                   {"type": "LabelMatch", "labelMatch": {}}]}\
      """
          .formatted(WORDS);

  private static final String ON_CHARACTERS =
      """
      {"members": [{"type": "Linear", "linear": {"features":
          {"words": {"minimum": 1, "maximum": 1},
           "characters": {"minimum": 5, "maximum": 5, "languages": "All"}}}}]}\
      """;

  public EnsembleParameters {
    members = members == null ? null : List.copyOf(members);
  }

  /**
   * The classifiers that answer together.
   *
   * @param documents how many documents they learn from
   */
  public List<EnsembleMember> membersFor(int documents) {
    if (members != null) {
      return members;
    }
    var chosen = new ArrayList<>(membersOf(ON_WORDS));
    if (documents <= MOST_FOR_CHARACTERS) {
      chosen.addAll(membersOf(ON_CHARACTERS));
    }
    return List.copyOf(chosen);
  }

  private static List<EnsembleMember> membersOf(String json) {
    return ContractJson.readPart(
            json.getBytes(StandardCharsets.UTF_8), EnsembleParameters.class, "default members")
        .members;
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
