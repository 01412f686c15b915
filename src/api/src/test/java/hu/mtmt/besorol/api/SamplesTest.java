package hu.mtmt.besorol.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.TextFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplesTest {
  private static final Path SAMPLES = Path.of("../../kubernetes/samples");
  private static final Path CORPUS = SAMPLES.resolve("quickstart");

  /** A file of the corpus, and the digest that a manifest gives for it. */
  private static final Pattern FILE_AND_DIGEST =
      Pattern.compile("(path: (\\S+)\\s+digest: )(sha256:[0-9a-f]{64})");

  @ParameterizedTest
  @ValueSource(
      strings = {"quickstart/classifiermodel.yaml", "quickstart/trainingrun.yaml", "linear.yaml"})
  void digestsAreThoseOfTheFiles(String sample) throws IOException {
    var file = SAMPLES.resolve(sample);
    var written = Files.readString(file);
    var fresh = FILE_AND_DIGEST.matcher(written).replaceAll(SamplesTest::withDigestOfFile);
    if (Boolean.getBoolean("samples.update")) {
      Files.writeString(file, fresh);
    }
    assertThat(file)
        .as(
            "a digest is stale: run ./mvnw -q -pl src/api -am test -Dtest=SamplesTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dsamples.update=true and commit it")
        .hasContent(fresh);
    assertThat(written).containsPattern(FILE_AND_DIGEST);
  }

  private static String withDigestOfFile(MatchResult found) {
    try {
      return found.group(1) + Digest.of(CORPUS.resolve(found.group(2)));
    } catch (IOException e) {
      throw new AssertionError("a manifest names a file that is not there", e);
    }
  }

  @Test
  void modelHasOnlyKnownFields() throws IOException {
    var spec = read("quickstart/classifiermodel.yaml").get("spec");
    assertThat(new YAMLMapper().treeToValue(spec, ClassifierModelSpec.class).gates()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"quickstart/trainingrun.yaml", "linear.yaml"})
  void runHasOnlyKnownFieldsAndTrainsTheModelOfTheQuickstart(String sample) throws IOException {
    var run = new YAMLMapper().treeToValue(read(sample).get("spec"), TrainingRunSpec.class);
    assertThat(run.modelRef().name())
        .isEqualTo(read("quickstart/classifiermodel.yaml").at("/metadata/name").textValue());
  }

  @Test
  void linearShowsEveryParameter() throws IOException {
    var linear = read("linear.yaml").at("/spec/algorithm/linear");
    assertThat(fieldNames(linear)).containsExactlyElementsOf(components(LinearParameters.class));
    assertThat(fieldNames(linear.get("features")))
        .containsExactlyElementsOf(components(TextFeatures.class));
  }

  private static JsonNode read(String sample) throws IOException {
    return new YAMLMapper().readTree(SAMPLES.resolve(sample).toFile());
  }

  private static List<String> fieldNames(JsonNode object) {
    return object.propertyStream().map(Map.Entry::getKey).toList();
  }

  private static List<String> components(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(c -> c.getName()).toList();
  }
}
