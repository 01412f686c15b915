package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import hu.mtmt.besorol.contract.Rules;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A file of documents: JSON lines, plain or compressed with gzip or Zstandard. It lies on a volume,
 * in a bucket or behind an {@code https:} address, and its digest pins it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = FileRules.ONE_PLACE, message = FileRules.ONE_PLACE_MESSAGE)
@ValidationRule(value = FileRules.VOLUME_AND_PATH, message = FileRules.VOLUME_AND_PATH_MESSAGE)
public record DataSource(
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
        String digest) {
  /** A file on a volume or behind an address. */
  public DataSource(
      PersistentVolumeClaimReference persistentVolumeClaim,
      String path,
      String uri,
      String digest) {
    this(persistentVolumeClaim, null, path, uri, digest);
  }
}
