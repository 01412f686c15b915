package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import hu.mtmt.besorol.contract.Rules;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A file of subjects, as {@link DataSource}, and the level down to which they are told apart. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = FileRules.ONE_PLACE, message = FileRules.ONE_PLACE_MESSAGE)
@ValidationRule(value = FileRules.VOLUME_AND_PATH, message = FileRules.VOLUME_AND_PATH_MESSAGE)
public record TaxonomySource(
    @JsonPropertyDescription(FileRules.CLAIM_DESCRIPTION)
        PersistentVolumeClaimReference persistentVolumeClaim,
    @JsonPropertyDescription(FileRules.BUCKET_DESCRIPTION) BucketReference s3,
    @Size(min = 1, max = 1024)
        @ValidationRule(value = FileRules.PATH, message = FileRules.PATH_MESSAGE)
        @JsonPropertyDescription(FileRules.PATH_DESCRIPTION)
        String path,
    @Size(min = 1, max = 2048)
        @ValidationRule(value = FileRules.URI, message = FileRules.URI_MESSAGE)
        @JsonPropertyDescription(FileRules.URI_DESCRIPTION)
        String uri,
    @Required
        @Size(min = Rules.DIGEST_LENGTH, max = Rules.DIGEST_LENGTH)
        @ValidationRule(value = Rules.DIGEST, message = Rules.DIGEST_MESSAGE)
        @JsonPropertyDescription(FileRules.DIGEST_DESCRIPTION)
        String digest,
    @Min(1)
        @Max(32)
        @JsonPropertyDescription(
            "Subjects below this level of the taxonomy count as their ancestor on it; the roots are"
                + " level 1. Absent: every subject counts as itself.")
        Integer level) {

  /** Where the file is, without the level. */
  public DataSource source() {
    return new DataSource(persistentVolumeClaim, s3, path, uri, digest);
  }
}
