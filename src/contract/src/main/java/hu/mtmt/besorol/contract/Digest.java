package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest, written {@code sha256:} and 64 lower-case hexadecimal digits as in OCI
 * registries. It identifies data sets, taxonomies, files of a package, and, being the digest of a
 * package's {@code model.json}, a version.
 *
 * @param value the written form
 */
public record Digest(@JsonValue String value) implements Comparable<Digest> {
  /** What a written digest looks like, for schemas. */
  public static final String PATTERN = "^sha256:[0-9a-f]{64}$";

  private static final String PREFIX = "sha256:";

  /**
   * @throws IllegalArgumentException if {@code value} is not a written SHA-256 digest
   */
  @JsonCreator
  public Digest {
    if (value == null || !value.matches(PATTERN)) {
      throw new IllegalArgumentException(
          "'"
              + value
              + "' is not a digest: write sha256: and 64 hexadecimal digits, as sha256sum prints"
              + " them");
    }
  }

  /** The digest of {@code bytes}. */
  public static Digest of(byte[] bytes) {
    return new Digest(PREFIX + HexFormat.of().formatHex(sha256().digest(bytes)));
  }

  /** The digest of everything that {@code in} still holds. */
  public static Digest of(InputStream in) throws IOException {
    var digest = sha256();
    var buffer = new byte[1 << 16];
    for (int n; (n = in.read(buffer)) > 0; ) {
      digest.update(buffer, 0, n);
    }
    return of(digest);
  }

  /** The digest of a file's bytes. */
  public static Digest of(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return of(in);
    }
  }

  /** The digest that {@code digest}, a SHA-256, has computed; it is reset. */
  public static Digest of(MessageDigest digest) {
    return new Digest(PREFIX + HexFormat.of().formatHex(digest.digest()));
  }

  /**
   * A fresh SHA-256 computation, for those who read a stream once and want its digest at the end.
   */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The 64 hexadecimal digits without the prefix. */
  public String hex() {
    return value.substring(PREFIX.length());
  }

  /**
   * The first 12 hexadecimal digits: enough for people to tell versions apart, and for names of
   * objects.
   */
  public String abbreviated() {
    return hex().substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
