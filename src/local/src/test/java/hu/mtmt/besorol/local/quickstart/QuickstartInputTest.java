package hu.mtmt.besorol.local.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartInputTest {
  private static final Path SAMPLE =
      KubernetesBinaries.repository().resolve("kubernetes/samples/quickstart");

  @TempDir Path directory;

  @Test
  void takesTheSampleAsItStands() {
    var input = QuickstartInput.ofSample(SAMPLE);

    assertThat(input.run().getMetadata().getName()).isEqualTo("quickstart-1");
    assertThat(input.files().keySet())
        .containsExactly("taxonomy.jsonl", "train.jsonl", "validation.jsonl", "test.jsonl");
    assertThat(input.claims())
        .extracting(c -> c.getMetadata().getName())
        .contains(input.dataClaim());
    assertThat(input.sample().title()).isNotBlank();
  }

  @Test
  void pointsTheManifestsToDataOfTheUser() throws IOException {
    write("taxonomy.jsonl", "{\"id\": \"a\", \"label\": \"A\"}");
    write("train.jsonl", "{\"id\": \"1\", \"title\": \"t\", \"subjects\": [\"a\"]}");
    var test = write("test.jsonl", "{\"id\": \"2\", \"title\": \"u\", \"subjects\": [\"a\"]}");

    var input = QuickstartInput.ofData(SAMPLE, directory);

    var holdout = (Map<?, ?>) spec(input.model()).get("holdout");
    assertThat(holdout.get("digest")).isEqualTo(Digest.of(test).value());
    assertThat(holdout.get("path")).isEqualTo("test.jsonl");
    assertThat(((Map<?, ?>) spec(input.model()).get("taxonomy")).containsKey("level")).isFalse();
    assertThat(spec(input.run())).doesNotContainKeys("validation", "activeDeadlineSeconds");
    assertThat(input.sample().title()).isEqualTo("u");
    assertThat(input.files()).containsEntry("test.jsonl", test.toAbsolutePath());
  }

  @Test
  void wantsDocumentsToJudgeOn() throws IOException {
    write("taxonomy.jsonl", "{\"id\": \"a\", \"label\": \"A\"}");
    write("train.jsonl", "{\"id\": \"1\", \"title\": \"t\", \"subjects\": [\"a\"]}");

    assertThatThrownBy(() -> QuickstartInput.ofData(SAMPLE, directory))
        .hasMessageContaining("has no test.jsonl");
  }

  @Test
  void setsAnAlgorithmWithItsDefaults() {
    var input = QuickstartInput.ofSample(SAMPLE).withAlgorithm(AlgorithmType.LINEAR);

    assertThat(spec(input.run()).get("algorithm"))
        .isEqualTo(Map.of("type", "Linear", "linear", Map.of()));
  }

  private Path write(String name, String line) throws IOException {
    return Files.writeString(directory.resolve(name), line + "\n");
  }

  private static Map<String, Object> spec(GenericKubernetesResource resource) {
    return TestBesorol.spec(resource);
  }
}
