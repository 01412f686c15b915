package hu.mtmt.besorol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import hu.mtmt.besorol.contract.S3Bucket;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A bucket of a service that speaks the S3 protocol. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BucketReference(
    @Required
        @Size(min = 8, max = 512)
        @ValidationRule(
            value = "self.matches('^https?://[a-zA-Z0-9.-]+(:[0-9]+)?$')",
            message =
                "write the service's address without a path, such as https://s3.example.org or"
                    + " http://minio.storage:9000")
        @JsonPropertyDescription(
            "Address of the service, which the operator's configuration must allow:"
                + " https://s3.example.org, or http://minio.storage:9000 within the cluster.")
        String endpoint,
    @Default(S3Bucket.DEFAULT_REGION)
        @Size(min = 1, max = 64)
        @ValidationRule(
            value = "self.matches('^[a-z0-9-]+$')",
            message = "write a region such as eu-central-1")
        @JsonPropertyDescription(
            "Region that requests are signed for. Services that have none take the default.")
        String region,
    @Required
        @Size(min = 3, max = 63)
        @ValidationRule(
            value = "self.matches('^[a-z0-9][a-z0-9.-]*[a-z0-9]$')",
            message =
                "write a bucket's name: lower-case letters, digits, dots and hyphens, such as"
                    + " besorol-models")
        @JsonPropertyDescription("Name of the bucket, which must be there.")
        String bucket,
    @JsonPropertyDescription(
            "Keys to the bucket. Absent: requests are not signed, which only a bucket that"
                + " everybody may read answers.")
        CredentialsReference credentials) {

  /** Where keys are; never the keys themselves. */
  public record CredentialsReference(
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription(
              "Name of a Secret in the same namespace with the entries AWS_ACCESS_KEY_ID and"
                  + " AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN if they expire.")
          String secretName) {}
}
