package hu.mtmt.besorol.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.contract.BesorolException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {
  @TempDir Path directory;

  private final ApiKeys keys = new ApiKeys();

  @Test
  void letsEverybodyInWithoutKeys() {
    assertThat(keys.admit(null)).isTrue();
  }

  @Test
  void letsInWhoNamesOneOfTheKeys() throws Exception {
    keys.read(file("# of the database\n0123456789abcdef\n\n  fedcba9876543210  \n"));

    assertThat(keys.admit("0123456789abcdef")).isTrue();
    assertThat(keys.admit("fedcba9876543210")).isTrue();
    assertThat(keys.admit("0123456789abcdeg")).isFalse();
    assertThat(keys.admit("# of the database")).isFalse();
    assertThat(keys.admit("")).isFalse();
    assertThat(keys.admit(null)).isFalse();
  }

  @Test
  void refusesAFileWithoutGoodKeys() throws Exception {
    var shortKey = file("0123456789abcdef\nsecret\n");
    assertThatThrownBy(() -> keys.read(shortKey))
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining("at least 16 characters")
        .hasMessageNotContaining("secret");
    var empty = file("# none\n");
    assertThatThrownBy(() -> keys.read(empty)).isInstanceOf(BesorolException.class);
    assertThatThrownBy(() -> keys.read(directory.resolve("nothing")))
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining("mount the file");
  }

  private Path file(String content) throws Exception {
    return Files.writeString(directory.resolve("keys"), content);
  }
}
