package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * Parameters of the family {@code DecisionTree}: classification trees (Breiman et al. 1984, CART)
 * on sparse features; more than one is a random forest (Breiman 2001).
 *
 * @param trees how many trees answer together; a single one learns from all documents and features
 * @param maximumDepth how deep a tree may be
 * @param minimumDocuments fewest documents of a leaf
 * @param features how text becomes a vector
 */
public record DecisionTreeParameters(
    @Default("100")
        @Min(1)
        @Max(10_000)
        @JsonPropertyDescription(
            "How many trees answer together. 1 is a single tree, more are a random forest.")
        Integer trees,
    @Default("100")
        @Min(1)
        @Max(1000)
        @JsonPropertyDescription("How many decisions there are at most from the root to a leaf.")
        Integer maximumDepth,
    @Default("1")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription("Fewest documents that a leaf has. More make smaller trees.")
        Integer minimumDocuments,
    @Default("{}") @JsonPropertyDescription("How the text of a document becomes a vector.")
        TextFeatures features)
    implements AlgorithmParameters {}
