package hu.mtmt.besorol.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.operator.Samples;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedHostsTest {
  private static final AllowedHosts HOSTS =
      new AllowedHosts(Set.of("data.example.org", "other.example.org:8443"));

  private static DataSource at(String uri) {
    return new DataSource(null, null, uri, Samples.TRAINING);
  }

  @ParameterizedTest
  @CsvSource({
    "https://data.example.org/a, true",
    "https://data.example.org:443/a, true",
    "https://data.example.org:8443/a, false",
    "https://other.example.org:8443/a, true",
    "https://other.example.org/a, false",
    "https://example.org/a, false",
    "https://data.example.org.evil.com/a, false"
  })
  void allowsHostsByNameAndPort(String uri, boolean allowed) {
    assertThat(HOSTS.objection(List.of(at(uri))).isEmpty()).isEqualTo(allowed);
  }

  @Test
  void tellsWhatIsAllowed() {
    assertThat(HOSTS.objection(List.of(at("https://evil.example.com/x"))))
        .contains(
            "Data may not be read from https://evil.example.com/x: put it on a volume, or have the"
                + " host added to the operator's besorol.allowed-hosts (now: data.example.org,"
                + " other.example.org:8443).");
  }
}
