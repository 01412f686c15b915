package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A bucket of a service that speaks the S3 protocol, and where the keys to it are; never the keys
 * themselves.
 *
 * @param endpoint address of the service: {@code https://s3.example.org} or, within a cluster,
 *     {@code http://minio.storage:9000}
 * @param region the region that requests are signed for
 * @param name the bucket's name
 * @param credentials absolute path of a directory, a mounted Secret, with the files {@value
 *     #ACCESS_KEY}, {@value #SECRET_KEY} and, of credentials that expire, {@value #SESSION_TOKEN};
 *     null for a bucket that everybody may read
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record S3Bucket(
    @Required @Size(min = 1, max = 2048) String endpoint,
    @Default(DEFAULT_REGION) @Size(min = 1, max = 64) String region,
    @Required @Size(min = 3, max = 63) String name,
    @Size(min = 1, max = 1024) String credentials) {

  /** The region of services that have none, such as MinIO. */
  public static final String DEFAULT_REGION = "us-east-1";

  /** Name of the file, and of the Secret's entry, with the access key. */
  public static final String ACCESS_KEY = "AWS_ACCESS_KEY_ID";

  /** Name of the file, and of the Secret's entry, with the secret key. */
  public static final String SECRET_KEY = "AWS_SECRET_ACCESS_KEY";

  /** Name of the file, and of the Secret's entry, with the token of credentials that expire. */
  public static final String SESSION_TOKEN = "AWS_SESSION_TOKEN";
}
