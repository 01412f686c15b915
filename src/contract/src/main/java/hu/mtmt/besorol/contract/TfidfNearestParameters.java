package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/**
 * Parameters of the family {@code TfidfNearest}: a subject's score is the cosine between a document
 * and the mean of the subject's documents (Rocchio 1971; what Annif calls tfidf).
 *
 * @param features how text becomes a vector
 */
public record TfidfNearestParameters(
    @Default("{}") @JsonPropertyDescription("How the text of a document becomes a vector.")
        TextFeatures features)
    implements AlgorithmParameters {}
