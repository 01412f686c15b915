package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Parameters of the family {@code Bonsai}: trees whose leaves are subjects, with linear classifiers
 * that choose the way down (Prabhu et al. 2018, "Parabel"; Khandagale et al. 2020, "Bonsai"). Cost
 * grows with the logarithm of the number of subjects.
 *
 * @param partition how subjects are divided among the children of a node
 * @param branching how many children a node has at most, where subjects are clustered
 * @param balanced whether children get equally many subjects, where subjects are clustered
 * @param leafSize a node of at most so many subjects is not divided any more, where subjects are
 *     clustered; null to choose by the data
 * @param maximumDepth how deep a tree may be, where subjects are clustered
 * @param trees how many trees answer together, where subjects are clustered
 * @param beam how many nodes of a level an answer follows
 * @param loss what the linear classifiers minimise
 * @param cost as in {@link LinearParameters}
 * @param tolerance as in {@link LinearParameters}
 * @param maximumEpochs as in {@link LinearParameters}
 * @param features how text becomes a vector
 */
public record BonsaiParameters(
    @Default("Clusters")
        @JsonPropertyDescription(
            "How subjects are divided: Clusters (subjects with similar documents together) or"
                + " Taxonomy (the tree is the taxonomy's own).")
        Partition partition,
    @Default("8")
        @Min(2)
        @Max(256)
        @JsonPropertyDescription("With Clusters: how many children a node has at most.")
        Integer branching,
    @Default("false")
        @JsonPropertyDescription(
            "With Clusters: whether the children of a node get equally many subjects.")
        Boolean balanced,
    @Min(2)
        @Max(10_000)
        @JsonPropertyDescription(
            "With Clusters: a node of at most so many subjects is not divided any more. If it is"
                + " not given, 200; but data of few documents, so that subjects times documents are"
                + " at most ten million, are not divided at all.")
        Integer leafSize,
    @Default("20")
        @Min(1)
        @Max(64)
        @JsonPropertyDescription("With Clusters: how many levels a tree has at most.")
        Integer maximumDepth,
    @Default("2")
        @Min(1)
        @Max(32)
        @JsonPropertyDescription("With Clusters: how many trees answer together.")
        Integer trees,
    @Default("10")
        @Min(1)
        @Max(1000)
        @JsonPropertyDescription("How many nodes of each level an answer follows.")
        Integer beam,
    @Default("SquaredHinge")
        @JsonPropertyDescription("Loss that the classifiers of the nodes minimise, as in Linear.")
        LinearParameters.Loss loss,
    @Default("1.0")
        @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.POSITIVE, message = Rules.POSITIVE_MESSAGE)
        @JsonPropertyDescription(
            "Weight C of the training documents against the regularisation, as in Linear. A decimal"
                + " number above 0, in quotes.")
        String cost,
    @Default("0.5")
        @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.POSITIVE, message = Rules.POSITIVE_MESSAGE)
        @JsonPropertyDescription(
            "When the training of a node stops, as in Linear. A decimal number above 0, in quotes.")
        String tolerance,
    @Default("200")
        @Min(1)
        @Max(10_000)
        @JsonPropertyDescription(
            "Training of a node stops after this many passes over its documents at the latest.")
        Integer maximumEpochs,
    @Default("{}") @JsonPropertyDescription("How the text of a document becomes a vector.")
        TextFeatures features)
    implements AlgorithmParameters {

  /** How subjects are divided among the children of a node. */
  public enum Partition {
    /** By k-means over the mean vectors of the subjects' documents. */
    @JsonProperty("Clusters")
    CLUSTERS,
    /** As the taxonomy has them. */
    @JsonProperty("Taxonomy")
    TAXONOMY
  }
}
