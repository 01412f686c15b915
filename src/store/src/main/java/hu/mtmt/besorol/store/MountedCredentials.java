package hu.mtmt.besorol.store;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.S3Bucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * The keys of a mounted Secret. They are read for every request, so that a Secret that is renewed
 * is followed.
 *
 * @param directory where it is mounted
 * @param named what messages call the directory
 */
record MountedCredentials(Path directory, String named) implements AwsCredentialsProvider {
  @Override
  public AwsCredentials resolveCredentials() {
    var access = required(S3Bucket.ACCESS_KEY);
    var secret = required(S3Bucket.SECRET_KEY);
    var token = directory.resolve(S3Bucket.SESSION_TOKEN);
    return Files.exists(token)
        ? AwsSessionCredentials.create(access, secret, required(S3Bucket.SESSION_TOKEN))
        : AwsBasicCredentials.create(access, secret);
  }

  private String required(String name) {
    try {
      var value = Files.readString(directory.resolve(name)).strip();
      if (!value.isEmpty()) {
        return value;
      }
    } catch (IOException e) {
      // said below
    }
    throw BesorolException.plan(
        "The credentials in %s have no %s: write that entry into the Secret."
            .formatted(named, name));
  }
}
