package hu.mtmt.besorol.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.BucketReference;
import hu.mtmt.besorol.api.ClassifierModelSpec;
import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.api.PersistentVolumeClaimReference;
import hu.mtmt.besorol.operator.Samples;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedHostsTest {
  private static final AllowedHosts HOSTS =
      new AllowedHosts(
          Set.of("data.example.org", "other.example.org:8443"),
          Set.of("https://s3.example.org/", "http://minio.storage:9000"));

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

  private static BucketReference bucket(String endpoint) {
    return new BucketReference(endpoint, "us-east-1", "data", null);
  }

  @ParameterizedTest
  @CsvSource({
    "https://s3.example.org, true",
    "https://S3.example.org, true",
    "http://s3.example.org, false",
    "https://s3.example.org:8443, false",
    "http://minio.storage:9000, true",
    "http://minio.storage, false",
    "https://data.example.org, false"
  })
  void allowsEndpointsAsTheyAreWritten(String endpoint, boolean allowed) {
    var data = new DataSource(null, bucket(endpoint), "a.jsonl", null, Samples.TRAINING);
    assertThat(HOSTS.objection(List.of(data)).isEmpty()).isEqualTo(allowed);
    var store = new ClassifierModelSpec.Store(null, bucket(endpoint), null, null);
    assertThat(HOSTS.objection(store).isEmpty()).isEqualTo(allowed);
  }

  @Test
  void tellsWhichEndpointsAreAllowed() {
    var store = new ClassifierModelSpec.Store(null, bucket("http://evil"), null, null);
    assertThat(HOSTS.objection(store))
        .contains(
            "Packages may not be kept at http://evil: use a volume, or have the endpoint added to"
                + " the operator's besorol.allowed-s3-endpoints (now: http://minio.storage:9000,"
                + " https://s3.example.org).");
    var claim = new PersistentVolumeClaimReference("store");
    assertThat(HOSTS.objection(new ClassifierModelSpec.Store(claim, null))).isEmpty();
  }
}
