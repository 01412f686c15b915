package hu.mtmt.besorol.operator.config;

import hu.mtmt.besorol.api.DataSource;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The hosts from which data may be read. An entry {@code host} allows the usual port of https only,
 * {@code host:port} that port.
 */
public record AllowedHosts(Set<String> hosts) {
  private static final int HTTPS = 443;

  public AllowedHosts {
    hosts = Set.copyOf(hosts);
  }

  /** Those of a configuration. */
  public static AllowedHosts of(OperatorConfig config) {
    return new AllowedHosts(Set.copyOf(config.allowedHosts().orElse(List.of())));
  }

  /** What to tell of the first of those sources that may not be read, or empty if all may. */
  public Optional<String> objection(List<DataSource> sources) {
    return sources.stream()
        .map(DataSource::uri)
        .filter(uri -> uri != null && !allows(URI.create(uri)))
        .findFirst()
        .map(
            uri ->
                "Data may not be read from %s: put it on a volume, or have the host added to the operator's besorol.allowed-hosts (now: %s)."
                    .formatted(
                        uri,
                        hosts.isEmpty()
                            ? "none"
                            : String.join(", ", hosts.stream().sorted().toList())));
  }

  private boolean allows(URI uri) {
    var port = uri.getPort() == -1 ? HTTPS : uri.getPort();
    return hosts.contains(uri.getHost() + ":" + port)
        || port == HTTPS && hosts.contains(uri.getHost());
  }
}
