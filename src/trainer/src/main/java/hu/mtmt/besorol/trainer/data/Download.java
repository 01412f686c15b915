package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Fetches files from {@code https:} addresses of allowed hosts into a temporary directory. Every
 * file is checked against its digest while it arrives; what differs is removed again.
 */
public final class Download implements AutoCloseable {
  /** The environment variable that names the allowed hosts, separated by commas. */
  public static final String ALLOWED_HOSTS = "BESOROL_ALLOWED_HOSTS";

  /** The largest file that is fetched unless told otherwise, in bytes: 16 GiB. */
  public static final long MAXIMUM_BYTES = 16L << 30;

  private static final int MAXIMUM_REDIRECTS = 5;
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final HttpClient client;
  private final Set<String> allowedHosts;
  private final long maximumBytes;
  private final Path temporary;
  private final List<Path> made = new ArrayList<>();

  /**
   * @param client must not follow redirects by itself
   * @param allowedHosts lower-case names of the hosts that may be asked
   * @param maximumBytes the largest file
   * @param temporary where files are put
   */
  public Download(HttpClient client, Set<String> allowedHosts, long maximumBytes, Path temporary) {
    this.client = client;
    this.allowedHosts = Set.copyOf(allowedHosts);
    this.maximumBytes = maximumBytes;
    this.temporary = temporary;
  }

  /** The hosts of {@value #ALLOWED_HOSTS}. */
  public static Set<String> allowedHosts(String variable) {
    return variable == null
        ? Set.of()
        : Set.copyOf(
            List.of(variable.split(",")).stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .distinct()
                .toList());
  }

  /**
   * Fetches a file.
   *
   * @param address an {@code https:} address of an allowed host
   * @param expected digest of the bytes
   * @param field field of the plan that names it, for messages
   * @throws BesorolException if the address is not allowed or the bytes are others; a server or
   *     network that fails is the machine's failure and worth another attempt
   */
  Path fetch(String address, Digest expected, String field) {
    var uri = check(address, field);
    try {
      var response = send(uri, field);
      try (var body = response.body()) {
        return store(uri, body, expected, field);
      }
    } catch (IOException e) {
      throw BesorolException.machine(
          "%s: %s cannot be fetched: %s.".formatted(field, uri, reason(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BesorolException.machine("%s: %s was not fetched in time.".formatted(field, uri), e);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private URI check(String address, String field) {
    URI uri;
    try {
      uri = URI.create(address);
    } catch (IllegalArgumentException e) {
      throw BesorolException.plan(
          "%s: '%s' is neither an absolute path nor an https: address.".formatted(field, address));
    }
    if (!"https".equals(uri.getScheme()) || uri.getHost() == null || uri.getUserInfo() != null) {
      throw BesorolException.plan(
          "%s: '%s' is neither an absolute path nor an https: address without user and password."
              .formatted(field, address));
    }
    if (!allowedHosts.contains(uri.getHost().toLowerCase(Locale.ROOT))) {
      throw BesorolException.plan(
          "%s: nothing may be fetched from %s: it is not among the allowed hosts (%s)."
              .formatted(
                  field,
                  uri.getHost(),
                  allowedHosts.isEmpty()
                      ? "there are none"
                      : String.join(", ", allowedHosts.stream().sorted().toList())));
    }
    return uri;
  }

  private HttpResponse<InputStream> send(URI uri, String field)
      throws IOException, InterruptedException {
    var target = uri;
    for (int redirects = 0; redirects <= MAXIMUM_REDIRECTS; redirects++) {
      var request = HttpRequest.newBuilder(target).timeout(TIMEOUT).GET().build();
      var response = client.send(request, BodyHandlers.ofInputStream());
      int status = response.statusCode();
      if (status == 200) {
        return response;
      }
      response.body().close();
      var location = response.headers().firstValue("Location");
      if (status / 100 != 3 || location.isEmpty()) {
        var message = "%s: %s answered %d instead of the file.".formatted(field, target, status);
        throw status / 100 == 4 && status != 408 && status != 429
            ? BesorolException.data(message)
            : BesorolException.machine(message, null);
      }
      var next = target.resolve(location.get());
      if (!"https".equals(next.getScheme())
          || !target.getHost().equalsIgnoreCase(next.getHost())
          || target.getPort() != next.getPort()) {
        throw BesorolException.plan(
            "%s: %s redirects to %s, another host: write the address of the file itself."
                .formatted(field, target, next));
      }
      target = next;
    }
    throw BesorolException.data(
        "%s: %s redirects more than %d times.".formatted(field, uri, MAXIMUM_REDIRECTS));
  }

  private Path store(URI uri, InputStream body, Digest expected, String field) throws IOException {
    var directory = Files.createTempDirectory(temporary, "besorol-");
    made.add(directory);
    var path = uri.getPath();
    var name = path.substring(path.lastIndexOf('/') + 1);
    // Formats are told by how names end, so that is kept; the prefix makes any name harmless.
    var file = directory.resolve("file-" + name);
    made.add(file);
    var digest = Digest.sha256();
    try (var out = Files.newOutputStream(file)) {
      var buffer = new byte[1 << 16];
      long total = 0;
      for (int n; (n = body.read(buffer)) > 0; ) {
        total += n;
        if (total > maximumBytes) {
          throw BesorolException.data(
              "%s: %s is larger than %d MiB.".formatted(field, uri, maximumBytes >> 20));
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    var actual = Digest.of(digest);
    if (!actual.equals(expected)) {
      throw BesorolException.data(
          "%s: the bytes of %s have the digest %s, but the plan says %s: the file was changed, or the plan names another one."
              .formatted(field, uri, actual, expected));
    }
    return file;
  }

  /** The directories of what was fetched so far. */
  List<Path> directories() {
    return made.stream().filter(Files::isDirectory).toList();
  }

  /** Removes what was fetched. */
  @Override
  public void close() {
    client.close();
    try {
      for (var path : made.reversed()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
