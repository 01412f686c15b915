package hu.mtmt.besorol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import hu.mtmt.besorol.contract.AnswerParameters;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.DecisionTreeParameters;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EnsembleParameters;
import hu.mtmt.besorol.contract.LabelMatchParameters;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.contract.TfidfNearestParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplesTest {
  private static final Path SAMPLES = Path.of("../../kubernetes/samples");
  private static final Path CORPUS = SAMPLES.resolve("quickstart");

  /** A file of the corpus, and the digest that a manifest gives for it. */
  private static final Pattern FILE_AND_DIGEST =
      Pattern.compile("(path: (\\S+)\\s+digest: )(sha256:[0-9a-f]{64})");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart/classifiermodel.yaml",
        "quickstart/trainingrun.yaml",
        "bonsai.yaml",
        "decision-tree.yaml",
        "ensemble.yaml",
        "knative.yaml",
        "label-match.yaml",
        "linear.yaml",
        "s3.yaml",
        "tfidf-nearest.yaml"
      })
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
  @ValueSource(
      strings = {
        "quickstart/trainingrun.yaml",
        "bonsai.yaml",
        "decision-tree.yaml",
        "ensemble.yaml",
        "label-match.yaml",
        "linear.yaml",
        "tfidf-nearest.yaml"
      })
  void runHasOnlyKnownFieldsAndTrainsTheModelOfTheQuickstart(String sample) throws IOException {
    var run = new YAMLMapper().treeToValue(read(sample).get("spec"), TrainingRunSpec.class);
    assertThat(run.modelRef().name())
        .isEqualTo(read("quickstart/classifiermodel.yaml").at("/metadata/name").textValue());
  }

  static Stream<Arguments> parametersByFamily() {
    return Stream.of(
        arguments("bonsai.yaml", BonsaiParameters.class),
        arguments("decision-tree.yaml", DecisionTreeParameters.class),
        arguments("ensemble.yaml", EnsembleParameters.class),
        arguments("label-match.yaml", LabelMatchParameters.class),
        arguments("linear.yaml", LinearParameters.class),
        arguments("tfidf-nearest.yaml", TfidfNearestParameters.class));
  }

  @ParameterizedTest
  @MethodSource("parametersByFamily")
  void aFamilyShowsEveryParameter(String sample, Class<? extends Record> type) throws IOException {
    var algorithm = read(sample).at("/spec/algorithm");
    var family = algorithm.get("type").textValue();
    var field = Character.toLowerCase(family.charAt(0)) + family.substring(1);
    assertThat(fieldNames(algorithm.get(field)))
        .containsExactlyInAnyOrderElementsOf(components(type));
  }

  @Test
  void featuresAndAnswersShowEveryParameterSomewhere() throws IOException {
    assertThat(fieldNames(read("linear.yaml").at("/spec/algorithm/linear/features")))
        .containsExactlyInAnyOrderElementsOf(
            components(TextFeatures.class).stream().filter(c -> !c.equals("hashing")).toList());
    assertThat(fieldNames(read("ensemble.yaml").at("/spec/algorithm/answers")))
        .containsExactlyElementsOf(components(AnswerParameters.class));
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
