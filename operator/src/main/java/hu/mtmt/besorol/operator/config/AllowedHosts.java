package hu.mtmt.besorol.operator.config;

import hu.mtmt.besorol.api.BucketReference;
import hu.mtmt.besorol.api.ClassifierModelSpec.Store;
import hu.mtmt.besorol.api.DataSource;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where data may be read from and packages kept beside volumes.
 *
 * @param hosts of {@code https:} addresses; an entry {@code host} allows the usual port of https
 *     only, {@code host:port} that port
 * @param endpoints of services of the S3 protocol
 */
public record AllowedHosts(Set<String> hosts, Set<String> endpoints) {
  private static final int HTTPS = 443;

  public AllowedHosts {
    hosts = Set.copyOf(hosts);
    endpoints =
        endpoints.stream()
            .map(e -> e.strip().replaceFirst("/$", "").toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Those of a configuration. */
  public static AllowedHosts of(OperatorConfig config) {
    return new AllowedHosts(
        Set.copyOf(config.allowedHosts().orElse(List.of())),
        Set.copyOf(config.allowedS3Endpoints().orElse(List.of())));
  }

  /** What to tell of the first of those sources that may not be read, or empty if all may. */
  public Optional<String> objection(List<DataSource> sources) {
    return sources.stream().map(this::objection).flatMap(Optional::stream).findFirst();
  }

  private Optional<String> objection(DataSource source) {
    if (source.s3() != null) {
      return objection(source.s3(), "Data may not be read from");
    }
    return Optional.ofNullable(source.uri())
        .filter(uri -> !allows(URI.create(uri)))
        .map(
            uri ->
                "Data may not be read from %s: put it on a volume, or have the host added to the operator's besorol.allowed-hosts (now: %s)."
                    .formatted(uri, written(hosts)));
  }

  /** What to tell of a store that may not be used, or empty if it may. */
  public Optional<String> objection(Store store) {
    return Optional.ofNullable(store.s3())
        .flatMap(s3 -> objection(s3, "Packages may not be kept at"));
  }

  private Optional<String> objection(BucketReference bucket, String what) {
    return endpoints.contains(bucket.endpoint().toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of(
            "%s %s: use a volume, or have the endpoint added to the operator's besorol.allowed-s3-endpoints (now: %s)."
                .formatted(what, bucket.endpoint(), written(endpoints)));
  }

  private static String written(Set<String> allowed) {
    return allowed.isEmpty() ? "none" : String.join(", ", allowed.stream().sorted().toList());
  }

  private boolean allows(URI uri) {
    var port = uri.getPort() == -1 ? HTTPS : uri.getPort();
    return hosts.contains(uri.getHost() + ":" + port)
        || port == HTTPS && hosts.contains(uri.getHost());
  }
}
