package hu.mtmt.besorol.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
  @TempDir Path directory;

  private void touch(String... names) throws IOException {
    for (var name : names) {
      Files.createFile(directory.resolve(name));
    }
  }

  @Test
  void findsFilesInTheirFormats() throws IOException {
    touch("taxonomy.ttl.gz", "train.jsonl.zst", "test.jsonl", "stats.json");
    var found = DataFiles.find(directory);
    assertThat(found.taxonomy().location()).isEqualTo(directory + "/taxonomy.ttl.gz");
    assertThat(found.training().location()).isEqualTo(directory + "/train.jsonl.zst");
    assertThat(found.validation()).isEmpty();
    assertThat(found.holdout().orElseThrow().location()).isEqualTo(directory + "/test.jsonl");
  }

  @Test
  void saysWhatItMissesAndWhatIsThere() throws IOException {
    touch("taxonomy.jsonl", "training.jsonl");
    assertThatThrownBy(() -> DataFiles.find(directory))
        .hasMessageContainingAll("has no train.jsonl", "It has: taxonomy.jsonl, training.jsonl.");
  }

  @Test
  void doesNotChooseBetweenTwo() throws IOException {
    touch("taxonomy.jsonl", "train.jsonl", "train.jsonl.gz");
    assertThatThrownBy(() -> DataFiles.find(directory))
        .hasMessageContaining("has train.jsonl and train.jsonl.gz: leave only one of them");
  }

  @Test
  void wantsADirectory() throws IOException {
    touch("file");
    assertThatThrownBy(() -> DataFiles.find(directory.resolve("file")))
        .hasMessageContaining("is not a directory");
  }
}
