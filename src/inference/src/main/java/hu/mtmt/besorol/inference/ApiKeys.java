package hu.mtmt.besorol.inference;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/**
 * The keys that clients have to name, if there are any: without, everybody is let in. Keys are
 * compared by their digests and in the same time wherever they differ.
 */
@ApplicationScoped
public class ApiKeys {
  private static final int SHORTEST_KEY = 16;

  private volatile List<byte[]> digests = List.of();

  /**
   * Reads the keys: one a line; blank lines and lines that begin with # are left out.
   *
   * @throws BesorolException if the file cannot be read, has no key, or has one that is easily
   *     guessed
   */
  void read(Path file) {
    List<String> keys;
    try (var lines = Files.lines(file)) {
      keys = lines.map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList();
    } catch (IOException e) {
      throw BesorolException.plan(
          "The API keys cannot be read from %s (%s): mount the file, or unset BESOROL_API_KEYS_FILE."
              .formatted(file, e));
    }
    if (keys.isEmpty() || keys.stream().anyMatch(k -> k.length() < SHORTEST_KEY)) {
      throw BesorolException.plan(
          "%s must have one API key a line, each of at least %d characters."
              .formatted(file, SHORTEST_KEY));
    }
    digests = keys.stream().map(ApiKeys::digest).toList();
  }

  /** Whether a client that names {@code key} (null for none) is let in. */
  public boolean admit(String key) {
    var known = digests;
    if (known.isEmpty()) {
      return true;
    }
    var digest = digest(key == null ? "" : key);
    boolean found = false;
    for (var one : known) {
      found |= MessageDigest.isEqual(one, digest);
    }
    return found;
  }

  private static byte[] digest(String key) {
    return Digest.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
  }
}
