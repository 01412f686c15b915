package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/**
 * Parameters of the family {@code LabelMatch}: subjects whose labels occur in the text (Medelyan
 * 2009, "Maui"; MLLM of Annif).
 *
 * @param descriptions whether the words of descriptions speak for a subject too
 */
public record LabelMatchParameters(
    @Default("true")
        @JsonPropertyDescription(
            "Whether the words of a subject's description speak for it, beside its labels.")
        Boolean descriptions)
    implements AlgorithmParameters {}
