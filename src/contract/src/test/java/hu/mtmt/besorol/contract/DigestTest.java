package hu.mtmt.besorol.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
  /** As {@code printf abc | sha256sum} prints it: the first test vector of FIPS 180-4. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void isWhatSha256sumPrints(@TempDir Path directory) throws IOException {
    var bytes = "abc".getBytes();
    var file = Files.write(directory.resolve("f"), bytes);
    var computation = Digest.sha256();
    computation.update(bytes);

    assertThat(Digest.of(bytes)).hasToString("sha256:" + ABC);
    assertThat(Digest.of(new ByteArrayInputStream(bytes))).isEqualTo(Digest.of(bytes));
    assertThat(Digest.of(file)).isEqualTo(Digest.of(bytes));
    assertThat(Digest.of(computation)).isEqualTo(Digest.of(bytes));
    assertThat(Digest.of(bytes).hex()).isEqualTo(ABC);
    assertThat(Digest.of(bytes).abbreviated()).isEqualTo("ba7816bf8f01");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        ABC,
        "sha256:abc",
        "sha512:" + ABC,
        "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "sha256:" + ABC + "\n"
      })
  void refusesWhatIsNoWrittenDigest(String value) {
    assertThatThrownBy(() -> new Digest(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write sha256: and 64 hexadecimal digits");
  }
}
